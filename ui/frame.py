"""What is around every page: title, disclaimer, operating point; and what happens as the server starts."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import streamlit as st
from streamlit.runtime.pages_manager import PagesManager

from ui import state

DISCLAIMER = "Research use. Not a medical device."


def page(title: str) -> None:
    """The top of a page."""
    st.title(title)
    st.warning(DISCLAIMER, icon=":material/science:")
    point = state.current()
    st.caption(f":material/tune: Operating point: {point.words}. It is set in the sidebar.")


@asynccontextmanager
async def server_start(_app: Any) -> AsyncIterator[None]:
    """Tell Streamlit that this app declares its pages itself.

    It learns so only when `st.navigation` runs for the first time. Until then it takes every file in `pages/` for a
    page of its own, and a first visitor who comes by a deep link sees "Page not found".
    """
    PagesManager.uses_pages_directory = False
    yield
