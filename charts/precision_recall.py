"""Precision-recall curves with the operating points on them."""

from collections.abc import Mapping

import plotly.graph_objects as go

from charts.style import CORNER, LOOKS, canvas, error_bar, share_axis
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
) -> go.Figure:
    """Precision against recall, a line a model, and the precision of calling everybody suspected.

    points: what was counted at each model's threshold; rates: precision and recall with intervals, drawn as a cross.
    corner: only the upper right, for models that are hard to tell apart.
    """
    drawn = go.Figure()
    for name, curve in curves.items():
        look, title = LOOKS[name], zoo.spec(name).title
        drawn.add_scatter(
            x=curve.recall,
            y=curve.precision,
            customdata=curve.thresholds,
            mode="lines",
            name=title,
            legendgroup=name,
            line={"color": look.colour, "dash": look.dash, "width": 2},
            hovertemplate=f"{title}<br>threshold %{{customdata:.3f}}<br>recall %{{x:.1%}}<br>"
            "precision %{y:.1%}<extra></extra>",
        )
    for name, counts in points.items():
        look, title = LOOKS[name], zoo.spec(name).title
        drawn.add_scatter(
            x=[counts.recall],
            y=[counts.precision],
            error_x=error_bar(rates[name]["recall"], look),
            error_y=error_bar(rates[name]["precision"], look),
            mode="markers",
            name=f"{title}, operating point",
            legendgroup=name,
            showlegend=False,
            marker={"color": look.colour, "symbol": look.symbol, "size": 11, "line": {"width": 1, "color": "#ffffff"}},
            hovertemplate=f"{title}, operating point<br>recall %{{x:.1%}}<br>precision %{{y:.1%}}<extra></extra>",
        )
    share = next(iter(curves.values())).share
    drawn.add_hline(
        y=share,
        line={"color": "#888888", "width": 1},
        annotation_text="everybody called suspected",
        annotation_position="bottom left",
    )
    low = 1 - CORNER if corner else 0
    drawn.update_xaxes(share_axis("Pneumonias found (recall)", low, 1))
    drawn.update_yaxes(share_axis("Pneumonias among the suspected (precision)", low, 1))
    return canvas(drawn, height=480)
