"""Decision curves: what acting on a model gains."""

from collections.abc import Mapping

import plotly.graph_objects as go

from charts.style import Look, add_curve, canvas, looks, share_axis
from cxr_models import zoo
from cxr_models.evaluation.decision import Band, DecisionCurve

ALL = {"color": "#888888", "dash": "dashdot", "width": 2}
NONE = {"color": "#888888", "dash": "solid", "width": 2}
ROOM = 0.15  # of the prevalence, above the highest and below zero


def figure(
    curves: Mapping[str, DecisionCurve],
    bands: Mapping[str, Band],
    *,
    prevalence: float,
    titles: Mapping[str, str] | None = None,
) -> go.Figure:
    """Net benefit against the threshold probability, a line with its 95 % band a model, against treating all and none.

    The most that can be gained is the prevalence: every pneumonia found and nobody else called. titles: the words for
    what is no model of ours.
    """
    look, titles = looks(curves), titles or {name: zoo.spec(name).title for name in curves}
    drawn = go.Figure()
    for name, curve in curves.items():
        _add_band(drawn, name, titles[name], look[name], curve, bands[name])
    any_curve = next(iter(curves.values()))
    for title, values, line in (("treat all", any_curve.treat_all, ALL), ("treat none", any_curve.treat_none, NONE)):
        drawn.add_scatter(
            x=any_curve.threshold, y=values, mode="lines", name=title, line=line,
            hovertemplate=f"{title}<br>threshold probability %{{x:.0%}}<br>net benefit %{{y:.3f}}<extra></extra>",
        )  # fmt: skip
    for name, curve in curves.items():
        add_curve(
            drawn, name, titles[name], look[name], x=curve.threshold, y=curve.model,
            hover="threshold probability %{x:.0%}<br>net benefit %{y:.3f}",
        )  # fmt: skip
    drawn.update_xaxes(share_axis("How likely a pneumonia must be before one acts", 0, 1))
    drawn.update_yaxes(
        title="Net benefit a child", tickformat=".3f", zeroline=False,
        range=[-ROOM * prevalence, (1 + ROOM) * prevalence],
    )  # fmt: skip
    return canvas(drawn, height=420)


def _add_band(drawn: go.Figure, name: str, title: str, look: Look, curve: DecisionCurve, band: Band) -> None:
    drawn.add_scatter(
        x=[*curve.threshold, *curve.threshold[::-1]],
        y=[*band.high, *band.low[::-1]],
        mode="lines",
        fill="toself",
        fillcolor=look.faded(0.15),
        line={"width": 0},
        name=f"{title}, 95 % interval",
        legendgroup=name,
        showlegend=False,
        hoverinfo="skip",
    )
