"""A confusion matrix."""

import plotly.graph_objects as go

from charts.style import Look, canvas
from cxr_models.evaluation.confusion import Confusion

VERDICTS = ["called suspected", "called not suspected"]
TRUTHS = ["pneumonia", "normal"]
CELL = 90  # pixels: what of a cell can be clicked


def figure(counts: Confusion, look: Look, *, ink: str) -> go.Figure:
    """Counts and row percentages: truth in rows, verdict in columns; the deeper, the larger the share of the row.

    A row without pictures has counts only. ink: colour of the words, dark on a light page and light on a dark one.
    """
    shares = [[counts.sensitivity, 1 - counts.sensitivity], [1 - counts.specificity, counts.specificity]]
    words = [
        _cell("found", counts.tp, shares[0][0]),
        _cell("missed", counts.fn, shares[0][1]),
        _cell("false alarms", counts.fp, shares[1][0]),
        _cell("cleared", counts.tn, shares[1][1]),
    ]
    drawn = go.Figure()
    # Pale enough at its deepest for dark and for light letters.
    scale = [[0, look.faded(0.03)], [1, look.faded(0.45)]]
    drawn.add_heatmap(
        z=shares, x=VERDICTS, y=TRUTHS, colorscale=scale, zmin=0, zmax=1, showscale=False, xgap=3, ygap=3,
        hoverinfo="skip",
    )  # fmt: skip
    # The words are points of their own: a heat map would colour them by its own guess, which is wrong in the dark. And
    # a heat map tells of no click: the points have marks that nobody sees.
    unseen = {"marker": {"opacity": 0}, "textfont": {"color": ink}}
    drawn.add_scatter(
        x=VERDICTS * 2, y=[truth for truth in TRUTHS for _ in VERDICTS], text=words, mode="markers+text",
        textfont={"size": 14, "color": ink}, marker={"symbol": "square", "size": CELL, "opacity": 0},
        selected=unseen, unselected=unseen, hoverinfo="none", showlegend=False,
    )  # fmt: skip
    # Ranges of their own, or plotly makes room around the marks.
    drawn.update_yaxes(range=[1.5, -0.5], showgrid=False, ticks="", tickangle=-90, fixedrange=True)
    drawn.update_xaxes(range=[-0.5, 1.5], side="top", showgrid=False, ticks="", fixedrange=True)
    return canvas(drawn, height=250)


def _cell(word: str, count: int, share: float) -> str:
    percent = f"<br>{share:.1%}".replace("%", " %") if share == share else ""
    return f"<b>{count}</b> {word}{percent}"
