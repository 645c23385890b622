"""Precision-recall curves with the operating points on them."""

from collections.abc import Mapping

import plotly.graph_objects as go

from charts.style import CORNER, Part, add_curve, add_operating_point, canvas, looks, share_axis
from cxr_models import zoo
from cxr_models.evaluation.confusion import Confusion
from cxr_models.evaluation.curves import PrecisionRecall
from cxr_models.evaluation.intervals import Interval


def figure(
    curves: Mapping[str, PrecisionRecall],
    points: Mapping[str, Confusion],
    rates: Mapping[str, Mapping[str, Interval]],
    *,
    corner: bool = False,
    part: Part | None = None,
    titles: Mapping[str, str] | None = None,
) -> go.Figure:
    """Precision against recall, a line a model, and the precision of calling everybody suspected.

    points: what was counted at each model's threshold; rates: precision and recall with intervals, drawn as a cross.
    corner: only the upper right, for models that are hard to tell apart; part: only that, instead. titles: the words
    for what is no model of ours.
    """
    look, titles = looks(curves), titles or {name: zoo.spec(name).title for name in curves}
    drawn = go.Figure()
    for name, curve in curves.items():
        add_curve(
            drawn, name, titles[name], look[name], x=curve.recall, y=curve.precision,
            customdata=curve.thresholds,
            hover="threshold %{customdata:.9~g}<br>recall %{x:.1%}<br>precision %{y:.1%}",
        )  # fmt: skip
    for name, counts in points.items():
        add_operating_point(
            drawn, name, titles[name], look[name], x=counts.recall, y=counts.precision,
            across=rates[name]["recall"], up=rates[name]["precision"],
            hover="recall %{x:.1%}<br>precision %{y:.1%}",
        )  # fmt: skip
    share = next(iter(curves.values())).share
    drawn.add_hline(
        y=share,
        line={"color": "#888888", "width": 1},
        annotation_text="everybody called suspected",
        annotation_position="bottom left",
    )
    low = 1 - CORNER if corner else 0
    across, up = part or ((low, 1), (low, 1))
    drawn.update_xaxes(share_axis("Pneumonias found (recall)", *across))
    drawn.update_yaxes(share_axis("Pneumonias among the suspected (precision)", *up))
    return canvas(drawn, height=480)
