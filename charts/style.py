"""How a model looks in every figure: a colour that is readable on white and on black, a dash, a mark, and its name."""

from dataclasses import dataclass

import plotly.graph_objects as go


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


def canvas(figure: go.Figure, *, height: int) -> go.Figure:
    """Margins, transparent background and a legend above the plot, where a phone has room for it."""
    return figure.update_layout(
        height=height,
        margin={"l": 8, "r": 8, "t": 8, "b": 8},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        legend={"orientation": "h", "yanchor": "bottom", "y": 1.02, "xanchor": "left", "x": 0, "title": None},
    )
