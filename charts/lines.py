"""Values along a number: an epoch, a grade of change. One panel or several beside each other."""

from collections.abc import Mapping

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from charts.style import canvas, looks
from cxr_models.evaluation.intervals import Interval

Line = Mapping[float, Interval]
PANEL_PIXELS = 210
COLUMNS = 2


def figure(
    panels: Mapping[str, Mapping[str, Line]],
    titles: Mapping[str, str],
    *,
    x: str,
    y: str,
) -> go.Figure:
    """panels: heading → name of a line → x → value with its interval (equal ends where there is none), drawn as a band.

    titles: name of a line → its words.
    """
    columns = min(COLUMNS, len(panels))
    rows = -(-len(panels) // columns)
    drawn = make_subplots(
        rows=rows, cols=columns, shared_yaxes="all", subplot_titles=list(panels) if len(panels) > 1 else None,
        vertical_spacing=0.35 / max(rows, 1) / 1.5, horizontal_spacing=0.06,
    )  # fmt: skip
    named = list(dict.fromkeys(name for lines in panels.values() for name in lines))
    for place, lines in enumerate(panels.values()):
        where = {"row": place // columns + 1, "col": place % columns + 1}
        for name, points in lines.items():
            look = looks(named)[name]
            xs = list(points)
            drawn.add_scatter(
                x=[*xs, *reversed(xs)],
                y=[*(points[it].high for it in xs), *(points[it].low for it in reversed(xs))],
                fill="toself", fillcolor=look.faded(0.15), line={"width": 0}, hoverinfo="skip", showlegend=False,
                legendgroup=name, mode="lines", **where,
            )  # fmt: skip
            drawn.add_scatter(
                x=xs,
                y=[points[it].value for it in xs],
                mode="lines+markers",
                name=titles[name],
                legendgroup=name,
                showlegend=place == 0,
                line={"color": look.colour, "dash": look.dash, "width": 2},
                marker={"color": look.colour, "symbol": look.symbol, "size": 7},
                hovertemplate=f"{titles[name]}<br>{x} %{{x}}<br>{y} %{{y:.3f}}<extra></extra>",
                **where,
            )
    drawn.update_xaxes(zeroline=False, fixedrange=True)
    drawn.update_xaxes(title=x, row=rows)
    drawn.update_yaxes(zeroline=False, fixedrange=True)
    drawn.update_yaxes(title=y, col=1)
    drawn = canvas(drawn, height=100 + PANEL_PIXELS * rows if rows > 1 else 380)
    return drawn.update_layout(margin={"t": 40}, legend={"y": 1.02 + 0.12 / rows})
