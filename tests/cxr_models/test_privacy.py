"""Nothing of an upload touches the disk, and who the patient is leaves the file nowhere."""

import io
import json
import logging
import os
import sys
import traceback

import numpy as np
import pytest
from PIL import Image

from cxr_models import imaging
from cxr_models.__main__ import answers, line
from cxr_models.errors import PictureRefused
from tests.cxr_models.test_imaging_dicom import lut, made, saved

NAME, NUMBER, BORN, VISIT = "ZWIEBEL^ANNA", "MRN-7731-0042", "20210412", "ACC-55512"
SECRETS = (NAME, "ZWIEBEL", NUMBER, BORN, VISIT)
IDENTITY = {
    "PatientName": NAME,
    "PatientID": NUMBER,
    "PatientBirthDate": BORN,
    "AccessionNumber": VISIT,
    "ReferringPhysicianName": NAME,
    "InstitutionName": NAME,
    "StudyDescription": f"{NAME} chest",
    "StudyDate": BORN,
}


@pytest.fixture(scope="module")
def grey() -> np.ndarray:
    return np.random.default_rng(0).integers(0, 255, (60, 80)).astype(np.uint8)


def files(grey: np.ndarray) -> dict[str, bytes]:
    """Files whose readers have something to complain of, with the patient where they would quote it."""
    exif = Image.Exif()
    exif[0x010E], exif[0x013B] = NAME, NUMBER
    buffer = io.BytesIO()
    Image.fromarray(grey).save(buffer, "JPEG", exif=exif, comment=NAME.encode())
    whole = saved(made(grey, **IDENTITY))
    wrong = made(grey, **IDENTITY, BodyPartExamined=NAME[:12], ViewPosition=NAME[:12], Modality="DX")
    short = made(grey, **IDENTITY)
    short.PixelData = short.PixelData[:1000]
    odd = whole.replace(b"DA\x08\x00" + BORN.encode(), b"DA\x08\x00" + NAME[:8].encode())
    return {
        "whole": whole,
        "names in other places": saved(wrong),
        "too few pixels": saved(short),
        "too many pixels": saved(made(grey, **IDENTITY, PixelData=grey.tobytes() * 2)),
        "a name for a date": odd,
        "a name for an age": whole.replace(b"004Y", b"ZWIE"),
        "an unknown alphabet": saved(made(grey, **IDENTITY, SpecificCharacterSet="ISO_IR 100")).replace(
            b"ISO_IR 100", b"ISO_IR 999"
        ),
        "a name for a photometric": saved(made(grey, **IDENTITY)).replace(b"MONOCHROME2", b"ZWIEBEL^ANN"),
        "a damaged table": saved(made(grey, **IDENTITY, VOILUTSequence=lut(np.arange(3), 0, 12))),
        "cut in the header": whole[:700],
        "cut in the pixels": whole[:-900],
        "jpeg": buffer.getvalue(),
        "jpeg, cut": buffer.getvalue()[:-900],
        "text": f"{NAME},{NUMBER},{BORN}\n".encode() * 20,
    }


KINDS = list(files(np.zeros((60, 80), np.uint8)))


@pytest.fixture(params=KINDS)
def upload(request, grey) -> bytes:
    return files(grey)[request.param]


class Writes:
    """Paths opened for writing, made, moved or sent to another program while `on`."""

    def __init__(self) -> None:
        self.on, self.seen = False, []
        sys.addaudithook(self._hear)

    def _hear(self, event: str, arguments: tuple) -> None:
        if not self.on:
            return
        if event == "open":
            path, mode, flags = arguments
            if (isinstance(mode, str) and set(mode) & set("wax+")) or (flags or 0) & (os.O_WRONLY | os.O_RDWR):
                self.seen.append(path)
        elif event in ("os.mkdir", "os.rename", "shutil.copyfile", "subprocess.Popen", "os.system", "tempfile.mkstemp"):
            self.seen.append((event, arguments))


@pytest.fixture(scope="module")
def writes() -> Writes:
    return Writes()


def test_the_hook_hears_a_write(writes, tmp_path):
    writes.seen, writes.on = [], True
    (tmp_path / "a").write_bytes(b"x")
    writes.on = False
    assert writes.seen == [str(tmp_path / "a")]


def test_nothing_is_written_nothing_is_said(upload, writes, capfd, caplog, tmp_path):
    """Python's files by the audit hook, a decoder's own by a look into the temporary folder; every log at its lowest
    level, and what C code prints."""
    caplog.set_level(logging.DEBUG)
    before = set(os.listdir(os.path.dirname(tmp_path)))
    writes.seen, writes.on = [], True
    try:
        picture = imaging.decode(upload)
        said = " ".join((*picture.notes, *picture.facts))
    except PictureRefused as refusal:
        said = "".join(traceback.format_exception(refusal))
    finally:
        writes.on = False
    assert writes.seen == [] and set(os.listdir(os.path.dirname(tmp_path))) == before
    printed = capfd.readouterr()
    assert printed.out == printed.err == ""
    heard = said + caplog.text
    assert [secret for secret in SECRETS if secret in heard] == []


def test_a_picture_keeps_nothing_but_grey_and_our_words(grey):
    picture = imaging.decode(files(grey)["whole"])
    kept = json.dumps({name: value for name, value in vars(picture).items() if name != "grey"})
    assert [secret for secret in SECRETS if secret in kept] == []


def test_the_patients_elements_are_never_read(grey, monkeypatch):
    """They are stepped over in the file, so that no message, cache or crash can hold them."""
    from cxr_models.imaging import dicom

    dataset, _ = dicom._dataset(files(grey)["whole"])
    found = {element.keyword for element in dataset}
    assert found <= {*dicom.KEYWORDS, "SpecificCharacterSet"} and not found & set(IDENTITY)


def test_the_terminals_answer_holds_the_name_of_the_file_and_nothing_of_it(upload, tmp_path):
    path = tmp_path / "scan"
    path.write_bytes(upload)
    (answer,) = answers(path)
    said = json.dumps(answer) + line(answer)
    assert [secret for secret in SECRETS if secret in said] == []
