"""A thousand children, one mark each."""

from dataclasses import dataclass

import plotly.graph_objects as go

from charts.style import canvas
from cxr_models.evaluation.decision import PerThousand

WIDE = 40  # marks a row: still apart on a phone


@dataclass(frozen=True)
class Kind:
    """One of the four fates of a child: its word, and the mark it gets."""

    field: str
    word: str
    colour: str
    symbol: str
    size: int


# In this order from the top left, so that those with pneumonia stand together. Shape and place tell what colour does.
KINDS = (
    Kind("found", "found", "#1f9a76", "circle", 5),
    Kind("missed", "missed", "#d1443f", "x", 5),
    Kind("false_alarms", "false alarms", "#b07d12", "triangle-up", 5),
    Kind("cleared", "cleared", "#8a8f98", "circle-open", 4),
)


def figure(of: PerThousand) -> go.Figure:
    """An array of 1,000 marks: pneumonias found and missed, then false alarms, then the children left in peace."""
    drawn = go.Figure()
    first = 0
    for kind in KINDS:
        count = getattr(of, kind.field)
        places = range(first, first + count)
        first += count
        drawn.add_scatter(
            # A kind without children keeps its place in the legend.
            x=[place % WIDE for place in places] or [None],
            y=[place // WIDE for place in places] or [None],
            mode="markers",
            name=f"{count} {kind.word}",
            marker={"color": kind.colour, "symbol": kind.symbol, "size": kind.size},
            hovertemplate=f"{count} {kind.word}<extra></extra>",
        )
    bare = {"visible": False, "fixedrange": True}
    drawn.update_xaxes(range=[-1, WIDE], **bare)
    drawn.update_yaxes(range=[1000 / WIDE, -1], **bare)
    return canvas(drawn, height=300).update_layout(legend={"itemclick": False, "itemdoubleclick": False})
