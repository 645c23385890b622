"""Networks of other seeds: which of the runs count, their tables, and which is shipped."""

import shutil

import pandas as pd
import pytest
from safetensors.torch import load_file

from cxr_models import checkpoints, zoo
from cxr_models.evaluation import scores
from train import score, seeds, splits

CHOSEN = 7


def run_of(name, folder, *, scale: float = 1.0, **changes: str):
    """A run like the shipped network, its weights scaled and its metadata changed."""
    shipped = zoo.spec(name).checkpoint
    weights = {key: it * scale if it.is_floating_point() else it for key, it in load_file(shipped).items()}
    path = folder / f"{name}_seed_{changes['seed']}.safetensors"
    checkpoints.save(path, weights, {**checkpoints.metadata(shipped), **changes})
    return path


@pytest.fixture
def command(tiny_data, tmp_path, monkeypatch):
    table = tmp_path / "splits.csv"
    splits.cut(splits.kermany.read(tiny_data).rows, samples=set()).to_csv(table, index=False)
    arguments = ["--data", str(tiny_data), "--splits", str(table), "--results", str(tmp_path), "--limit", "4"]

    def run(module, *extra: str):
        monkeypatch.setattr("sys.argv", [module.__file__, *arguments, *extra])
        module.main()

    return run


def test_a_table_for_each_seed_and_a_line_in_the_log_for_what_was_scored(command, tmp_path):
    runs = tmp_path / "runs"
    student = run_of("student", runs, scale=0.5, seed=str(CHOSEN))
    run_of("student", runs, seed="8", recipe="another")
    command(score)
    command(seeds, "--runs", str(runs))
    shipped = scores.load(tmp_path / "scores.csv")
    own = {name: checkpoints.metadata(spec.checkpoint)["seed"] for name, spec in zoo.SPECS.items()}
    written = {path.stem: scores.load(path) for path in tmp_path.glob("scores_seed_*.csv")}
    assert written.keys() == {f"scores_seed_{seed}" for seed in {*own.values(), str(CHOSEN)}}, (
        "another recipe counts not"
    )
    for name, seed in own.items():
        assert written[f"scores_seed_{seed}"][name].equals(shipped[name])
    other = written[f"scores_seed_{CHOSEN}"]
    assert other["student"].notna().all() and (other["student"] != shipped["student"]).any()
    assert not any(scores.was_run(other, "test", name) for name in zoo.SPECS if name != "student")
    log = pd.read_csv(tmp_path / score.LOG)
    lines = [list(zoo.SPECS), ["student_alone"], ["student"]]
    assert [[name for name in score.LOGGED if pd.notna(line[f"{name}_sha256"])] for _, line in log.iterrows()] == lines
    assert log["student_sha256"][2] == checkpoints.weights_sha256(student)

    command(score)
    command(seeds, "--runs", str(runs))
    assert len(pd.read_csv(tmp_path / score.LOG)) == 3, "a network meets the test pictures once"
    assert scores.load(tmp_path / f"scores_seed_{CHOSEN}.csv").equals(other)
    run_of("student", runs, scale=0.6, seed=str(CHOSEN))
    command(seeds, "--runs", str(runs))
    assert len(pd.read_csv(tmp_path / score.LOG)) == 4, "another network of that seed is scored"
    again = scores.load(tmp_path / f"scores_seed_{CHOSEN}.csv")
    assert (again["student"] != other["student"]).any()

    again.assign(base_cnn=0.5).to_csv(tmp_path / f"scores_seed_{CHOSEN}.csv", index=False)
    command(seeds, "--runs", str(runs))
    kept = scores.load(tmp_path / f"scores_seed_{CHOSEN}.csv")
    assert (kept["base_cnn"] == 0.5).all(), "trained elsewhere: its column stays"
    assert kept["student"].equals(again["student"])


def test_tables_of_other_pictures_are_not_joined(command, tmp_path, capsys):
    command(score)
    short = scores.load(tmp_path / "scores.csv").iloc[1:]
    short.to_csv(tmp_path / "scores.csv", index=False)
    with pytest.raises(SystemExit):
        command(seeds, "--runs", str(tmp_path / "none"))
    assert "run train.score first" in capsys.readouterr().err


def test_the_best_on_validation_is_shipped_and_a_shipped_one_keeps_what_calibration_told(
    command, tmp_path, monkeypatch
):
    places = {name: tmp_path / f"{name}.safetensors" for name in zoo.SPECS}
    these = splits.fingerprint(tmp_path / "splits.csv", 4)
    runs = [
        run_of("teacher", tmp_path / "runs", scale=scale, seed=seed, best_epoch="2", data_sha256=data)
        for seed, scale, data in (("1", 1.0, these), ("2", 0.5, these), ("3", 0.4, "of other pictures"))
    ]
    for path, stressed in zip(runs, (0.9, 0.8, 0.97), strict=True):
        best, other = (
            f"2,0.9,{stressed},0.9",
            "1,0.5,0.99,0.5",
        )  # the epoch that the checkpoint holds, and one that it does not
        path.with_suffix(".csv").write_text(f"epoch,val_auc,stressed_auc,restyled_auc\n{other}\n{best}\n")
    shutil.copyfile(runs[0], places["teacher"])
    checkpoints.update_metadata(places["teacher"], {"temperature": "1.5"})
    monkeypatch.setattr(seeds.zoo, "spec", lambda name: zoo.Spec("", "", places[name], "", ""))
    command(seeds, "--runs", str(tmp_path / "runs"), "--ship")
    assert checkpoints.metadata(places["teacher"])["temperature"] == "1.5"
    runs[1].with_suffix(".csv").write_text("epoch,val_auc,stressed_auc,restyled_auc\n2,0.9,0.9,0.95\n")
    command(seeds, "--runs", str(tmp_path / "runs"), "--ship")
    assert checkpoints.weights_sha256(places["teacher"]) == checkpoints.weights_sha256(runs[1])
    assert pd.read_csv(tmp_path / "history_teacher.csv")["restyled_auc"].tolist() == [0.95]
    assert not places["resnet50"].exists(), "a network without a run stays as it is"
