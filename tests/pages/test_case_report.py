"""The case report: of the picture on screen, with its verdicts, and with no name but the typed one."""

import hashlib
from io import BytesIO

import numpy as np
import streamlit as st
from pypdf import PdfReader

from cxr_models import imaging, inference, zoo
from cxr_models.verdict import judge
from handout import pdf
from tests.cxr_models.dicom_files import made, saved
from tests.pages.xray_page import upload
from ui import case_report, picture
from ui.state import balanced


def test_the_case_report_holds_the_verdicts_and_no_name_but_the_typed_one(open_page, samples, monkeypatch):
    written, write = [], pdf.write
    monkeypatch.setattr("ui.case_report.pdf.write", lambda report: written.append(write(report)) or written[-1])
    # A pneumonia: an empty map prints as the picture itself, and the PDF would hold that only once.
    *_, data = samples.values()
    page = upload(open_page("xray"), ("Smith_John.jpeg", data))
    page.text_input(key=f"label_{hashlib.sha256(data).hexdigest()}").set_value("Case 7 <b>").run()
    page.button(key="make_report").click().run()
    assert not page.exception
    page.run()
    assert page.get("download_button")
    (report,) = written
    reader = PdfReader(BytesIO(report))
    words = " ".join(" ".join(sheet.extract_text() for sheet in reader.pages).split())
    assert "Case 7 <b>" in words and "Research use. Not a medical device." in words
    assert "Smith" not in words + str(reader.metadata) and "Smith" not in report.decode("latin-1")
    assert sum(len(sheet.images) for sheet in reader.pages) == 1 + len(zoo.COMPARED)
    assert hashlib.sha256(data).hexdigest() in words.replace(" ", "")
    pixels = imaging.pixels(imaging.decode(data))
    for model in zoo.COMPARED:
        assert judge(inference.read(pixels, model).score, balanced(model)).score_words in words


def test_a_name_that_the_report_s_letters_lack_is_refused_and_not_printed_as_boxes(open_page, samples):
    page = open_page("xray")
    name, data = next(iter(samples.items()))
    page.button(key=name).click().run()
    page.text_input(key=f"label_{hashlib.sha256(data).hexdigest()}").set_value("Björn Ω 张伟张").run()
    assert "cannot print these letters: 张伟." in page.error[0].value
    assert "make_report" not in [button.key for button in page.button]


def test_the_name_of_one_child_does_not_stay_for_the_next(open_page, samples, monkeypatch):
    reports = []
    monkeypatch.setattr("ui.case_report.pdf.write", lambda report: reports.append(report) or b"")
    (first, one), (second, two), *_ = samples.items()
    page = upload(open_page("xray"), (first, one), (second, two))
    page.text_input(key=f"label_{hashlib.sha256(one).hexdigest()}").set_value("Anna").run()
    page.button(key="make_report").click().run()
    page.selectbox(key="picked").set_value(2).run()
    assert page.text_input(key=f"label_{hashlib.sha256(two).hexdigest()}").value == ""
    page.button(key="make_report").click().run()
    assert ["Anna" in str(report) for report in reports] == [True, False]


def test_a_report_is_of_the_picture_on_screen_also_by_a_button_left_from_the_one_before(
    open_page, samples, monkeypatch
):
    reports = []
    monkeypatch.setattr("ui.case_report.pdf.write", lambda report: reports.append(report) or b"")
    (first, one), (second, two), *_ = samples.items()
    page = upload(open_page("xray"), (first, one), (second, two))
    sha256 = hashlib.sha256(two).hexdigest()
    # As after a run that was cut short before it drew the button anew.
    page.session_state.shown = picture.Given(second, two, sha256, number=2)
    page.button(key="make_report").click().run()
    assert [sha256 in str(report) for report in reports] == [True]


def test_the_report_of_a_dicom_tells_what_the_file_says_apart_from_warnings(open_page, samples, monkeypatch):
    reports = []
    monkeypatch.setattr("ui.case_report.pdf.write", lambda report: reports.append(report) or b"")
    *_, data = samples.values()
    grey = (imaging.decode(data).grey * 255).round().astype(np.uint8)
    page = upload(open_page("xray"), ("a.dcm", saved(made(grey))))
    page.button(key="make_report").click().run()
    assert not page.exception
    sections = {section.heading: str(section.blocks) for section in reports[0].sections}
    assert case_report.NO_WARNING in sections["Warnings"] and "DICOM" not in sections["Warnings"]
    assert "The file: DICOM" in sections["What was read, and by which networks"]


def test_a_report_is_made_also_when_the_run_that_makes_it_is_cut_short(open_page, samples, monkeypatch):
    runs, write = [], pdf.write

    def cut_short_once(report):
        runs.append(report)
        if len(runs) == 1:
            st.rerun()
        return write(report)

    monkeypatch.setattr("ui.case_report.pdf.write", cut_short_once)
    page = open_page("xray")
    page.button(key=next(iter(samples))).click().run()
    page.button(key="make_report").click().run()
    assert page.get("download_button") and len(runs) == 2
    page.run()
    assert len(runs) == 2
