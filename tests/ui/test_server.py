"""At the start of a server, Streamlit is told that pages are declared and that uploads stay in memory."""

import asyncio
import tomllib

import pytest
from starlette.formparsers import MultiPartParser
from starlette.requests import Request
from streamlit.runtime.pages_manager import PagesManager
from streamlit.web.server.app_discovery import discover_asgi_app

from cxr_models.paths import ROOT
from ui import server

UPLOAD = 3_000_000  # bytes, more than Starlette keeps in memory by itself


def test_the_server_listens_on_this_machine_only_and_reports_nothing():
    config = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text())
    assert config["server"]["address"] == "localhost" and config["browser"]["gatherUsageStats"] is False


def test_plain_streamlit_run_finds_the_start():
    assert discover_asgi_app(ROOT / "app.py").import_string == "app:app"


def test_the_start_switches_the_folder_mode_off(monkeypatch):
    monkeypatch.setattr(PagesManager, "uses_pages_directory", None)

    async def start() -> None:
        async with server.start(None):
            assert PagesManager(str(ROOT / "app.py")).uses_pages_directory is False

    asyncio.run(start())


def received(length: int) -> Request:
    """A form with one file of that many bytes, as a browser sends it."""
    head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n\r\n'
    body = head + bytes(length) + b"\r\n--x--\r\n"
    headers = [(b"content-type", b"multipart/form-data; boundary=x")]

    async def receive() -> dict:
        return {"type": "http.request", "body": body, "more_body": False}

    return Request({"type": "http", "method": "PUT", "headers": headers}, receive)


@pytest.mark.parametrize("started", [False, True], ids=["before", "after"])
def test_an_upload_touches_no_disk_once_the_server_has_started(monkeypatch, started):
    monkeypatch.setattr(PagesManager, "uses_pages_directory", None)
    monkeypatch.setattr(MultiPartParser, "spool_max_size", UPLOAD // 3)  # as Starlette comes

    async def on_disk() -> bool:
        if started:
            async with server.start(None):
                pass
        async with received(UPLOAD).form() as form:
            assert form["file"].size == UPLOAD
            return form["file"].file._rolled

    assert asyncio.run(on_disk()) is not started
