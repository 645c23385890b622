import shutil

import numpy as np
import pytest
from PIL import Image

from cxr_models.errors import DatasetRefused
from train import kermany


@pytest.fixture
def data(tiny_data, tmp_path):
    """A copy that a test may spoil."""
    return shutil.copytree(tiny_data, tmp_path / "chest_xray")


def counts(folder: kermany.Folder) -> dict:
    return folder.rows.groupby(["folder", "label"]).size().to_dict()


EXPECTED = {("train", 0): 16, ("train", 1): 16, ("val", 0): 4, ("val", 1): 4, ("test", 0): 4, ("test", 1): 4}


def test_a_clean_folder(data):
    folder = kermany.read(data)
    assert counts(folder) == EXPECTED and folder.notes == ()
    assert set(folder.rows["subtype"]) == {"normal", "bacteria", "virus"}


def test_rubbish_beside_the_pictures_is_passed_over(data):
    (data / "train" / ".DS_Store").write_bytes(b"\0")
    (data / "train" / "NORMAL" / "Thumbs.db").write_bytes(b"\0")
    (data / "train" / "NORMAL" / "._IM-0001-0001.jpeg").write_bytes(b"\0")
    (data / "train" / ".ipynb_checkpoints").mkdir()
    (data / "__MACOSX").mkdir()
    assert counts(kermany.read(data)) == EXPECTED


@pytest.mark.parametrize("levels", [1, 2])
def test_nested_folders_count_once(data, levels):
    outer = data.parent / "download"
    shutil.copytree(data, outer / "/".join(["chest_xray"] * levels))
    assert counts(kermany.read(outer)) == EXPECTED


def test_a_folder_beside_its_own_copy_counts_once(data):
    shutil.copytree(data / "train", data / "chest_xray" / "train")
    shutil.copytree(data / "test", data / "chest_xray" / "test")
    assert counts(kermany.read(data)) == EXPECTED


def test_upper_case_endings_and_lower_case_classes(data):
    for path in (data / "train" / "NORMAL").iterdir():
        path.rename(path.with_suffix(".JPEG"))
    (data / "train" / "PNEUMONIA").rename(data / "train" / "pneumonia")
    assert counts(kermany.read(data)) == EXPECTED


def test_colour_files_are_read_as_grey(data):
    path = next((data / "train" / "NORMAL").iterdir())
    grey = Image.open(path).copy()
    before = kermany.read(data).rows
    grey.convert("RGB").save(path, quality=100)
    after = kermany.read(data).rows
    assert len(after) == len(before)


def test_a_missing_val_is_noted(data):
    shutil.rmtree(data / "val")
    folder = kermany.read(data)
    assert any("val/" in note for note in folder.notes)
    assert {name for name, _ in counts(folder)} == {"train", "test"}


def test_broken_files_are_counted_and_named(data):
    broken = sorted((data / "train" / "NORMAL").iterdir())[:2]
    broken[0].write_bytes(b"")
    broken[1].write_bytes(broken[1].read_bytes()[:300])
    folder = kermany.read(data)
    (note,) = folder.notes
    assert note.startswith("2 files") and all(path.name in note for path in broken)
    assert counts(folder)[("train", 0)] == 14


def test_training_pictures_that_are_also_in_test_are_left_out(data):
    leaked = sorted((data / "train" / "NORMAL").iterdir())[0]
    shutil.copy(leaked, data / "test" / "PNEUMONIA" / "person99_virus_1.jpeg")
    folder = kermany.read(data)
    assert leaked.name not in set(folder.rows["file"])
    assert any("same as a test image" in note and leaked.name in note for note in folder.notes)


def test_patients_on_both_sides_and_copies_are_told(data):
    names = sorted(p.name for p in (data / "test" / "PNEUMONIA").iterdir())
    noise = np.random.default_rng(5).integers(0, 255, (64, 64)).astype(np.uint8)
    patient = names[0].split("_")[0]
    for number in (1, 2):
        Image.fromarray(noise).save(data / "train" / "PNEUMONIA" / f"{patient}_virus_900{number}.jpeg")
    notes = " ".join(kermany.read(data).notes)
    assert "1 pictures are exact copies" in notes and "1 patient numbers occur in train and in test" in notes


REFUSALS = {
    "no such folder": lambda d: shutil.rmtree(d),
    "something else": lambda d: [shutil.rmtree(d / n) for n in ("train", "test")],
    "test/NORMAL is empty": lambda d: [p.unlink() for p in (d / "test" / "NORMAL").iterdir()],
    "train/ has no PNEUMONIA": lambda d: shutil.rmtree(d / "train" / "PNEUMONIA"),
    "not known: COVID": lambda d: (d / "train" / "COVID").mkdir(),
}


@pytest.mark.parametrize("case", REFUSALS)
def test_a_wrong_folder_gets_one_sentence_of_what_is_expected(data, case):
    REFUSALS[case](data)
    with pytest.raises(DatasetRefused, match="Expected is Kaggle's chest_xray folder") as refusal:
        kermany.read(data)
    if case not in ("no such folder", "something else"):
        assert case in str(refusal.value)


@pytest.mark.parametrize(
    "file, label, expected",
    [
        ("person1_virus_6.jpeg", 1, "virus"),
        ("person1000_bacteria_2931.jpeg", 1, "bacteria"),
        ("NORMAL2-IM-0383-0001.jpeg", 0, "normal"),
        ("x17.png", 1, "unknown"),
    ],
)
def test_subtype_from_the_file_name(file, label, expected):
    assert kermany.subtype(file, label) == expected
