"""The eight small changes: each changes the picture, a little."""

import numpy as np
import pytest

from cxr_models import imaging, inference, views, zoo
from cxr_models.evaluation.operating_point import Threshold
from cxr_models.verdict import judge, stability


@pytest.fixture(scope="module")
def pixels(samples) -> np.ndarray:
    return imaging.pixels(imaging.decode(next(iter(samples.values()))))


@pytest.mark.parametrize("name", views.VIEWS)
def test_a_view_is_another_picture_of_the_same_kind(name, pixels):
    view = views.of(pixels)[name]
    assert view.shape == pixels.shape and view.dtype == np.float32
    assert view.min() >= 0 and view.max() <= 1
    if name != "mirrored":
        assert 0 < np.abs(view - pixels).mean() < 0.1


def test_zooming_keeps_the_middle_where_it_is():
    dot = np.zeros((224, 224), np.float32)
    dot[110:114, 110:114] = 1
    for name in ("5 % larger", "5 % smaller"):
        rows, columns = np.nonzero(views.of(dot)[name] > 0.5)
        assert rows.mean() == columns.mean() == pytest.approx(111.5)


def test_mirrored_twice_is_the_picture(pixels):
    assert (views.mirrored(views.mirrored(pixels)) == pixels).all()


@pytest.mark.parametrize("name", zoo.COMPARED)
def test_scores_of_views_are_what_a_reading_of_each_gives(name, pixels):
    found = inference.scores_of_views(pixels, name)
    assert list(found) == list(views.VIEWS)
    darker = inference.read(views.of(pixels)["darker"], name)
    assert found["darker"] == pytest.approx(darker.score, abs=1e-5)


def test_stability_names_what_turns_the_verdict():
    given = judge(0.4, Threshold(0.5, 0.5, 0.5))
    assert stability(given, {"mirrored": 0.3, "darker": 0.5}).turned == ("darker",)
    assert "Stays in all 2" in stability(given, {"mirrored": 0.3, "darker": 0.45}).words
