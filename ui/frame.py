"""What is around every page: title, disclaimer, operating point."""

from pathlib import Path

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from cxr_models.paths import ROOT
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


def has_page(file: str) -> bool:
    """Whether the app's navigation holds this page, so that a link may lead there; file: from the app's folder."""
    pages = get_script_run_ctx().pages_manager.get_pages().values()
    return any(Path(page["script_path"]).resolve() == ROOT / file for page in pages)
