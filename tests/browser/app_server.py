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
from collections.abc import Iterator
from contextlib import contextmanager

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


@contextmanager
def fresh_server() -> Iterator[str]:
    """A server that no visitor has been to; yields its address and ends it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "app.py", f"--server.port={port}"]
    options = ["--server.address=127.0.0.1", "--server.headless=true"]
    with tempfile.TemporaryFile() as log:
        server = subprocess.Popen(command + options, cwd=ROOT, env=os.environ, stdout=log, stderr=subprocess.STDOUT)
        try:
            _wait(server, f"http://127.0.0.1:{port}/_stcore/health", log)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait(timeout=30)


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


def _wait(server: subprocess.Popen, address: str, log) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and server.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    log.seek(0)
    raise RuntimeError(f"The app did not start: {log.read().decode(errors='replace')}")
