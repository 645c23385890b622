"""What is around every page: title, disclaimer, operating point."""

import streamlit as st

from ui import state

DISCLAIMER = "Research use. Not a medical device."


def page(title: str) -> None:
    """The top of a page."""
    st.title(title)
    st.warning(DISCLAIMER, icon=":material/science:")
    point = state.current()
    st.caption(f":material/tune: Operating point: {point.words}. It is set in the sidebar.")
