"""The layer over the picture: one hue, stronger is lighter and more opaque, nothing where there is nothing."""

import base64
import io

import numpy as np
import pytest
from PIL import Image

from cxr_models import imaging
from cxr_models.evaluation import heat_maps
from cxr_models.evaluation.intervals import Interval
from ui import cached, heat_map


def opened(uri: str) -> Image.Image:
    return Image.open(io.BytesIO(base64.b64decode(uri.partition(",")[2])))


def measured(**gains: Interval) -> dict[str, dict[str, Interval]]:
    return {name: {"gain": gain} for name, gain in gains.items()}


def test_whose_maps_point_at_what_counts_is_said_by_their_intervals(monkeypatch):
    sure, unsure = Interval(0.3, 0.1, 0.5), Interval(0.3, -0.1, 0.7)
    monkeypatch.setattr(cached, "worth_of_maps", lambda: measured(base_cnn=unsure, student=unsure, resnet50=sure))
    said = heat_map.worth()
    assert "maps of ResNet-50 point at what" in said
    assert said.endswith("for Custom CNN and Distilled student that was not found.")
    monkeypatch.setattr(cached, "worth_of_maps", lambda: measured(student=sure))
    assert heat_map.worth().endswith("maps of Distilled student point at what the score hangs on.")
    monkeypatch.setattr(cached, "worth_of_maps", lambda: measured(student=unsure))
    assert "no model's maps were found" in heat_map.worth()


def test_what_was_not_measured_is_not_said(monkeypatch, tmp_path):
    monkeypatch.setattr(heat_maps, "TABLE", tmp_path / "heatmaps.csv")
    assert heat_map.worth() == ""


def test_a_map_without_positive_evidence_is_no_layer():
    assert heat_map.layer_uri(np.full((224, 224), -1.0), scale=1) == ""
    assert heat_map.layer_uri(np.zeros((224, 224)), scale=1) == ""


def test_strength_is_measured_on_the_model_s_scale_and_not_on_the_map_s():
    weak, strong = np.zeros((224, 224)), np.zeros((224, 224))
    weak[0, 0], strong[0, 0] = 0.5, 4.0
    weak, strong = (np.asarray(opened(heat_map.layer_uri(it, scale=2))) for it in (weak, strong))
    assert weak.shape == (224, 224, 4)
    assert weak[0, 0, 3] < strong[0, 0, 3] == heat_map.ramp()[-1, 3]
    assert weak[100, 100, 3] == 0


def test_the_ramp_rises_in_lightness_and_opacity_and_keeps_its_hue():
    ramp = heat_map.ramp().astype(float)
    luminance = ramp[:, :3] @ [0.2126, 0.7152, 0.0722]
    assert (np.diff(luminance) >= -0.5).all() and luminance[-1] > luminance[0] + 80
    assert (np.diff(ramp[:, 3]) >= 0).all() and ramp[0, 3] == 0
    assert (ramp[:, 0] > ramp[:, 1]).all() and (ramp[:, 1] > ramp[:, 2]).all()


def test_the_picture_is_shown_whole_and_no_larger_than_a_screen():
    grey = np.tile(np.linspace(0, 1, 5000, dtype=np.float32), (2500, 1))
    image = opened(heat_map.picture_uri(imaging.Picture(grey, (0, 0, 5000, 2500), "0" * 64, False)))
    assert image.size == (heat_map.LONGEST_SIDE, heat_map.LONGEST_SIDE // 2)


def test_the_layer_covers_only_what_the_networks_saw():
    picture = imaging.Picture(np.zeros((200, 400), np.float32), (40, 20, 360, 200), "0" * 64, False)
    assert heat_map.box_percent(picture) == pytest.approx({"left": 10, "top": 10, "width": 80, "height": 90})


def test_the_peak_is_a_share_of_the_scale_and_never_negative():
    assert heat_map.peak(np.array([[-1.0, 0.5]]), scale=2) == 0.25
    assert heat_map.peak(np.array([[-1.0]]), scale=2) == 0
