"""Training folders as people have them: other endings, other names, too few patients."""

import os
import shlex
import shutil
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
import torch
from lightning_fabric import Fabric
from PIL import Image
from torch import nn

from cxr_models.errors import DatasetRefused
from cxr_models.paths import ROOT
from tests.cxr_models.dicom_files import made, saved
from train import engine, fit, kermany, pictures, splits

PATIENTS = 20  # of each class in train/, besides 4 in test/


def picture(number: int) -> Image.Image:
    """Noise, with a bright patch in every second one."""
    grey = np.random.default_rng(number).normal(110, 25, (64, 64))
    if number % 2:
        grey[20:44, 8:30] += 90
    return Image.fromarray(grey.clip(0, 255).astype(np.uint8))


def write(root, names: dict[str, list[str]]):
    """A folder of images; names: class -> file names in train/, with {} for the patient."""
    number = 0
    for folder, patients in (("train", range(PATIENTS)), ("test", range(100, 104))):
        for label, (kind, patterns) in enumerate(names.items()):
            for patient in patients:
                for pattern in patterns:
                    number += 2
                    path = root / folder / kind / pattern.format(patient)
                    path.parent.mkdir(parents=True, exist_ok=True)
                    picture(number + label).save(path, format="PNG")
    return root


def siblings(table: pd.DataFrame, key: pd.Series) -> bool:
    """Whether some patient is on more than one side."""
    return bool((table.groupby(key)["split"].nunique() > 1).any())


def run(monkeypatch, module, *arguments) -> None:
    monkeypatch.setattr("sys.argv", [module.__file__, *map(str, arguments)])
    module.main()


@pytest.fixture
def cut(tmp_path, monkeypatch):
    """Runs the command on a folder and returns the table it wrote."""

    def _cut(data, *options) -> pd.DataFrame:
        path = tmp_path / "splits.csv"
        run(monkeypatch, splits, "--data", data, "--splits", path, *options)
        return pd.read_csv(path, keep_default_na=False)

    return _cut


def test_a_folder_with_a_space_in_its_path(tiny_data, tmp_path, cut):
    table = cut(shutil.copytree(tiny_data, tmp_path / "my X-rays" / "chest_xray"))
    assert len(table) == 48


@pytest.mark.skipif(not shutil.which("make"), reason="make is not installed")
@pytest.mark.parametrize("quick", ["", "1"])
def test_make_takes_a_path_with_a_space(quick):
    paths = ["DATA=my X-rays/chest_xray", "ADULTS=nih adult", "WEIGHTS=my weights"]
    command = ["make", "--dry-run", "train", f"QUICK={quick}", *paths]
    lines = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    given = [shlex.split(line.rstrip("\\; ")) for line in lines if "-m train." in line and "--data" in line]
    assert len(given) > 12
    assert {words[words.index("--data") + 1] for words in given} == {"my X-rays/chest_xray", "nih adult"}
    assert all("--epochs" in words for words in given if "train.fit" in words) == bool(quick)


def test_content_counts_and_not_the_ending_and_every_left_out_file_is_told(tiny_data, tmp_path):
    data = shutil.copytree(tiny_data, tmp_path / "chest_xray")
    place = data / "train" / "NORMAL"
    first, second, third, fourth, fifth, *_ = sorted(place.iterdir())
    first.rename(first.with_suffix(".jfif"))
    second.rename(second.with_suffix(".JPE"))
    (place / "more" / "deep").mkdir(parents=True)
    third.rename(place / "more" / "deep" / third.name)
    for path, name in ((fourth, "IM-9001-0001.dcm"), (fifth, "IM-9002-0001")):
        (place / name).write_bytes(saved(made(np.asarray(Image.open(path)))))
        path.unlink()
    (place / "Thumbs.db").write_bytes(b"\xd0\xcf\x11\xe0")
    (place / "Icon\r").write_bytes(b"")
    (place / "list.csv").write_text("file,label")
    (data / "readme.txt").write_text("About these X-rays.")
    folder = kermany.read(data)
    assert (folder.rows.query("folder == 'train'")["label"] == 0).sum() == 16
    told = " ".join(folder.notes)
    assert "1 files cannot be read" in told and "train/NORMAL/list.csv (" in told
    assert "2 files of the operating system" in told and "Thumbs.db" in told and "Icon" in told
    assert "1 files outside the class folders are left out: readme.txt" in told


def test_names_that_occur_twice_become_paths(tmp_path, cut):
    data = write(tmp_path / "data", {"NORMAL": ["{}.jpeg"], "PNEUMONIA": ["{}.jpeg"]})
    table = cut(data)
    assert table["file"].is_unique and "train/NORMAL/1.jpeg" in set(table["file"])
    assert set(pictures.read(data, table.head(3)).rows["file"]) <= set(table["file"])


OWN_NAMES = {
    "letter": (["p{:03}_a.png", "p{:03}_b.png"], lambda file: file.str.extract(r"(\d{3})_")[0]),
    "study folders": (
        ["patient{:05}/study1/view1_frontal.png", "patient{:05}/study2/view1_frontal.png"],
        lambda file: file.str.extract(r"(patient\d+)")[0],
    ),
    "folder of a patient": (["{:04}/a.png", "{:04}/b.png"], lambda file: file.str.extract(r"/(\d{4})/")[0]),
    "NIH": (["0000{:04}_000.png", "0000{:04}_001.png"], lambda file: file.str.extract(r"(\d{8})_")[0]),
}


@pytest.mark.parametrize("case", OWN_NAMES)
def test_siblings_are_on_one_side(case, tmp_path, cut, capsys):
    patterns, patient = OWN_NAMES[case]
    ill = [pattern.replace("{:", "9{:") for pattern in patterns]
    if case == "NIH":  # eight digits
        ill = ["1000{:04}_000.png", "1000{:04}_001.png"]
    table = cut(write(tmp_path / "data", {"NORMAL": patterns, "PNEUMONIA": ill}))
    assert not siblings(table, table["label"].astype(str) + patient(table["file"]))
    assert table.query("split != 'test'").groupby("label")["patient"].nunique().tolist() == [PATIENTS, PATIENTS]
    assert "proposed rule" in capsys.readouterr().out
    alone = cut(tmp_path / "data", "--patients", "none")
    assert alone["patient"].nunique() == len(alone), "the option is heard"


def test_siblings_among_published_names_are_on_one_side(tmp_path, cut):
    """Kaggle's own names beside those of another source."""
    names = {
        "NORMAL": ["IM-{:04}-0001.png", "q{:03}_a.png", "q{:03}_b.png"],
        "PNEUMONIA": ["person{}_virus_1.png", "person{}_virus_2.png"],
    }
    table = cut(write(tmp_path / "data", names))
    assert not siblings(table[table["split"] != "test"], table["patient"])
    assert {"IM-0001", "q001", "person1"} <= set(table["patient"])


def test_a_patient_of_test_leaves_training(tmp_path, cut, capsys):
    data = write(tmp_path / "data", {"NORMAL": ["n{:03}_a.png"], "PNEUMONIA": ["p{:03}_a.png"]})
    picture(7).save(data / "train" / "NORMAL" / "n100_b.png")
    table = cut(data, "--patients", "^([np][0-9]+)_")
    assert "n100_b.png" not in set(table["file"])
    assert "1 training images are of patients who are also in test" in capsys.readouterr().out


@pytest.mark.parametrize("patients", [2, 6])
def test_too_few_patients_are_one_sentence(tmp_path, cut, patients, capsys):
    data = write(tmp_path / "data", {"NORMAL": ["n{:03}.png"], "PNEUMONIA": ["p{:03}.png"]})
    for path in sorted((data / "train" / "PNEUMONIA").iterdir())[patients:]:
        path.unlink()
    with pytest.raises(SystemExit) as exit_:
        cut(data)
    said = capsys.readouterr().err
    assert exit_.value.code == 2 and said.count("\n") == 1
    assert "at least 20 patients with pneumonia and 20 without" in said and f"{patients} with and 20 without" in said


def test_nothing_is_trained_on_fewer_than_twenty_patients(tmp_path, cut, monkeypatch, capsys):
    data = write(tmp_path / "data", {"NORMAL": ["n{:03}.png"], "PNEUMONIA": ["p{:03}.png"]})
    (data / "train" / "NORMAL" / "n007.png").unlink()
    cut(data)
    assert "Not yet enough to train on." in capsys.readouterr().out
    with pytest.raises(SystemExit) as exit_:
        run(monkeypatch, fit, "teacher", "--data", data, "--splits", tmp_path / "splits.csv")
    assert exit_.value.code == 2 and "this folder has 20 with and 19 without" in capsys.readouterr().err


def test_one_class_in_validation_is_refused(tmp_path, cut):
    table = cut(write(tmp_path / "data", {"NORMAL": ["n{:03}.png"], "PNEUMONIA": ["p{:03}.png"]}))
    table.loc[(table["split"] == "val") & (table["label"] == 1), "split"] = "train"
    table.to_csv(tmp_path / "splits.csv", index=False)
    with pytest.raises(DatasetRefused, match="All validation images are of one class"):
        splits.check(tmp_path / "splits.csv")


def test_a_foreign_folder_trains_and_a_batch_shrinks_aloud(tmp_path, cut):
    data = write(tmp_path / "data", {"NORMAL": ["n{:03}.png"], "PNEUMONIA": ["p{:03}.png"]})
    cut(data)
    paths = ["--data", data, "--splits", tmp_path / "splits.csv", "--state", tmp_path, "--runs", tmp_path]
    options = ["--epochs", 1, "--size", 48, "--views", 1, "--batch-size", 100]
    command = [sys.executable, "-m", "train.fit", "teacher", *map(str, [*paths, *options])]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, env={**os.environ, "OMP_NUM_THREADS": "1"})
    assert done.returncode == 0, done.stderr[-2000:]
    assert "A batch holds 35 images instead of 100" in done.stdout and "val_auc" in done.stdout
    assert (tmp_path / "teacher_seed_0.safetensors").exists()


def test_a_network_that_diverged_is_stopped(tiny_data, tmp_path):
    splits.cut(kermany.read(tiny_data).rows, samples=set()).to_csv(tmp_path / "splits.csv", index=False)
    network = nn.Sequential(nn.Flatten(), nn.Linear(224 * 224, 1))
    nn.init.constant_(network[1].bias, torch.nan)
    with pytest.raises(DatasetRefused, match="answers to the val images are not numbers"):
        engine.evaluate(network, pictures.load(tiny_data, tmp_path / "splits.csv", "val"), "val", Fabric(devices=1))
