"""What the heat maps are worth: the two checks, and their summary."""

import numpy as np
import pandas as pd
import pytest

from cxr_models import imaging, zoo
from cxr_models.evaluation import heat_maps as worth
from train import heat_maps, thorax


def test_the_hottest_tenth_is_a_tenth_and_the_hottest():
    heat_map = np.random.default_rng(0).normal(size=(224, 224))
    chosen = heat_maps.tenth(heat_map)
    assert chosen.sum() == round(0.1 * heat_map.size)
    assert heat_map[chosen].min() >= heat_map[~chosen].max()


def test_the_random_tenth_has_the_same_shape_and_is_the_same_every_time():
    where = np.zeros((224, 224), bool)
    where[:50, :100] = True
    first, again, other = (heat_maps.moved(where, seed) for seed in (1, 1, 2))
    assert first.sum() == where.sum() and (first == again).all() and (first != other).any()


def test_only_the_chosen_pixels_are_blurred():
    pixels = np.random.default_rng(0).random((224, 224), dtype=np.float32)
    where = np.zeros((224, 224), bool)
    where[100:120] = True
    blurred = heat_maps.blurred(pixels, where)
    assert (blurred[~where] == pixels[~where]).all()
    assert blurred[where].std() < 0.3 * pixels[where].std()


@pytest.mark.parametrize("name", zoo.SPECS)
def test_a_picture_is_checked(name, samples):
    pixels = imaging.pixels(imaging.decode(samples["person957_bacteria_2882.jpeg"]))
    inside, hottest, random = heat_maps.checked(pixels, name, thorax.template(), 0)
    assert 0 <= inside <= 1
    assert np.isfinite([hottest, random]).all() and hottest != random


def test_the_sample_keeps_the_share_of_pneumonias():
    rows = pd.DataFrame({"label": [1] * 300 + [0] * 100})
    chosen = heat_maps.sampled(rows, 40)
    assert len(chosen) == 40 and rows["label"][chosen].mean() == pytest.approx(0.75)
    assert chosen == heat_maps.sampled(rows, 40)
    assert heat_maps.sampled(rows, 1000) == list(range(400))


def test_a_mean_leaves_out_maps_without_evidence_and_only_from_their_share():
    table = pd.DataFrame(
        [("a", "val", 1, "p", "student", 0.5, 1.0, 0.0), ("b", "val", 0, "q", "student", np.nan, 3.0, 1.0)],
        columns=worth.COLUMNS,
    )
    found = worth.means(table, split="val", model="student")
    assert found["inside"].value == 0.5 and found["fall_hottest"].value == 2.0 and found["gain"].value == 1.5
    assert np.isnan(worth.means(table, split="test", model="student")["gain"].value)
