"""What happens once, as the server starts and before any visitor.

Two defaults are changed that no setting of Streamlit's reaches.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from starlette.formparsers import MultiPartParser
from streamlit.runtime.pages_manager import PagesManager


@asynccontextmanager
async def start(_app: Any) -> AsyncIterator[None]:
    """Tell Streamlit that this app declares its pages itself, and that an upload stays in memory.

    It learns the first only when `st.navigation` runs for the first time. Until then it takes every file in `pages/`
    for a page of its own, and a first visitor who comes by a deep link sees "Page not found". An upload of more than a
    megabyte would pass through a file in the machine's temporary folder: an X-ray of a patient's on a disk. (0 sets no
    limit to what is kept in memory; Streamlit itself counts the bytes as they come and cuts off what is too large.)
    """
    PagesManager.uses_pages_directory = False
    MultiPartParser.spool_max_size = 0
    yield
