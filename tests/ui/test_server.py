"""At the start of a server, Streamlit is told that pages are declared."""

import asyncio

from streamlit.runtime.pages_manager import PagesManager
from streamlit.web.server.app_discovery import discover_asgi_app

from cxr_models.paths import ROOT
from ui import server


def test_plain_streamlit_run_finds_the_start():
    assert discover_asgi_app(ROOT / "app.py").import_string == "app:app"


def test_the_start_switches_the_folder_mode_off(monkeypatch):
    monkeypatch.setattr(PagesManager, "uses_pages_directory", None)

    async def start() -> None:
        async with server.start(None):
            assert PagesManager(str(ROOT / "app.py")).uses_pages_directory is False

    asyncio.run(start())
