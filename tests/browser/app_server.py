"""The real app on a free port, and a real browser before it."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from cxr_models.paths import ROOT

START_SECONDS = 180
# No sandbox for a test machine's root user; no traffic of the browser's own.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@dataclass(frozen=True)
class Server:
    """address: of the app. process: the server's number. log: all it has said so far, standard error included."""

    address: str
    process: int
    log: Callable[[], str]


@contextmanager
def serving(*options: str) -> Iterator[Server]:
    """A server that no visitor has been to, with options of `streamlit run`; ends it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "app.py", f"--server.port={port}"]
    options = ("--server.address=127.0.0.1", "--server.headless=true", *options)
    with tempfile.NamedTemporaryFile() as file:
        server = subprocess.Popen([*command, *options], cwd=ROOT, env=os.environ, stdout=file, stderr=subprocess.STDOUT)
        running = Server(f"http://127.0.0.1:{port}", server.pid, lambda: Path(file.name).read_text(errors="replace"))
        try:
            _wait(server, f"{running.address}/_stcore/health", running.log)
            yield running
        finally:
            server.terminate()
            server.wait(timeout=30)


@contextmanager
def fresh_server() -> Iterator[str]:
    """A server that no visitor has been to; yields its address and ends it."""
    with serving() as server:
        yield server.address


@contextmanager
def browser() -> Iterator[Browser]:
    """Headless Chromium: the machine's own where there is one, else playwright's."""
    with sync_playwright() as playwright:
        path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
        opened = playwright.chromium.launch(executable_path=path, args=FLAGS)
        try:
            yield opened
        finally:
            opened.close()


def _wait(server: subprocess.Popen, address: str, log: Callable[[], str]) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and server.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise RuntimeError(f"The app did not start: {log()}")
