import pandas as pd
import pytest
import torch
from sklearn.metrics import roc_auc_score

from cxr_models import imaging
from cxr_models.paths import RESULTS
from train import stress
from train.pictures import Pictures


@pytest.fixture(scope="module")
def pictures(samples) -> Pictures:
    """The six samples and six copies stretched so that the trace tells them apart."""
    normal = [torch.from_numpy(imaging.pixels(imaging.decode(data)))[None] for data in samples.values()]
    wide = [stress._stretch(picture, 1.6, 0.5) for picture in normal]
    rows = pd.DataFrame({"file": [f"{i}.jpeg" for i in range(12)], "label": [0] * 6 + [1] * 6})
    return Pictures(rows, torch.stack(normal + wide))


def traces(pictures: Pictures) -> list[float]:
    return [stress.aspect_trace(picture) for picture in pictures.pixels]


@pytest.mark.parametrize("change, tolerance", [(0.9, 0.06), (1.1, 0.02), (1.3, 0.02)])
def test_stretching_reaches_the_wanted_trace(pictures, change, tolerance):
    """A lower trace cannot always be reached: the middle of a chest has upright edges of its own."""
    for picture in pictures.pixels:
        wanted = stress.aspect_trace(picture) * change
        assert stress.aspect_trace(stress.stretch_to(picture, wanted, 0.5)) == pytest.approx(wanted, rel=tolerance)


def test_the_stress_is_the_same_again_and_depends_on_the_name(pictures):
    first, second = stress.stressed(pictures), stress.stressed(pictures)
    assert torch.equal(first.pixels, second.pixels)
    renamed = Pictures(pictures.rows.assign(file=pictures.rows["file"] + "x"), pictures.pixels)
    assert not torch.equal(first.pixels, stress.stressed(renamed).pixels)
    assert set(first.rows["split"]) == {"stressed"}
    assert first.pixels.shape == pictures.pixels.shape
    assert 0 <= first.pixels.min() and first.pixels.max() <= 1


def test_the_stress_takes_the_trace_away(pictures):
    label = pictures.rows["label"]
    before, after = traces(pictures), traces(stress.stressed(pictures))
    assert abs(roc_auc_score(label, after) - 0.5) < abs(roc_auc_score(label, before) - 0.5)


@pytest.mark.parametrize("split, low, high", [("val", 0.85, 1.0), ("stressed", 0.40, 0.60)])
def test_on_the_real_validation_pictures(split, low, high):
    table = pd.read_csv(RESULTS / "shortcut.csv", keep_default_na=False).query("split == @split")
    assert low <= roc_auc_score(table["label"], table["gx_gy"]) <= high


def test_trace_of_a_turned_picture_is_its_inverse(pictures):
    picture = pictures.pixels[0]
    assert stress.aspect_trace(picture) * stress.aspect_trace(picture.mT) == pytest.approx(1, rel=1e-4)
