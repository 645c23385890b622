"""What happens once, as the server starts and before any visitor."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from streamlit.runtime.pages_manager import PagesManager


@asynccontextmanager
async def start(_app: Any) -> AsyncIterator[None]:
    """Tell Streamlit that this app declares its pages itself.

    It learns so only when `st.navigation` runs for the first time. Until then it takes every file in `pages/` for a
    page of its own, and a first visitor who comes by a deep link sees "Page not found".
    """
    PagesManager.uses_pages_directory = False
    yield
