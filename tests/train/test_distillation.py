"""The distillation command on a tiny set: stored views, several teachers, and what is shipped."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import torch

from cxr_models import checkpoints, zoo
from train import bank, distillation, pictures, splits
from train.recipes import Recipe

pytestmark = pytest.mark.filterwarnings("ignore:The image decoding and encoding capabilities:DeprecationWarning")


@pytest.fixture(scope="module")
def cut(tiny_data, tmp_path_factory):
    path = tmp_path_factory.mktemp("splits") / "splits.csv"
    splits.cut(splits.kermany.read(tiny_data).rows, samples=set()).to_csv(path, index=False)
    return path


@pytest.fixture
def command(tiny_data, cut, tmp_path, monkeypatch):
    """Runs the command; everything it writes lands in tmp_path. Small views keep it quick."""
    monkeypatch.setitem(distillation.RECIPES, "student", Recipe(2, 3e-3, size=48, batch_size=8, subtype=True))
    state = ["--data", str(tiny_data), "--splits", str(cut), "--state", str(tmp_path)]
    state += ["--runs", str(tmp_path / "runs")]
    table = ["--table", str(tmp_path / "distillation.csv"), "--epochs", "2", "--views", "2"]

    def run(*arguments: str) -> pd.DataFrame:
        monkeypatch.setattr("sys.argv", ["distillation", *state, *table, *arguments])
        distillation.main()
        return pd.read_csv(tmp_path / "distillation.csv", keep_default_na=False)

    return run


def test_a_table_row_and_a_checkpoint_for_each_student(command, tmp_path):
    rows = command("--taught-by", "none", "teacher", "--soften", "2,0.9", "4,0.5")
    assert rows["taught_by"].tolist() == ["none", "teacher", "teacher"]
    assert rows["temperature"].tolist() == [1, 2, 4] and (rows["core_hours"] > 0).all()
    files = {path.name: checkpoints.metadata(path) for path in (tmp_path / "runs").glob("*.safetensors")}
    assert len(files) == 3
    told = files["student_teacher_t4_a0.5_e2_v2_seed_0.safetensors"]
    assert told["distilled_from"] == "teacher" and "alpha=0.5" in told["recipe"]
    assert told["distilled_from_sha256"] == checkpoints.weights_sha256(zoo.spec("teacher").checkpoint)
    assert "distilled_from" not in files["student_none_e2_v2_seed_0.safetensors"]
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "runs").iterdir()}
    again = command("--taught-by", "none", "teacher", "--soften", "2,0.9")
    assert len(again) == 3, "a student that is there is neither trained nor listed twice"
    assert before == {path: path.stat().st_mtime_ns for path in (tmp_path / "runs").iterdir()}


def test_students_of_another_recipe_are_neither_listed_nor_shipped(command, monkeypatch, capsys):
    command("--taught-by", "none")
    monkeypatch.setitem(distillation.RECIPES, "student", Recipe(2, 1e-3, size=48, batch_size=8, subtype=True))
    with pytest.raises(SystemExit):
        command("--ship")
    assert "Train a distilled student" in capsys.readouterr().err
    assert command("--taught-by", "teacher")["taught_by"].tolist() == ["teacher"]


def test_shipping_takes_the_best_on_validation(tmp_path, monkeypatch):
    """Of the distilled ones; the one alone is never the shipped student, however good."""
    folder = tmp_path / "runs"
    folder.mkdir()
    settings = [
        distillation.Setting(name, seed, 2, 2.0, 0.9, 2)
        for name, seed in (("none", 0), ("none", 1), ("teacher", 0), ("teacher", 1))
    ]
    for it in settings:
        (folder / f"{it.name}.safetensors").write_text(it.name)
        (folder / f"{it.name}.csv").write_text("epoch\n1\n")
    table = pd.DataFrame([vars(it) for it in settings]).assign(val_auc=0.9, stressed_auc=[0.99, 0.98, 0.97, 0.96])
    table["restyled_auc"] = [0.99, 0.98, 0.93, 0.95]
    monkeypatch.setattr(distillation, "RESULTS", tmp_path)
    monkeypatch.setattr(distillation, "STUDENT_ALONE", tmp_path / "student_alone.safetensors")
    monkeypatch.setattr(
        distillation.zoo, "spec", lambda name: zoo.Spec("", "", tmp_path / f"{name}.safetensors", "", "")
    )
    distillation.ship(table, folder, epochs=2, views=2)
    assert (tmp_path / "student.safetensors").read_text() == "student_teacher_t2_a0.9_e2_v2_seed_1"
    assert (tmp_path / "student_alone.safetensors").read_text() == "student_none_e2_v2_seed_1"
    with pytest.raises(distillation.DatasetRefused, match="without a teacher"):
        distillation.ship(table[table["taught_by"] != "none"], folder, epochs=2, views=2)
    with pytest.raises(distillation.DatasetRefused, match="Train a distilled student"):
        distillation.ship(table, folder, epochs=4, views=2)


def test_a_student_that_is_shipped_again_keeps_what_calibration_told(tmp_path, monkeypatch):
    settings = [distillation.Setting(name, 0, 2, 2.0, 0.9, 2) for name in ("none", "teacher")]
    places = {"student": tmp_path / "student.safetensors", "alone": tmp_path / "student_alone.safetensors"}
    for it in settings:
        checkpoints.save(tmp_path / f"{it.name}.safetensors", {"weight": torch.full((2,), float(it.alpha))}, {})
        (tmp_path / f"{it.name}.csv").write_text("epoch\n1\n")
    table = pd.DataFrame([vars(it) for it in settings]).assign(val_auc=0.9, stressed_auc=0.9, restyled_auc=0.9)
    monkeypatch.setattr(distillation, "RESULTS", tmp_path)
    monkeypatch.setattr(distillation, "STUDENT_ALONE", places["alone"])
    monkeypatch.setattr(distillation.zoo, "spec", lambda name: zoo.Spec("", "", places["student"], "", ""))
    distillation.ship(table, tmp_path, epochs=2, views=2)
    checkpoints.update_metadata(places["student"], {"temperature": "1.5"})
    distillation.ship(table, tmp_path, epochs=2, views=2)
    assert checkpoints.metadata(places["student"])["temperature"] == "1.5"


def test_views_are_stored_once_and_a_teachers_answers_belong_to_them(tiny_data, cut, tmp_path):
    training = pictures.load(tiny_data, cut, "train", limit=6)
    recipe = Recipe(2, 3e-3, size=48, marks=0.0, written=0.0, toned=0.0, noise=0.0)
    views = bank.drawn(training, recipe, views=2, folder=tmp_path)
    assert views.shape == (2, 6, 1, 48, 48) and (views[0] != views[1]).any()
    again = bank.drawn(training, recipe, views=2, folder=tmp_path)
    assert np.array_equal(views, again) and len(list(tmp_path.iterdir())) == 1
    marked = bank.drawn(training, replace(recipe, marks=1.0), views=2, folder=tmp_path)
    assert (marked == 255).sum() > (views == 255).sum(), "another recipe, other views"
    network = zoo.load("teacher")
    answers = bank.answers(network, views, tmp_path / "answers.npy")
    with torch.inference_mode():
        expected = network(bank.as_pixels(views[1, 3])[None])
    assert float(expected) == pytest.approx(float(answers[1, 3]), abs=1e-4)
    pixels, label, answer = bank.Views(views, training.labels, answers)[3]
    matching = [index for index in range(2) if torch.equal(pixels, bank.as_pixels(views[index, 3]))]
    assert matching and float(answer) == float(answers[matching[0], 3]) and label == training.labels[3]
