"""A little more training, in which a mark must not matter."""

import pandas as pd
import pytest
import torch
from torch.nn import functional as F

from cxr_models import checkpoints, zoo
from train import engine, splits, steady

pytestmark = pytest.mark.filterwarnings("ignore:The image decoding and encoding capabilities:DeprecationWarning")


def test_logits_apart_cost_beside_the_cross_entropy():
    label = torch.tensor([1.0, 0.0, 1.0, 0.0])
    alike, apart = torch.tensor([2.0, -1.0, 2.0, -1.0]), torch.tensor([2.0, -1.0, 3.0, -1.0])
    for logit, extra in ((alike, 0.0), (apart, 4.0 * 0.5)):
        loss = engine.loss_of(logit, label, teaching=engine.Steadiness(4.0))
        assert float(loss) == pytest.approx(float(F.binary_cross_entropy_with_logits(logit, label)) + extra)


def test_the_second_half_of_a_batch_is_the_first_with_a_white_mark_each():
    torch.manual_seed(0)
    pixels, label = steady.with_marks([(torch.full((1, 96, 96), 0.3), torch.tensor(float(it))) for it in (0, 1, 1)])
    assert label.tolist() == [0, 1, 1, 0, 1, 1] and (pixels[:3] == 0.3).all()
    marked = (pixels[3:] == 1).flatten(1).float().mean(1)
    assert (marked > 0).all() and (marked < 0.01).all() and ((pixels[3:] == 1) | (pixels[3:] == 0.3)).all()


def test_a_run_gets_one_epoch_more_once(tiny_data, tmp_path, monkeypatch, capsys):
    table, run = tmp_path / "splits.csv", tmp_path / "runs" / "teacher_seed_3.safetensors"
    splits.cut(splits.kermany.read(tiny_data).rows, samples=set()).to_csv(table, index=False)
    torch.manual_seed(0)
    known = {"name": "teacher", "recipe": "epochs=2", "seed": "3", "command": "python -m train.fit teacher --seed 3"}
    weights = zoo.build("teacher").state_dict()
    checkpoints.save(run, weights, {**known, "best_epoch": "1", "core_hours": "0.50"}, half=False)
    run.with_suffix(".csv").write_text("epoch,val_auc,stressed_auc,core_hours\n1,0.9,0.8,0.2\n2,0.8,0.8,0.3\n")
    small = steady.RECIPES["teacher"].__class__(2, 48, 8, 1e-3, evened=True)
    monkeypatch.setitem(steady.RECIPES, "teacher", small)

    def command():
        given = ["teacher", "--data", str(tiny_data), "--splits", str(table), "--seed", "3"]
        folders = ["--state", str(tmp_path / "state"), "--runs", str(run.parent)]
        monkeypatch.setattr("sys.argv", [steady.__file__, *given, *folders])
        steady.main()

    command()
    told, history = checkpoints.metadata(run), pd.read_csv(run.with_suffix(".csv"))
    assert told["best_epoch"] == "3" and history["epoch"].tolist() == [1, 2, 3]
    assert told["recipe"].startswith("epochs=2 steady_") and told["seed"] == "3"
    assert told["command"].startswith("python -m train.fit teacher --seed 3; python -m train.steady teacher")
    assert float(told["core_hours"]) >= 0.5 and not list((tmp_path / "state").iterdir())
    network = zoo.build("teacher")
    checkpoints.load_into(network, run)
    assert not torch.equal(network.state_dict()["conv1.0.weight"], weights["conv1.0.weight"])
    assert (network.state_dict()["conv1.1.running_mean"] == 0).all(), "batch norm stays as it was"
    before = run.read_bytes()
    command()
    assert "steady already" in capsys.readouterr().out and run.read_bytes() == before
