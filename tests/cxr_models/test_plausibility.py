import io
from dataclasses import replace

import numpy as np
import pytest
import torch
from PIL import Image

from cxr_models import imaging, plausibility
from cxr_models.errors import CheckpointRefused, PictureRefused
from cxr_models.plausibility import fitted
from train import robustness, spoiled, strangers
from train.plausibility import picture_of


def picture(array: np.ndarray) -> imaging.Picture:
    buffer = io.BytesIO()
    Image.fromarray(array).save(buffer, "PNG")
    return imaging.decode(buffer.getvalue())


def said(given: imaging.Picture) -> str:
    try:
        return " ".join(plausibility.check(given))
    except PictureRefused as refusal:
        return str(refusal)


@pytest.fixture(scope="module")
def chest(samples) -> np.ndarray:
    return imaging.decode(samples["IM-0675-0001.jpeg"]).grey


def test_the_samples_pass_without_a_warning(samples):
    for data in samples.values():
        assert plausibility.check(imaging.decode(data)) == []


def test_a_sample_in_another_compression_or_with_bars_passes(chest):
    assert said(picture_of(spoiled.jpeg(chest, 40))) == ""
    assert said(picture_of(np.pad(chest, ((0, 0), (chest.shape[1] // 8,) * 2)))) == ""


@pytest.mark.parametrize("reason", ["side", "upside_down", "negative", "two"])
def test_a_spoiled_sample_is_named(chest, reason):
    small = np.asarray(Image.fromarray(chest).resize((imaging.SIDE, imaging.SIDE)))
    changed = spoiled.CHANGES[reason][0](small, np.random.default_rng(0), small)
    assert plausibility.REASONS[reason] in said(picture_of(changed))


def test_a_screenshot_is_never_read_without_a_word(chest):
    """Most are refused as no chest X-ray; what is read is warned of."""
    for seed in range(5):
        changed = spoiled.CHANGES["screenshot"][0](chest, np.random.default_rng(seed), chest)
        assert said(picture_of(changed))


def test_only_grey_levels_that_a_fax_has():
    levels = np.repeat(np.arange(0, 256, 51, dtype=np.uint8), 60)
    assert "levels of grey" in said(picture(np.tile(levels, (300, 1))))


def test_a_burnt_out_sample_is_named(chest):
    assert plausibility.BURNT in said(picture_of(chest / np.quantile(chest, 0.4)))


def test_a_blank_is_refused():
    with pytest.raises(PictureRefused, match="almost uniform"):
        plausibility.check(picture(np.full((300, 300), 128, np.uint8)))


def test_colours_and_noise_are_refused_with_their_reason():
    noise = np.random.default_rng(0).integers(0, 255, (300, 300, 3)).astype(np.uint8)
    with pytest.raises(PictureRefused, match="does not look like a frontal chest X-ray.*colours"):
        plausibility.check(picture(noise))


def test_a_small_sample_is_warned_of(chest):
    assert "small (120 × 100" in said(picture_of(np.asarray(Image.fromarray(chest).resize((120, 100)))))


@pytest.mark.parametrize("draw", [strangers.page, strangers.table, strangers.chart, strangers.hand, strangers.noise])
def test_what_is_no_x_ray_is_not_passed(draw):
    assert said(picture(strangers._bytes(draw(np.random.default_rng(1)))))


def test_the_files_own_notes_come_first_and_two_more_at_most(chest):
    given = replace(picture_of(1 - chest), notes=("The file says so.",), coloured=True)
    told = plausibility.check(given)
    assert told[0] == "The file says so."
    assert len(told) <= 1 + plausibility.MAX_SENTENCES


def test_limits_fitted_with_other_weights_are_refused(tmp_path, monkeypatch):
    path = tmp_path / "plausibility.safetensors"
    fitted.current().save(path, {})
    assert fitted.load(path).classes == fitted.current().classes
    monkeypatch.setattr(fitted, "_present_weights", lambda: "others")
    with pytest.raises(CheckpointRefused, match="fitted with other weights.*train.plausibility"):
        fitted.load(path)


def test_missing_limits_are_refused(tmp_path):
    with pytest.raises(CheckpointRefused, match="missing"):
        fitted.load(tmp_path / "plausibility.safetensors")


def test_every_reason_has_its_sentence():
    assert fitted.current().classes[0] == fitted.PLAIN
    assert set(fitted.current().classes[1:]) == set(plausibility.REASONS)


def blank(**given) -> fitted.Fitted:
    """Weights that see 'side' in the first two of four numbers, a round cloud of four features."""
    ones = np.ones(4)
    weights = np.array([[0.0, 0, 0, 0], [1, 1, 0, 0], [0, 0, 1, 1]])
    known = {"odd_beyond": np.array([2.0, 2.0]), "centre": 0 * ones, "scale": ones, "precision": np.eye(4)} | given
    return fitted.Fitted(("plain", "side", "part"), 0 * ones, ones, weights, np.zeros(3), **known)


def test_distance_is_one_for_a_usual_picture_of_a_round_cloud():
    usual = np.expm1(1) * fitted.SMALL_FEATURE
    assert blank().distance(np.array([usual, -usual, usual, -usual])) == pytest.approx(1)


@pytest.mark.parametrize(
    ("look", "reason"), [([1, 1, 0, 0], ""), ([1.5, 1, 0, 0], "side"), ([0, 0, 2, 1], "part"), ([2, 2, 3, 3], "part")]
)
def test_a_reason_is_the_likeliest_of_those_beyond_their_limit(look, reason):
    assert blank().reason(np.array(look)) == reason


def test_a_reason_beyond_its_limit_is_named_before_a_likelier_one_that_is_not():
    assert blank(odd_beyond=np.array([2.0, 9.0])).reason(np.array([2, 2, 3, 3])) == "side"


@pytest.mark.parametrize(("change", "words"), [(spoiled.dark, plausibility.DARK), (spoiled.flat, plausibility.FLAT)])
def test_a_dark_and_a_flat_sample_are_named(chest, change, words):
    assert words in said(picture_of(change(chest, np.random.default_rng(0), chest)))


@pytest.mark.parametrize("name", ["noise", "contrast", "brightness"])
def test_a_change_that_takes_the_specificity_away_is_warned_of(samples, name):
    """The strongest grades of `train.robustness`."""
    function, amounts = robustness.CHANGES[name]
    for data in samples.values():
        pixels = torch.from_numpy(imaging.pixels(imaging.decode(data)))[None]
        assert said(picture_of(function(pixels, amounts[-1])[0].numpy())) != ""
