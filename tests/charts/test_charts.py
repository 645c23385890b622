"""Figures draw what they are given, in colours and words that stand on any page."""

import math

import numpy as np
import pytest

from charts import icons, lines, matrix, net_benefit, pareto, precision_recall, roc
from charts.style import LOOKS, Look
from cxr_models import zoo
from cxr_models.evaluation import curves, decision
from cxr_models.evaluation.confusion import Confusion
from cxr_models.evaluation.intervals import Interval
from cxr_models.evaluation.tradeoff import Candidate

COUNTS = Confusion(tp=9, fp=2, fn=1, tn=8)
ROWS = [0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]
RATES = {
    "sensitivity": Interval(0.9, 0.7, 0.95),
    "specificity": Interval(0.8, 0.5, 0.9),
    "recall": Interval(0.9, 0.7, 0.95),
    "precision": Interval(9 / 11, 0.6, 0.9),
}


def of_every_model(it):
    return dict.fromkeys(LOOKS, it)


def all_figures():
    curve = curves.roc(*ROWS)
    candidate = Candidate(
        title="Title", threshold=0.5, sensitivity=RATES["sensitivity"], specificity=RATES["specificity"],
        auc=Interval(0.95, 0.9, 0.98), counts=COUNTS, calibration=None, parameters=90_000, size=180_000,
    )  # fmt: skip
    gain = decision.decision_curve(*ROWS, prevalence=0.1)
    band = decision.decision_band(*ROWS, ["a", "b", "c", "d"], prevalence=0.1, resamples=20)
    points, rates = of_every_model(COUNTS), of_every_model(RATES)
    stretch = of_every_model(curve.between(0.3, 0.5))
    return {
        "roc": roc.figure(of_every_model(curve), points, stretch, rates),
        "matrix": matrix.figure(COUNTS, LOOKS["student"], ink="#000000"),
        "pareto": pareto.figure(of_every_model(candidate), "size", ["student"]),
        "precision_recall": precision_recall.figure(
            of_every_model(curves.precision_recall(*ROWS)), points, rates, corner=True
        ),
        "net_benefit": net_benefit.figure(of_every_model(gain), of_every_model(band), prevalence=0.1),
        "icons": icons.figure(decision.per_thousand(0.9, 0.8, prevalence=0.1)),
    }


def named(figure, name: str):
    (trace,) = (trace for trace in figure.data if trace.name == name)
    return trace


@pytest.mark.parametrize("figure", all_figures().values(), ids=all_figures())
def test_a_figure_keeps_its_height(figure):
    assert figure.layout.height


@pytest.mark.parametrize("figure", all_figures().values(), ids=all_figures())
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


def test_the_roc_mark_and_its_cross_are_what_was_counted():
    mark = named(all_figures()["roc"], "Distilled student, operating point")
    assert (mark.x[0], mark.y[0]) == (pytest.approx(0.2), 0.9)
    ends = [mark.x[0] - mark.error_x.arrayminus[0], mark.x[0] + mark.error_x.array[0]]
    assert ends == pytest.approx([0.1, 0.5])  # 1 - specificity, turned
    ends = [mark.y[0] - mark.error_y.arrayminus[0], mark.y[0] + mark.error_y.array[0]]
    assert ends == pytest.approx([0.7, 0.95])


def test_the_roc_stretch_is_the_part_of_the_curve_it_is_given():
    stretch = named(all_figures()["roc"], "Distilled student, interval of the threshold")
    assert list(zip(stretch.x, stretch.y, strict=True)) == [(0, 0.5), (0.5, 0.5), (0.5, 1)]


def test_the_precision_recall_mark_is_what_was_counted():
    mark = named(all_figures()["precision_recall"], "ResNet-50, operating point")
    assert (mark.x[0], mark.y[0]) == (0.9, pytest.approx(9 / 11))


def test_a_thousand_children_are_a_thousand_marks_each_in_its_own_place():
    figure = icons.figure(decision.per_thousand(0.9, 0.8, prevalence=0.1))
    places = [place for trace in figure.data for place in zip(trace.x, trace.y, strict=True)]
    assert len(set(places)) == len(places) == 1000
    assert [trace.name for trace in figure.data] == ["90 found", "10 missed", "180 false alarms", "720 cleared"]
    assert len({trace.marker.symbol for trace in figure.data}) == 4


def test_a_kind_without_children_keeps_its_word():
    figure = icons.figure(decision.per_thousand(1.0, 1.0, prevalence=0.1))
    assert named(figure, "0 missed").x == (None,)


def test_net_benefit_shows_what_the_model_is_measured_against():
    figure = all_figures()["net_benefit"]
    assert named(figure, "treat none").y[0] == 0 and named(figure, "treat all").y[0] == pytest.approx(0.1 - 0.9 / 99)
    low, high = figure.layout.yaxis.range
    assert low < 0 and high > 0.1


def test_a_matrix_has_counts_and_row_percentages_in_their_cells():
    words = dict(zip(*_cells(matrix.figure(COUNTS, LOOKS["student"], ink="#000000")), strict=True))
    assert words == {
        ("pneumonia", "called suspected"): "<b>9</b> found<br>90.0 %",
        ("pneumonia", "called not suspected"): "<b>1</b> missed<br>10.0 %",
        ("normal", "called suspected"): "<b>2</b> false alarms<br>20.0 %",
        ("normal", "called not suspected"): "<b>8</b> cleared<br>80.0 %",
    }


def test_a_row_without_pictures_has_counts_only():
    _, words = _cells(matrix.figure(Confusion(tp=0, fp=2, fn=0, tn=8), LOOKS["student"], ink="#000000"))
    assert words[0] == "<b>0</b> found"


def test_cost_is_drawn_in_megabytes_with_the_interval_and_not_a_symmetric_error():
    mark = all_figures()["pareto"].data[1]
    assert mark.x[0] == pytest.approx(0.18) and mark.y[0] == 0.95
    assert math.isclose(mark.error_y.array[0], 0.03) and math.isclose(mark.error_y.arrayminus[0], 0.05)


def _cells(figure) -> tuple[list, list]:
    (trace,) = (trace for trace in figure.data if trace.type == "scatter")
    return list(zip(trace.y, trace.x, strict=True)), list(trace.text)


def test_panels_of_lines_have_one_scale_so_that_falls_compare():
    flat, fall = ({0.0: Interval(0.9, 0.9, 0.9), 1.0: Interval(end, end, end)} for end in (0.89, 0.5))
    panels = {title: {"student": line} for title, line in zip("abc", (flat, fall, flat), strict=True)}
    drawn = lines.figure(panels, {"student": "Student"}, x="grade", y="AUC")
    scales = {axis.matches or axis.plotly_name.replace("axis", "") for axis in drawn.select_yaxes()}
    assert len(scales) == 1
