"""Pictures in folders NORMAL and PNEUMONIA on the page of the own hospital: what is read, told and left out."""

import io
import re
import zipfile

from cxr_models import batch, patients, zoo
from tests.conftest import FIXTURES
from tests.hostile.cases import file_of, of_kind, right_answers
from tests.pages.own_hospital_page import analysed, analysis, results, said, widget
from ui.words import literal


def uploaded(open_page, name: str, data: bytes, whose: str | None = "none"):
    """The page with the files uploaded and, where there is a choice of patients and one is given, read."""
    page = open_page("own_hospital")
    page.segmented_control(key="own_give").set_value("pictures").run()
    page.file_uploader(key="own_zip").upload(name, data).run()
    if whose and any(button.key == "own_analyse" for button in page.button):
        widget(page, "Which X-rays").set_value(whose).run()
        analysed(page)
    assert not page.exception
    return page


def test_pictures_in_two_folders_are_read_into_a_table(open_page):
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as opened:
        for place, path in enumerate(sorted(FIXTURES.glob("*.jpeg")) * 2):
            folder = "NORMAL" if path.name.startswith("IM-") else "Pneumonia"
            opened.writestr(f"set/{folder}/{place}_{path.name}", path.read_bytes())
        opened.writestr("set/NORMAL/broken.jpeg", b"\xff\xd8nothing")
    page = uploaded(open_page, "set.zip", archive.getvalue())
    assert "Of 7 files 1 could not be read" in said(page)
    assert list(analysis(page)) == [zoo.spec(name).title for name in zoo.COMPARED]


def test_hostile_pictures_are_listed_with_their_reasons_and_the_rest_is_analysed(open_page, hostile):
    refused = [file_of(case) for case in of_kind("picture") if right_answers(case) == ["refuse"]]
    assert len(refused) > 20
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as opened:
        for place, path in enumerate(sorted(FIXTURES.glob("*.jpeg")) * 2):
            folder = "NORMAL" if path.name.startswith("IM-") else "PNEUMONIA"
            opened.writestr(f"{folder}/{place}_{path.name}", path.read_bytes())
        for place, file in enumerate(refused):
            opened.writestr(f"{('NORMAL', 'PNEUMONIA')[place % 2]}/{file}", (hostile / file).read_bytes())
    page = uploaded(open_page, "set.zip", archive.getvalue())
    assert f"Of {len(refused) + 6} files {len(refused)} could not be read" in said(page)
    listed = page.table[0].value
    assert len(listed) == len(refused)
    for file in refused:
        (why,) = listed[listed["File"].str.endswith(literal(file))]["Why"]
        assert re.fullmatch(r"[A-Z][^\n]*\.", why) and "Error" not in why
    assert list(analysis(page)) == [zoo.spec(name).title for name in zoo.COMPARED]


def test_a_picture_read_with_a_warning_is_listed_and_stays(open_page, monkeypatch):
    def read(number: int, source) -> batch.Row:
        logits = {name: (-1) ** number * (number % 5 - 1.5) for name in zoo.COMPARED}
        return batch.Row(number, source.name, warnings=("It lies on its side.",) if number == 3 else (), logits=logits)

    monkeypatch.setattr(batch, "read", read)
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as opened:
        for place in range(40):
            opened.writestr(f"{('NORMAL', 'PNEUMONIA')[place % 2]}/child{place}.png", b"pixels")
    page = uploaded(open_page, "set.zip", archive.getvalue())
    assert "Of 40 files 1 gave a warning. They are read and counted." in said(page)
    (listed,) = page.table[0].value.itertuples()
    assert (listed.File, listed.Why) == (literal("set.zip/NORMAL/child2.png"), "It lies on its side.")
    assert "40 X-rays, each of another patient, 20 with and 20 without" in said(page)
    assert "could not be read" not in said(page)


def test_pictures_without_a_class_folder_get_a_sentence(open_page):
    path = next(FIXTURES.glob("*.jpeg"))
    page = uploaded(open_page, path.name, path.read_bytes())
    assert "two folders" in said(page) and "1 file lies in neither folder" in said(page)


def test_a_damaged_archive_says_so_and_not_only_what_folders_are_wanted(open_page):
    page = uploaded(open_page, "ward.zip", b"PK\x03\x04 no more")
    assert "ward.zip: This archive is damaged." in said(page).replace("\\", "")


def test_what_is_too_much_or_in_neither_folder_is_counted_beside_the_analysis(open_page, monkeypatch):
    def read(number: int, source) -> batch.Row:
        return batch.Row(number, source.name, logits={name: (-1) ** number * (number % 5) for name in zoo.COMPARED})

    monkeypatch.setattr(batch, "read", read)
    monkeypatch.setattr("cxr_models.archive.MAX_FILES", 42)
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as opened:
        for name in ("a.png", "b.png"):
            opened.writestr(name, b"pixels")
        for place in range(50):
            opened.writestr(f"{('NORMAL', 'PNEUMONIA')[place % 2]}/child{place}.png", b"pixels")
    page = uploaded(open_page, "set.zip", archive.getvalue())
    words = said(page).replace("\\", "")
    assert "10 more files: Not read: at most 42 files" in words and "2 files lie in neither folder" in words
    assert "40 X-rays, each of another patient" in words


def packed(names: list[str]) -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as opened:
        for name in names:
            opened.writestr(name, name.encode())
    return archive.getvalue()


def fake_reading(monkeypatch) -> list[str]:
    """Every file is read into made-up logits; the names of those that were."""
    read = []

    def row(number: int, source) -> batch.Row:
        read.append(source.name)
        logits = {name: (-1) ** number * (number % 5 - 1.5) for name in zoo.COMPARED}
        return batch.Row(number, source.name, logits=logits, read_by=batch.asked())

    monkeypatch.setattr(batch, "read", row)
    return read


FOLDERS = ("NORMAL", "PNEUMONIA")
CAMERA = [f"{FOLDERS[place % 2]}/IMG_{place:04d}.jpeg" for place in range(62)]
CHEXPERT = [f"{FOLDERS[place % 2]}/patient{place // 4:05d}/study{place}/view1_frontal.jpg" for place in range(40)]


def test_names_that_hold_no_patient_are_doubted_and_asked_about_before_anything_is_read(open_page, monkeypatch):
    read = fake_reading(monkeypatch)
    page = uploaded(open_page, "img.zip", packed(CAMERA), None)
    choice = widget(page, "Which X-rays")
    assert choice.value is None and page.button(key="own_analyse").disabled and not read
    offered = " ".join((*choice.options, *choice.proto.captions)).replace("\\", "")
    assert (
        "62 X-rays, 1 patient" in offered and "IMG_0000.jpeg → IMG" in offered and "not look like a patient" in offered
    )
    choice.set_value("none").run()
    assert "62 X-rays, each of another patient" in said(analysed(page)) and len(read) == 62


def test_a_folder_that_is_a_patient_is_proposed(open_page, monkeypatch):
    fake_reading(monkeypatch)
    page = uploaded(open_page, "chexpert.zip", packed(CHEXPERT), None)
    assert "40 X-rays, 10 patients" in widget(page, "Which X-rays").options[0]
    assert "40 X-rays of 10 patients" in said(analysed(page))


def test_read_images_survive_another_page_and_another_rule_for_patients(open_page, monkeypatch):
    read = fake_reading(monkeypatch)
    page = uploaded(open_page, "chexpert.zip", packed(CHEXPERT), "none")
    page.switch_page("pages/about.py").run()
    page.switch_page("pages/own_hospital.py").run()
    assert results(page) and "Your 40 X-rays are still here" in said(page)
    widget(page, "Which X-rays").set_value(str(patients.propose(CHEXPERT)[0].rule)).run()
    assert "40 X-rays of 10 patients" in said(analysed(page)) and len(read) == 40
