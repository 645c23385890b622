"""Who the patient is and what a visitor's files are called: in that visitor's own table and CSV, and nowhere else."""

import io
import logging
import pickle

import numpy as np
from PIL import Image
from pypdf import PdfReader
from streamlit.runtime.caching import cache_data_api, cache_resource_api

from cxr_models.batch import to_csv
from handout import pdf
from tests.cxr_models.dicom_files import made, saved
from ui import batch_table, case_report

PATIENT, NUMBER = "ZWIEBEL^ANNA", "MRN-7731-0042"
FILES = ("Zwiebel_Anna.dcm", "Zwiebel_Anna_broken.png")
SECRETS = (PATIENT, NUMBER, "Zwiebel")


def found(text: str) -> list[str]:
    return [secret for secret in SECRETS if secret.lower() in text.lower()]


def shared() -> str:
    """All that the server keeps for every visitor, as text; keys included."""
    kept = []
    for cache in cache_data_api._data_caches._function_caches.get(None, {}).values():
        kept += [*cache.storage._mem_cache.keys(), *map(bytes, cache.storage._mem_cache.values())]
    for cache in cache_resource_api._resource_caches._function_caches.get(None, {}).values():
        kept += [*cache._mem_cache.keys(), *(pickle.dumps(it) for it in cache._mem_cache.values())]
    return "\n".join(it if isinstance(it, str) else it.decode("latin-1") for it in kept)


def shown(page) -> str:
    elements = (*page.markdown, *page.caption, *page.error, *page.warning, *page.info, *page.selectbox)
    told = [str(element.value) for element in elements] + [str(box.options) for box in page.selectbox]
    return "\n".join([*told, *(frame.value.to_string() for frame in page.dataframe)])


def test_names_stay_with_their_visitor(open_page, samples, monkeypatch, caplog):
    caplog.set_level(logging.DEBUG)
    csvs, reports, write = [], [], pdf.write
    monkeypatch.setattr(batch_table.batch, "to_csv", lambda *of, **more: csvs.append(to_csv(*of, **more)) or "")
    monkeypatch.setattr(case_report.pdf, "write", lambda report: reports.append(write(report)) or reports[-1])
    (name, data), (other, _), *_ = samples.items()
    with Image.open(io.BytesIO(data)) as image:
        grey = np.asarray(image.convert("L").resize((500, 400)))
    patient = {"PatientName": PATIENT, "PatientID": NUMBER, "InstitutionName": PATIENT, "StudyDescription": PATIENT}
    files = [(FILES[0], saved(made(grey, **patient)), ""), (FILES[1], b"no picture", "")]

    first = open_page("xray")
    first.file_uploader(key="files").set_value(files).run()
    first.button(key="make_report").click().run()
    assert not first.exception and "Your file Zwiebel" in shown(first).replace("\\", "")
    assert all(file in csvs[-1] for file in FILES) and not any(it in csvs[-1] for it in (PATIENT, NUMBER))
    assert PATIENT not in shown(first) and NUMBER not in shown(first)
    (report,) = reports
    reader = PdfReader(io.BytesIO(report))
    printed = " ".join(sheet.extract_text() for sheet in reader.pages) + str(reader.metadata)
    assert found(printed) == [] == found(report.decode("latin-1"))

    csvs.clear()
    second = open_page("xray")
    second.file_uploader(key="files").set_value([(name, data, ""), (other, b"no picture", "")]).run()
    assert name in csvs[-1] and found("".join(csvs)) == [] == found(shown(second))
    assert found(repr(first.session_state)) and found(repr(second.session_state)) == []
    kept = shared()
    assert len(kept) > 1000 and found(kept) == []
    assert found(caplog.text) == []


def test_a_name_in_a_shared_cache_would_be_found(open_page):
    from ui import cached

    open_page("about")
    assert "base_cnn" in shared()
    cached._metadata.clear()
