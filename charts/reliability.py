"""Whether a score of .8 means 80 %: the share of pneumonias against the score."""

from collections.abc import Mapping

import plotly.graph_objects as go

from charts.style import canvas, looks, share_axis
from cxr_models.evaluation.calibration import Reliability


def figure(curves: Mapping[str, Reliability], titles: Mapping[str, str]) -> go.Figure:
    """A line a model with its 95 % intervals; on the diagonal a score keeps its word."""
    drawn = go.Figure()
    drawn.add_scatter(
        x=[0, 1], y=[0, 1], mode="lines", line={"color": "#888888", "width": 1}, hoverinfo="skip", showlegend=False
    )
    for name, curve in curves.items():
        look = looks(curves)[name]
        drawn.add_scatter(
            x=curve.mean_score,
            y=curve.share,
            error_y={
                "type": "data", "symmetric": False, "array": curve.high - curve.share,
                "arrayminus": curve.share - curve.low, "color": look.colour, "thickness": 1.5, "width": 5,
            },
            mode="lines+markers",
            name=titles[name],
            line={"color": look.colour, "dash": look.dash, "width": 1.5},
            marker={"color": look.colour, "symbol": look.symbol, "size": 8},
            customdata=curve.n,
            hovertemplate=f"{titles[name]}<br>score %{{x:.2f}}<br>pneumonia %{{y:.0%}} of %{{customdata}} pictures"
            "<extra></extra>",
        )  # fmt: skip
    drawn.update_xaxes(share_axis("Score", 0, 1))
    drawn.update_yaxes(share_axis("Pictures with pneumonia", 0, 1))
    return canvas(drawn, height=420)
