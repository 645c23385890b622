"""Figures draw what they are given, in colours and words that stand on any page."""

import math

import numpy as np
import pytest

from charts import matrix, roc, size
from charts.style import LOOKS, Look
from cxr_models import zoo
from cxr_models.evaluation import curves
from cxr_models.evaluation.confusion import Confusion
from cxr_models.evaluation.intervals import Interval
from cxr_models.evaluation.tradeoff import Candidate

COUNTS = Confusion(tp=9, fp=2, fn=1, tn=8)


def all_figures():
    curve = curves.roc([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8])
    candidate = Candidate("Title", Interval(0.95, 0.9, 0.98), 90_000, 180_000, COUNTS)
    return [
        roc.figure(dict.fromkeys(LOOKS, curve), dict.fromkeys(LOOKS, COUNTS)),
        matrix.figure("student", COUNTS, ink="#000000"),
        size.figure(dict.fromkeys(LOOKS, candidate)),
    ]


@pytest.mark.parametrize("figure", all_figures(), ids=["roc", "matrix", "size"])
def test_backgrounds_are_transparent(figure):
    assert figure.layout.paper_bgcolor == figure.layout.plot_bgcolor == "rgba(0,0,0,0)"


def test_every_compared_model_has_a_look_of_its_own():
    assert tuple(LOOKS) == zoo.COMPARED
    for trait in ("colour", "dash", "symbol"):
        assert len({getattr(look, trait) for look in LOOKS.values()}) == len(LOOKS)


@pytest.mark.parametrize("look", LOOKS.values())
@pytest.mark.parametrize("page", ["#ffffff", "#101418"])
def test_colours_stand_out_on_light_and_dark(look: Look, page: str):
    def luminance(colour: str) -> float:
        shares = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
        linear = np.where(shares <= 0.04045, shares / 12.92, ((shares + 0.055) / 1.055) ** 2.4)
        return float(linear @ [0.2126, 0.7152, 0.0722])

    low, high = sorted((luminance(look.colour), luminance(page)))
    assert (high + 0.05) / (low + 0.05) >= 3  # WCAG 2.2, 1.4.11


def test_the_roc_mark_is_what_was_counted():
    figure = roc.figure({"student": curves.roc([0, 1], [0.1, 0.9])}, {"student": COUNTS})
    mark = figure.data[-1]
    assert (mark.x[0], mark.y[0]) == (pytest.approx(0.2), 0.9)


def test_a_matrix_has_counts_and_row_percentages_in_their_cells():
    words = dict(zip(*_cells(matrix.figure("student", COUNTS, ink="#000000")), strict=True))
    assert words == {
        ("pneumonia", "called suspected"): "<b>9</b> found<br>90.0 %",
        ("pneumonia", "called not suspected"): "<b>1</b> missed<br>10.0 %",
        ("normal", "called suspected"): "<b>2</b> false alarms<br>20.0 %",
        ("normal", "called not suspected"): "<b>8</b> cleared<br>80.0 %",
    }


def test_a_row_without_pictures_has_counts_only():
    _, words = _cells(matrix.figure("student", Confusion(tp=0, fp=2, fn=0, tn=8), ink="#000000"))
    assert words[0] == "<b>0</b> found"


def test_size_draws_the_interval_and_not_a_symmetric_error():
    bar = all_figures()[2].data[0].error_y
    assert math.isclose(bar.array[0], 0.03) and math.isclose(bar.arrayminus[0], 0.05)


def _cells(figure) -> tuple[list, list]:
    (trace,) = (trace for trace in figure.data if trace.type == "scatter")
    return list(zip(trace.y, trace.x, strict=True)), list(trace.text)
