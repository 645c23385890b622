"""The part of a figure that a reader drew a box around.

The browser draws a figure anew when the dial moves and forgets where it was zoomed to; so the app remembers it.
"""

from functools import partial

import streamlit as st

Part = tuple[tuple[float, float], tuple[float, float]]
SMALLEST = 0.01  # of an axis of shares: less is a slip of the hand
# A box is drawn with a mouse; a finger that sweeps over a figure moves the page, as everywhere else on it.
FINGER = """<style>@media (pointer: coarse) {
    .st-key-%(key)s .drag { pointer-events: none !important; }
    .st-key-%(key)s .modebar-container { display: none; }
}</style>"""
CHART = {
    "displaylogo": False,
    "modeBarButtonsToRemove": ["zoom2d", "pan2d", "zoomIn2d", "zoomOut2d", "autoScale2d", "resetScale2d", "lasso2d"],
}


def part(key: str) -> Part | None:
    """Low and high end of either axis, both shares, of the figure of that key; None for the whole figure."""
    return st.session_state.get(_of(key))


def chart(figure: object, key: str, *, alt: str, config: dict = CHART) -> None:
    """Draw a figure in which a box can be drawn, and below it, while only that part is shown, the way back. figure: one
    of `charts`."""
    st.html(FINGER % {"key": key})
    st.plotly_chart(figure, key=key, alt=alt, config=config, on_select=partial(take, key), selection_mode="box")
    _back(key)


def take(key: str) -> None:
    """Remember the box that was drawn; what `st.plotly_chart` calls with `on_select`."""
    for box in st.session_state[key].selection.box:
        drawn = tuple((max(0.0, min(box[axis])), min(1.0, max(box[axis]))) for axis in ("x", "y"))
        if all(high - low >= SMALLEST for low, high in drawn):
            st.session_state[_of(key)] = drawn


def _back(key: str) -> None:
    """Draw the button that shows the whole figure again, while a part is shown."""
    if part(key):
        st.button(
            "Whole figure", key=f"whole_{key}", icon=":material/zoom_out_map:",
            on_click=lambda: st.session_state.pop(_of(key)),
        )  # fmt: skip


def _of(key: str) -> str:
    return f"part_of_{key}"
