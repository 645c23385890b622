import io
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from cxr_models import imaging, plausibility
from cxr_models.errors import CheckpointRefused, PictureRefused
from cxr_models.plausibility import fitted
from train import spoiled, strangers
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


@pytest.mark.parametrize("reason", ["side", "upside_down", "negative", "two", "screenshot"])
def test_a_spoiled_sample_is_named(chest, reason):
    small = np.asarray(Image.fromarray(chest).resize((imaging.SIDE, imaging.SIDE)))
    changed = spoiled.CHANGES[reason][0](small, np.random.default_rng(0), small)
    assert plausibility.REASONS[reason] in said(picture_of(changed))


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


def test_distance_is_one_for_a_usual_picture_of_a_round_cloud():
    ones = np.ones(4)
    cloud = fitted.Fitted(("plain", "side"), ones, ones, np.eye(2, 4), ones[:2], 0 * ones, ones, np.eye(4))
    assert cloud.distance(np.array([1.0, -1, 1, -1])) == pytest.approx(1)
    assert cloud.probabilities(np.stack([ones, 3 * ones])).sum(1) == pytest.approx([1, 1])
