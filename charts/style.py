"""How a model looks in every figure: a colour that is readable on white and on black, a dash, a mark, and its name."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import cycle

import plotly.graph_objects as go

from cxr_models.evaluation.intervals import Interval

CORNER = 0.3  # of either axis: the part in which good models differ
MARGIN = 0.01  # of an axis, so that a line at its end is not cut in half


Part = tuple[tuple[float, float], tuple[float, float]]  # low and high end of x and of y


@dataclass(frozen=True)
class Look:
    """colour: '#rrggbb'; dash and symbol: plotly's names."""

    colour: str
    dash: str
    symbol: str

    def faded(self, opacity: float) -> str:
        """The colour with an opacity, as plotly writes it."""
        red, green, blue = (int(self.colour[i : i + 2], 16) for i in (1, 3, 5))
        return f"rgba({red},{green},{blue},{opacity})"


# Okabe & Ito 2008, tones that keep a contrast of 3 : 1 on white and on dark grey.
LOOKS = {
    "base_cnn": Look("#2f86c1", "solid", "circle"),
    "student": Look("#c8641e", "dash", "diamond"),
    "resnet50": Look("#1f9a76", "dot", "square"),
}
TOGETHER = Look("#9467bd", "dashdot", "star")  # the three models' mean
# For what has no look of its own, in the order it is drawn: a column of a reader's table, a baseline, a training.
SPARE = (
    Look("#9467bd", "dashdot", "triangle-up"),
    Look("#8a6d3b", "longdash", "x"),
    Look("#c2528b", "longdashdot", "cross"),
    Look("#6b7785", "solid", "triangle-down"),
    Look("#5b7fd1", "dot", "hexagon"),
    Look("#b3571f", "dash", "pentagon"),
)


def looks(names: Iterable[str]) -> dict[str, Look]:
    """A look for each name: the models keep theirs, everything else takes the spare ones in turn."""
    spare = cycle(SPARE)
    return {name: LOOKS[name] if name in LOOKS else next(spare) for name in names}


def share_axis(title: str, low: float, high: float) -> dict:
    """An axis of shares, written as percentages."""
    return {
        "title": title,
        "range": [low - MARGIN * (high - low), high + MARGIN * (high - low)],
        "tickformat": ".0%",
        "zeroline": False,
        "constrain": "domain",
    }


def error_bar(it: Interval, look: Look) -> dict:
    """A thin bar from the low to the high end of an interval, around its value."""
    return {
        "type": "data",
        "symmetric": False,
        "array": [it.high - it.value],
        "arrayminus": [it.value - it.low],
        "color": look.colour,
        "thickness": 1.5,
        "width": 5,
    }


def add_curve(
    drawn: go.Figure, name: str, title: str, look: Look, *, x: object, y: object, hover: str, customdata: object = None
) -> None:
    """A model's curve. hover: what stands below the title where the reader points; customdata: for it, a value a
    point."""
    drawn.add_scatter(
        x=x,
        y=y,
        customdata=customdata,
        mode="lines",
        name=title,
        legendgroup=name,
        line={"color": look.colour, "dash": look.dash, "width": 2},
        hovertemplate=f"{title}<br>{hover}<extra></extra>",
    )


def add_operating_point(
    drawn: go.Figure,
    name: str,
    title: str,
    look: Look,
    *,
    x: float,
    y: float,
    across: Interval,
    up: Interval,
    hover: str,
) -> None:
    """A model's mark where its threshold was counted, with the intervals of both measures as a cross."""
    drawn.add_scatter(
        x=[x],
        y=[y],
        error_x=error_bar(across, look),
        error_y=error_bar(up, look),
        mode="markers",
        name=f"{title}, operating point",
        legendgroup=name,
        showlegend=False,
        marker={"color": look.colour, "symbol": look.symbol, "size": 11, "line": {"width": 1, "color": "#ffffff"}},
        hovertemplate=f"{title}, operating point<br>{hover}<extra></extra>",
    )


def canvas(figure: go.Figure, *, height: int) -> go.Figure:
    """Margins, transparent background and a legend above the plot, where a phone has room for it.

    A finger that moves over the figure moves the page, not the axes.
    """
    return figure.update_layout(
        dragmode=False,
        height=height,
        margin={"l": 8, "r": 8, "t": 8, "b": 8},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        legend={"orientation": "h", "yanchor": "bottom", "y": 1.02, "xanchor": "left", "x": 0, "title": None},
    )
