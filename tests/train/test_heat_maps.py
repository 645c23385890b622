"""The removal check of a heat map, and the choice of one by it."""

import numpy as np
import pandas as pd
import pytest
import torch
from torch import nn

from cxr_models import imaging, zoo
from cxr_models.evaluation import heat_maps as evaluation
from cxr_models.evaluation.heat_maps import GAINS
from train import heat_maps, removal, thorax
from train.pictures import Pictures

PATCH = np.s_[60:120, 70:150]


class BrightPatch(nn.Module):
    """A logit that depends on the mean grey of `PATCH` and on nothing else."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return 10 * x[:, 0, *PATCH].mean((1, 2))


@pytest.fixture(scope="module")
def pixels(samples) -> np.ndarray:
    return imaging.pixels(imaging.decode(samples["person957_bacteria_2882.jpeg"]))


def gains_of(heat_map: np.ndarray, pixels: np.ndarray) -> dict[str, float]:
    """What the removal check finds of a map of `BrightPatch` on a picture that is bright in the patch only."""
    filled = removal.fills(pixels, np.random.default_rng(0).random(pixels.shape))
    shape = removal.hottest(heat_map)
    copies = removal.copies(pixels, filled, shape, removal.rival(shape, thorax.template(), seed=0))
    logits = BrightPatch()(torch.from_numpy(copies).reshape(-1, 1, *pixels.shape)).reshape(len(GAINS), 2)
    return dict(zip(GAINS, removal.gains(logits.numpy()), strict=True))


def test_only_a_map_of_what_the_logit_depends_on_beats_elsewhere():
    bright = np.full((224, 224), 0.1, np.float32)
    bright[PATCH] = 0.9
    right, wrong = np.zeros((2, 224, 224))
    right[PATCH] = 1
    wrong[130:190, 70:150] = 1
    assert min(gains_of(right, bright).values()) > 1
    assert max(gains_of(wrong, bright).values()) <= 0


def test_the_hottest_tenth_is_a_tenth_and_the_hottest():
    heat_map = np.random.default_rng(0).normal(size=(224, 224))
    shape = removal.hottest(heat_map)
    assert shape.sum() == round(0.1 * heat_map.size)
    assert heat_map[shape].min() >= heat_map[~shape].max()


@pytest.mark.parametrize("corner", [(0, 0), (90, 90), (180, 20)])
def test_the_rival_is_the_same_shape_elsewhere_in_the_chest_and_the_same_every_time(corner):
    chest, shape = thorax.template(), np.zeros((224, 224), bool)
    shape[corner[0] : corner[0] + 40, corner[1] : corner[1] + 40] = True
    first, again, other = (removal.rival(shape, chest, seed) for seed in (1, 1, 2))
    assert first.sum() == shape.sum() and (first == again).all() and (first != other).any()
    assert (first & chest & ~shape).sum() >= removal.BEST * shape.sum()


def test_each_fill_stands_where_the_image_was_removed(pixels):
    normal = np.random.default_rng(0).random((224, 224))
    filled = removal.fills(pixels, normal)
    assert filled[0].std() < pixels.std() and np.ptp(filled[1]) == 0
    assert [filled[2].mean(), filled[2].std()] == pytest.approx([pixels.mean(), pixels.std()], abs=1e-5)
    shape, other = np.zeros((2, 224, 224), bool)
    shape[:20], other[100:120] = True, True
    copies = removal.copies(pixels, filled, shape, other)
    assert copies.shape == (len(GAINS), 2, 224, 224) and copies.dtype == np.float32
    for row, fill in enumerate((0, 1, 2)):
        assert (copies[row, 0][shape] == filled[fill][shape]).all() and (copies[row, 0][~shape] == pixels[~shape]).all()
    for row, fill in ((3, 0), (4, 2)):
        assert (copies[row, 1][~other] == filled[fill][~other]).all() and (copies[row, 1][other] == pixels[other]).all()


@pytest.mark.parametrize("name", zoo.SPECS)
def test_every_candidate_is_checked(name, pixels):
    layer, methods = next(iter(heat_maps.CANDIDATES[name].items()))
    rows = list(heat_maps.checked(pixels, name, {layer: methods}, pixels[::-1], 0, quick=True))
    assert [row[:2] for row in rows] == [(method, layer) for method in methods]
    for _, _, side, inside, *gains in rows:
        assert 7 <= side <= 56 and 0 <= inside <= 1 and len(gains) == len(GAINS) and np.isfinite(gains).all()


@pytest.mark.parametrize("name", zoo.SPECS)
def test_the_zoo_names_a_map_that_was_tried(name):
    spec = zoo.spec(name)
    assert spec.heat_map_method in heat_maps.CANDIDATES[name][spec.heat_map_layer]


def test_the_sample_has_both_classes_alike_and_a_patient_once():
    rows = pd.DataFrame({"label": [1] * 300 + [0] * 100, "patient": [f"p{i // 2}" for i in range(400)]})
    part = heat_maps.sampled(Pictures(rows, torch.zeros(400, 1, 1, 1)), 40)
    assert part.rows["label"].tolist().count(1) == 20 and len(part.rows) == len(part.pixels) == 40
    assert part.rows["patient"].is_unique
    again = heat_maps.sampled(Pictures(rows, torch.zeros(400, 1, 1, 1)), 40)
    pd.testing.assert_frame_equal(part.rows, again.rows)


def maps(*rows: tuple[str, str, float, float]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["method", "layer", "worst", "inside"]).set_index(["method", "layer"])


@pytest.mark.parametrize(
    ("table", "chosen"),
    [
        (maps(("A", "early", 5.0, 0.8), ("A", "late", 3.9, 0.8)), ("A", "early")),
        (maps(("A", "early", 5.0, 0.8), ("A", "late", 4.1, 0.8)), ("A", "late")),
        (maps(("A", "early", 5.0, 0.6), ("A", "late", 1.0, 0.8)), ("A", "late")),
        (maps(("A", "early", 5.0, 0.6), ("A", "late", 1.0, 0.5)), ("A", "early")),
        (maps(("A", "late", 4.2, 0.8), ("B", "late", 4.6, 0.8), ("C", "early", 5.0, 0.8)), ("B", "late")),
    ],
    ids=["clearly best", "equal within one error", "mostly off the chest", "all off the chest", "best of a layer"],
)
def test_the_choice(table, chosen):
    assert heat_maps.choice(table, ["early", "late"]) == chosen


def test_the_worst_fill_of_the_worse_class_counts():
    rng = np.random.default_rng(0)
    table = pd.DataFrame({gain: 5 + rng.normal(size=40) for gain in GAINS})
    table = table.assign(split="val", label=[0, 1] * 20, model="m", method="A", layer="early", side=28, inside=0.8)
    low = table["deletion_mean"].where(table["label"] == 0, rng.normal(size=40))
    found = heat_maps.judged(table.assign(deletion_mean=low)).iloc[0]
    assert found["worst"] == pytest.approx(low[1::2].mean() / low[1::2].sem())
    assert found["deletion_mean"] == pytest.approx(low.mean())


def table_of(**gains: list[float]) -> pd.DataFrame:
    spec = zoo.spec("student")
    row = {"split": "test", "label": 1, "model": "student", "method": spec.heat_map_method, "side": 28, "inside": 0.5}
    rows = pd.DataFrame({"layer": spec.heat_map_layer, **dict.fromkeys(GAINS, [1.0, 2.0]), **gains})
    return rows.assign(**row, file=["a", "b"], patient=["p", "q"])


def test_means_are_of_the_released_map_and_leave_out_maps_without_evidence_from_their_share_only():
    table = pd.concat([table_of(), table_of().assign(method="another", deletion_blur=-9.0)])
    rows = evaluation.released(table, split="test", model="student").assign(inside=[0.5, np.nan])
    found = evaluation.means(rows)
    assert found["inside"].value == 0.5 and found["deletion_blur"].value == 1.5
    assert np.isnan(evaluation.means(evaluation.released(table, split="val", model="student"))["inside"].value)


@pytest.mark.parametrize("gain", evaluation.DELETIONS)
def test_a_map_holds_when_every_removal_is_beyond_chance(gain):
    assert evaluation.holds(evaluation.means(table_of()))
    assert not evaluation.holds(evaluation.means(table_of(**{gain: [-1.0, 2.0]})))
