"""Values with their intervals: a row a category, a mark a series."""

from collections.abc import Mapping
from textwrap import wrap

import plotly.graph_objects as go

from charts.style import canvas, error_bar, looks
from cxr_models.evaluation.intervals import Interval

ROOM = 0.6  # of a row: what the marks of its series share
ROW_PIXELS = 50
FRAME_PIXELS = 150
LABEL_LETTERS = 18  # in a line


def figure(
    series: Mapping[str, Mapping[str, Interval]],
    titles: Mapping[str, str],
    *,
    axis: str,
    reference: float | None = None,
    reference_words: str = "",
) -> go.Figure:
    """series: name → category → value with its interval; categories stand from top to bottom in the order they occur.

    titles: name → its words. reference: where a thin line stands, with its words. What is NaN is left out.
    """
    categories = list(dict.fromkeys(category for points in series.values() for category in points))
    drawn = go.Figure()
    for place, (name, points) in enumerate(series.items()):
        look = looks(series)[name]
        shift = ROOM * ((place + 0.5) / len(series) - 0.5)
        known = {category: it for category, it in points.items() if it.value == it.value}
        bars = [error_bar(it, look) for it in known.values()]
        drawn.add_scatter(
            x=[it.value for it in known.values()],
            y=[categories.index(category) + shift for category in known],
            error_x={
                **(bars[0] if bars else {}),
                "array": [bar["array"][0] for bar in bars],
                "arrayminus": [bar["arrayminus"][0] for bar in bars],
            },
            mode="markers",
            name=titles[name],
            marker={"color": look.colour, "symbol": look.symbol, "size": 9},
            customdata=[[category, it.low, it.high] for category, it in known.items()],
            hovertemplate=f"{titles[name]}<br>%{{customdata[0]}}<br>%{{x:.3f}} (%{{customdata[1]:.3f}} to "
            "%{customdata[2]:.3f})<extra></extra>",
        )
    if reference is not None:
        drawn.add_vline(
            x=reference, line={"color": "#888888", "width": 1, "dash": "dot"}, annotation_text=reference_words,
            annotation_position="bottom right", annotation_font_color="#888888",
        )  # fmt: skip
    drawn.update_yaxes(
        tickvals=list(range(len(categories))), ticktext=[_wrapped(it) for it in categories],
        range=[len(categories) - 0.5, -0.5], showgrid=False, zeroline=False, fixedrange=True, automargin=True,
    )  # fmt: skip
    drawn.update_xaxes(title=axis, zeroline=False, fixedrange=True)
    return canvas(drawn, height=FRAME_PIXELS + ROW_PIXELS * len(categories))


def _wrapped(text: str) -> str:
    """In short lines, so that a phone keeps room for the marks."""
    return "<br>".join(wrap(text, LABEL_LETTERS, break_long_words=False, break_on_hyphens=False))
