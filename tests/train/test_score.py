"""The scoring command on a tiny set, with the shipped networks."""

import pandas as pd

from cxr_models import checkpoints, zoo
from cxr_models.evaluation import scores
from train import score, splits


def test_tables_and_log(tiny_data, tmp_path, monkeypatch):
    table = tmp_path / "splits.csv"
    splits.cut(splits.kermany.read(tiny_data).rows, samples=set()).to_csv(table, index=False)
    arguments = ["--data", str(tiny_data), "--splits", str(table), "--results", str(tmp_path), "--limit", "4"]
    monkeypatch.setattr("sys.argv", ["score", *arguments])
    score.main()
    score.main()
    written = scores.load(tmp_path / "scores.csv")
    assert written["split"].value_counts().to_dict() == {"val": 4, "stressed": 4, "test": 4}
    assert written[list(zoo.SPECS)].notna().all().all()
    log = pd.read_csv(tmp_path / "test_scorings.csv")
    assert len(log) == 2
    assert log["student_sha256"][0] == checkpoints.weights_sha256(zoo.spec("student").checkpoint)
    assert str(tmp_path) not in log["command"][0]
