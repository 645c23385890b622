"""The layer over the picture: one hue, stronger is lighter and more opaque, nothing where there is nothing."""

import base64
import dataclasses
import io

import numpy as np
import pytest
from PIL import Image

from cxr_models import imaging, zoo
from cxr_models.evaluation import heat_maps
from cxr_models.evaluation.intervals import Interval
from ui import cached, heat_map


def opened(uri: str) -> Image.Image:
    return Image.open(io.BytesIO(base64.b64decode(uri.partition(",")[2])))


SURE, UNSURE = Interval(0.3, 0.1, 0.5), Interval(0.3, -0.1, 0.7)


def measured(**gains: Interval) -> dict[str, dict[str, dict[str, Interval]]]:
    inside = {"inside": Interval(0.75, 0.7, 0.8)}
    return {name: {"All": inside | dict.fromkeys(heat_maps.GAINS, gain)} for name, gain in gains.items()}


@pytest.mark.parametrize(
    ("found", "said", "unsaid"),
    [
        (
            {"base_cnn": UNSURE, "student": SURE, "resnet50": SURE},
            (
                "another part of the chest (Distilled student, ResNet-50).",
                "Not shown on the test set for Custom CNN.",
                "inside the chest: Custom CNN 75.0 %, Distilled student 75.0 %, ResNet-50 75.0 %.",
            ),
            ("not measured",),
        ),
        (
            {"student": SURE},
            (
                "another part of the chest (Distilled student).",
                "not measured on the test set yet for Custom CNN and ResNet-50.",
            ),
            ("Not shown",),
        ),
        ({"student": UNSURE}, ("Not shown on the test set for Distilled student.",), ("lowers the logit",)),
        ({}, ("Removal check: not measured on the test set yet for Custom CNN, ",), ("Not shown", "lowers", "Share")),
    ],
    ids=["one fails", "one measured", "none holds", "none measured"],
)
def test_only_what_was_measured_is_said(monkeypatch, found, said, unsaid):
    monkeypatch.setattr(cached, "heat_map_checks", lambda: measured(**found))
    sentences = heat_map.removal_check()
    assert all(words in sentences for words in said) and not any(words in sentences for words in unsaid)


def test_without_a_table_the_caption_still_names_the_methods(monkeypatch, tmp_path):
    monkeypatch.setattr(heat_maps, "TABLE", tmp_path / "heatmaps.csv")
    assert heat_map.removal_check() == ""
    assert all(heat_map.method(name) in heat_map.caption() for name in zoo.COMPARED)
    assert heat_map.caption().endswith("It does not locate disease.")


@pytest.mark.parametrize(
    ("methods", "words"),
    [
        (("HiResCAM", "HiResCAM", "HiResCAM"), "Heat maps: HiResCAM, for all models."),
        (("HiResCAM", "LayerCAM", "HiResCAM"), "Heat maps: HiResCAM for Custom CNN and ResNet-50; LayerCAM for"),
        (("GradCAM", "LayerCAM", "HiResCAM"), "Heat maps: Grad-CAM for Custom CNN; LayerCAM for Distilled student; "),
    ],
)
def test_the_caption_says_which_method_a_map_is_of(monkeypatch, methods, words):
    for name, method in zip(zoo.COMPARED, methods, strict=True):
        monkeypatch.setitem(zoo.SPECS, name, dataclasses.replace(zoo.spec(name), heat_map_method=method))
    assert heat_map.caption().startswith(words)


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
