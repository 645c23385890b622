"""The second output that a network has in training only."""

import math

import pytest
import torch
from torch.nn import functional as F

from cxr_models import zoo
from train import engine, pictures, splits, subtype


@pytest.mark.parametrize("name", ["base_cnn", "student"])
def test_the_checkpoint_answers_as_the_widened_network_does(name):
    torch.manual_seed(0)
    network, pixels = zoo.build(name), torch.rand(4, 1, 224, 224)
    subtype.widen(network)
    assert network.train()(pixels).shape == (4, 2)
    plain = zoo.build(name)
    plain.load_state_dict(subtype.cut(network.state_dict()))
    with torch.inference_mode():
        wide, narrow = network.eval()(pixels), plain.eval()(pixels)
    assert narrow.shape == (4,) and torch.allclose(wide, narrow, atol=1e-6) and narrow.std() > 0


def test_labels_tell_bacterial_and_viral_and_nothing_of_a_normal_picture(tiny_data, tmp_path):
    table = tmp_path / "splits.csv"
    splits.cut(splits.kermany.read(tiny_data).rows, samples=set()).to_csv(table, index=False)
    training = pictures.load(tiny_data, table, "train")
    kinds = dict(zip(training.rows["subtype"], subtype.labels(training).tolist(), strict=True))
    assert kinds["bacteria"] == [1, 1] and kinds["virus"] == [1, 0]
    assert kinds["normal"][0] == 0 and math.isnan(kinds["normal"][1])


def test_loss_of_both_outputs():
    logit = torch.tensor([[2.0, 1.0], [0.5, -1.0], [-1.0, 3.0]], requires_grad=True)
    label = torch.tensor([[1.0, 1.0], [1.0, 0.0], [0.0, math.nan]])
    loss = engine.loss_of(logit, label, teaching=None)
    told = F.binary_cross_entropy_with_logits(logit[:2, 1], label[:2, 1], reduction="sum") / 3
    verdict = F.binary_cross_entropy_with_logits(logit[:, 0], label[:, 0])
    assert loss.item() == pytest.approx((verdict + subtype.WEIGHT * told).item())
    loss.backward()
    assert logit.grad[2, 1] == 0 and (logit.grad[:, 0] != 0).all(), "nothing is learnt of a normal picture's subtype"


def test_a_taught_student_learns_it_from_the_labels():
    logit, answer = torch.tensor([[1.0, 2.0], [0.0, -2.0]]), torch.tensor([3.0, -3.0])
    label = torch.tensor([[1.0, 1.0], [0.0, math.nan]])
    teaching = engine.Distillation(2.0, 0.9)
    alone = engine.loss_of(logit[:, 0], label[:, 0], answer, teaching=teaching)
    both = engine.loss_of(logit, label, answer, teaching=teaching)
    assert float(both - alone) == pytest.approx(subtype.WEIGHT * float(F.softplus(torch.tensor(-2.0))) / 2, rel=1e-5)
