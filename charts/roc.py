"""ROC curves with the operating points on them."""

from collections.abc import Mapping

import plotly.graph_objects as go

from charts.style import LOOKS, canvas
from cxr_models import zoo
from cxr_models.evaluation.confusion import Confusion
from cxr_models.evaluation.curves import Roc


def figure(curves: Mapping[str, Roc], points: Mapping[str, Confusion]) -> go.Figure:
    """Sensitivity against false alarms, a line a model; points: what was counted at each model's threshold.

    The mark lies where it was counted, never at the nearest corner of the curve.
    """
    drawn = go.Figure()
    drawn.add_scatter(
        x=[0, 1], y=[0, 1], mode="lines", line={"color": "#888888", "width": 1}, hoverinfo="skip", showlegend=False
    )
    for name, curve in curves.items():
        _add(drawn, name, curve, points[name])
    axis = {"range": [-0.01, 1.01], "tickformat": ".0%", "zeroline": False, "constrain": "domain"}
    drawn.update_xaxes(title="False alarms among normals (1 − specificity)", **axis)
    drawn.update_yaxes(title="Pneumonias found (sensitivity)", **axis)
    return canvas(drawn, height=480)


def _add(drawn: go.Figure, name: str, curve: Roc, counts: Confusion) -> None:
    look, title = LOOKS[name], zoo.spec(name).title
    drawn.add_scatter(
        x=curve.fpr,
        y=curve.tpr,
        customdata=curve.thresholds,
        mode="lines",
        name=title,
        legendgroup=name,
        line={"color": look.colour, "dash": look.dash, "width": 2},
        hovertemplate=f"{title}<br>threshold %{{customdata:.3f}}<br>sensitivity %{{y:.1%}}<br>"
        "false alarms %{x:.1%}<extra></extra>",
    )
    drawn.add_scatter(
        x=[1 - counts.specificity],
        y=[counts.sensitivity],
        mode="markers",
        name=f"{title}, operating point",
        legendgroup=name,
        showlegend=False,
        marker={"color": look.colour, "symbol": look.symbol, "size": 14, "line": {"width": 2, "color": "#ffffff"}},
        hovertemplate=f"{title}, operating point<br>sensitivity %{{y:.1%}}<br>false alarms %{{x:.1%}}<extra></extra>",
    )
