"""ROC curves with the operating points on them."""

from collections.abc import Mapping

import plotly.graph_objects as go

from charts.style import CORNER, Look, Part, add_curve, add_operating_point, canvas, looks, share_axis
from cxr_models import zoo
from cxr_models.evaluation.confusion import Confusion
from cxr_models.evaluation.curves import Roc
from cxr_models.evaluation.intervals import Interval


def figure(
    curves: Mapping[str, Roc],
    points: Mapping[str, Confusion],
    stretches: Mapping[str, Roc],
    rates: Mapping[str, Mapping[str, Interval]],
    *,
    corner: bool = False,
    part: Part | None = None,
    titles: Mapping[str, str] | None = None,
) -> go.Figure:
    """Sensitivity against false alarms, a line a model.

    points: what was counted at each model's threshold; the mark lies there, never at the nearest corner of the curve.
    stretches: the part of the curve between the ends of the threshold's interval, drawn broad. rates: sensitivity and
    specificity with intervals, drawn as a cross. corner: only the upper left, for models that are hard to tell apart.
    part: only that, instead. titles: the words for what is no model of ours.
    """
    look, titles = looks(curves), titles or {name: zoo.spec(name).title for name in curves}
    drawn = go.Figure()
    drawn.add_scatter(
        x=[0, 1], y=[0, 1], mode="lines", line={"color": "#888888", "width": 1}, hoverinfo="skip", showlegend=False
    )
    for name, curve in curves.items():
        _add_curve(drawn, name, titles[name], look[name], curve, stretches[name])
    for name, counts in points.items():
        add_operating_point(
            drawn, name, titles[name], look[name], x=1 - counts.specificity, y=counts.sensitivity,
            across=rates[name]["specificity"].complement, up=rates[name]["sensitivity"],
            hover="sensitivity %{y:.1%}<br>false alarms %{x:.1%}",
        )  # fmt: skip
    across, up = part or ((0, CORNER if corner else 1), (1 - CORNER if corner else 0, 1))
    drawn.update_xaxes(share_axis("False alarms among normals (1 − specificity)", *across))
    drawn.update_yaxes(share_axis("Pneumonias found (sensitivity)", *up))
    return canvas(drawn, height=480)


def _add_curve(drawn: go.Figure, name: str, title: str, look: Look, curve: Roc, stretch: Roc) -> None:
    drawn.add_scatter(
        x=stretch.fpr,
        y=stretch.tpr,
        mode="lines",
        name=f"{title}, interval of the threshold",
        legendgroup=name,
        showlegend=False,
        line={"color": look.faded(0.4), "width": 12},
        hoverinfo="skip",
    )
    add_curve(
        drawn, name, title, look, x=curve.fpr, y=curve.tpr, customdata=curve.thresholds,
        hover="threshold %{customdata:.9~g}<br>sensitivity %{y:.1%}<br>false alarms %{x:.1%}",
    )  # fmt: skip
