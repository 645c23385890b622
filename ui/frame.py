"""What is around every page: title, disclaimer, operating point."""

import streamlit as st

from ui import state

DISCLAIMER = "Research use. Not a medical device."
INK = {"light": "#1a2129", "dark": "#e8ecf0"}  # the text colours of .streamlit/config.toml


def page(title: str) -> None:
    """The top of a page."""
    st.title(title)
    st.warning(DISCLAIMER, icon=":material/science:")
    point = state.current()
    st.caption(f":material/tune: Operating point: {point.words}. It is set in the sidebar.")


def ink() -> str:
    """The colour of words inside a figure on the visitor's page."""
    return INK.get(st.context.theme.type, INK["light"])
