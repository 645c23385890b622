"""The commands that score pictures, on a tiny set, with the shipped networks."""

import pandas as pd
import pytest
import torch

from cxr_models import checkpoints, imaging, zoo
from cxr_models.evaluation import scores
from train import blackout, robustness, score, shortcut, splits, thorax
from train.pictures import Pictures


@pytest.fixture
def run(tiny_data, tmp_path, monkeypatch):
    """Runs a command on four tiny pictures of each split; its tables land in tmp_path."""
    table = tmp_path / "splits.csv"
    splits.cut(splits.kermany.read(tiny_data).rows, samples=set()).to_csv(table, index=False)
    arguments = ["--data", str(tiny_data), "--splits", str(table), "--results", str(tmp_path), "--limit", "4"]

    def command(module):
        monkeypatch.setattr("sys.argv", [module.__file__, *arguments])
        module.main()

    return command


def test_tables_and_log(run, tmp_path):
    run(score)
    written = scores.load(tmp_path / "scores.csv")
    assert written["split"].value_counts().to_dict() == {"val": 4, "stressed": 4, "restyled": 4, "test": 4}
    assert written[list(zoo.SPECS)].notna().all().all()
    log = pd.read_csv(tmp_path / score.LOG)
    shipped, alone = log.to_dict("records")
    assert shipped["student_sha256"] == checkpoints.weights_sha256(zoo.spec("student").checkpoint)
    assert alone["student_alone_sha256"] == checkpoints.weights_sha256(score.STUDENT_ALONE)
    assert str(tmp_path) not in log["command"][0]


def test_a_new_network_is_a_new_column_of_the_log(tmp_path):
    path = tmp_path / score.LOG
    score.log_scoring(path, {"student": zoo.spec("student").checkpoint})
    old = pd.read_csv(path).drop(columns="resnet50_sha256")
    old.to_csv(path, index=False)
    score.log_scoring(path, {"student": zoo.spec("student").checkpoint})
    log = pd.read_csv(path, keep_default_na=False)
    assert log["resnet50_sha256"].tolist() == ["", ""] and log["student_sha256"].nunique() == 1


def test_a_final_network_meets_the_test_pictures_once(run, tmp_path):
    run(score)
    run(blackout)
    first = (tmp_path / "scores.csv").read_text()
    run(score)
    log = pd.read_csv(tmp_path / score.LOG)
    assert len(log) == 3, "the shipped ones, the student alone, and the pictures without a chest"
    assert (tmp_path / "scores.csv").read_text() == first
    log.loc[0, "student_sha256"] = "another"
    log.to_csv(tmp_path / score.LOG, index=False)
    scores.load(tmp_path / "scores.csv").assign(student=0.0, teacher=1.0).to_csv(tmp_path / "scores.csv", index=False)
    run(score)
    again = scores.load(tmp_path / "scores.csv")
    assert (again["student"] != 0).all() and (again["teacher"] == 1).all(), "only the network that changed"
    last = pd.read_csv(tmp_path / score.LOG, keep_default_na=False).iloc[-1]
    assert last["student_sha256"] and not last["teacher_sha256"]
    again.iloc[:-1].to_csv(tmp_path / "scores.csv", index=False)
    alone = tmp_path / "student_alone.csv"
    pd.read_csv(alone).assign(student_alone=0.0).to_csv(alone, index=False)
    run(score)
    assert (scores.load(tmp_path / "scores.csv")["teacher"] != 1).all(), "other pictures: all of them"
    assert (pd.read_csv(alone)["student_alone"] != 0).all(), "what another network wrote"


def test_blackout_and_robustness_tables_are_tables_of_scores_and_are_logged(run, tmp_path):
    run(blackout)
    run(robustness)
    black = scores.load(tmp_path / "blackout.csv")
    assert black["change"].value_counts().to_dict() == {"lungs_black": 4, "all_but_lungs_black": 4}
    changed = scores.load(tmp_path / "robustness.csv")
    assert len(changed) == 4 * (1 + 3 * len(robustness.CHANGES) + 1)
    assert (changed["change"] == robustness.OTHER_CLASS).sum() == 4
    assert changed.groupby(["change", "grade"]).size().eq(4).all()
    commands = pd.read_csv(tmp_path / "test_scorings.csv")["command"]
    assert [command.split()[2] for command in commands] == ["train.blackout", "train.robustness"]


def test_blackout_takes_the_chest_or_all_else():
    picture = Pictures(pd.DataFrame({"file": ["a"]}), torch.full((1, 1, 224, 224), 0.5))
    without, only = (part.pixels[0, 0] for part in blackout.changed(picture))
    assert without[112, 112] == 0 and without[5, 5] == 0.5
    assert only[112, 112] == 0.5 and only[5, 5] == 0
    assert (without + only == 0.5).all() and 0.4 < thorax.template().mean() < 0.6


@pytest.mark.parametrize("name", robustness.CHANGES)
def test_each_grade_changes_a_picture_more_than_the_one_before(samples, name):
    picture = torch.from_numpy(imaging.pixels(imaging.decode(next(iter(samples.values())))))[None]
    function, amounts = robustness.CHANGES[name]
    moved = [float((function(picture, amount) - picture).abs().mean()) for amount in amounts]
    assert 0 < moved[0] < moved[1] < moved[2]


def test_the_shortcut_table_has_nine_numbers_a_baseline_and_the_models_logits(run, tmp_path):
    run(score)
    run(shortcut)
    table = scores.load(tmp_path / "shortcut.csv")
    extra = set(table) - set(scores.REQUIRED_COLUMNS)
    assert len(extra) == 12 and {"baseline", "gx_gy", *shortcut.TONE} <= extra
    known = scores.load(tmp_path / "scores.csv")
    assert table["resnet50"].tolist() == known["resnet50"].tolist()
    training = pd.read_csv(tmp_path / "shortcut_training.csv")
    assert set(training["split"]) == {"train"} and training["baseline"].notna().all()
    assert set(training) == set(table) - {*zoo.SPECS, *shortcut.TONE}


def test_the_baseline_learns_on_the_training_rows_only():
    rows = pd.DataFrame({name: ["x"] * 20 for name in score.COLUMNS})
    training = rows.assign(label=[0, 1] * 10, a=[0.0, 1.0] * 10)
    judged = rows.assign(label=[1, 0] * 10, a=[0.0, 1.0] * 10)
    baseline = shortcut.with_baseline(training, judged)["baseline"]
    assert (baseline[judged["a"] == 1] > 0).all() and (baseline[judged["a"] == 0] < 0).all()
