import pandas as pd
import pytest
import torch
from sklearn.metrics import roc_auc_score

from cxr_models import imaging
from cxr_models.paths import RESULTS
from train import restyle, splits, stress, tone, validation


@pytest.fixture(scope="module")
def pair(samples) -> list[torch.Tensor]:
    return [torch.from_numpy(imaging.pixels(imaging.decode(data)))[None] for data in list(samples.values())[:2]]


def test_an_image_takes_histogram_sharpness_and_edges_of_its_donor(pair):
    picture, donor = pair
    changed = restyle.change(picture, donor)
    assert changed.shape == picture.shape and 0 <= changed.min() and changed.max() <= 1
    histograms = tone.quantiles(torch.stack([changed, donor]))
    assert histograms[0] == pytest.approx(histograms[1], abs=0.03)
    assert restyle.sharpness(changed) == pytest.approx(restyle.sharpness(donor), abs=0.05)
    assert restyle.edge(changed) == pytest.approx(restyle.edge(donor), abs=0.05)
    assert torch.equal(changed, restyle.change(picture, donor))


def test_a_donor_is_drawn_by_the_file_and_from_both_classes_alike():
    training = pd.DataFrame({"file": [f"t{i}" for i in range(100)], "label": [1] * 90 + [0] * 10})
    files = pd.Series([f"{i}.jpeg" for i in range(400)])
    drawn = restyle.donors(files, training)
    assert 0.42 < drawn["label"].mean() < 0.58, "equal odds, although nine of ten have pneumonia"
    shuffled = restyle.donors(files, training.sample(frac=1, random_state=1))
    pd.testing.assert_frame_equal(drawn, shuffled)


@pytest.mark.parametrize("fitted", ["tone_baseline", "tone_baseline_here"])
def test_global_statistics_tell_nothing_on_the_real_restyled_images(fitted):
    """Neither a regression fitted on training images nor one cross-validated by patient on the restyled ones."""
    table = pd.read_csv(RESULTS / "shortcut.csv", keep_default_na=False)
    auc = {
        split: roc_auc_score(rows["label"], rows[fitted].astype(float))
        for split, rows in table.groupby("split")
        if split in ("val", "restyled")
    }
    assert 0.40 <= auc["restyled"] <= 0.60
    assert auc["val"] > 0.9, "they do on the images as they are"


def test_the_stress_comes_before(tiny_data, tmp_path):
    path = tmp_path / "splits.csv"
    splits.cut(splits.kermany.read(tiny_data).rows, samples=set()).to_csv(path, index=False)
    judged_on = validation.load(tiny_data, path)
    assert list(judged_on) == ["val", "stressed", "restyled"]
    files = [part.rows["file"].tolist() for part in judged_on.values()]
    assert files[0] == files[1] == files[2]
    assert [set(part.rows["split"]) for part in judged_on.values()] == [{name} for name in judged_on]
    assert stress.traces(judged_on["restyled"]) == pytest.approx(stress.traces(judged_on["stressed"]), rel=0.6)
