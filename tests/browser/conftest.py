"""One browser and one server for the walks; deep links get a server of their own."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.app_server import browser, fresh_server

# Models are loaded on the first reading, on a machine that may be busy.
PATIENCE = 180_000


def settled(page: Page) -> None:
    """No run of the app is going on any more. (Its running sign shows only what takes longer than half a second.)"""
    page.wait_for_timeout(300)
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as opened:
        yield opened


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with fresh_server() as address:
        yield address


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A visitor's tab; a test fails when the app's own scripts raise an error in it."""
    tab = chromium.new_page(viewport={"width": 1400, "height": 1000})
    tab.set_default_timeout(PATIENCE)
    errors: list[str] = []
    tab.on("pageerror", lambda error: errors.append(str(error)))
    yield tab
    tab.close()
    assert not errors


@pytest.fixture
def phone(chromium: Browser) -> Iterator[Page]:
    """The tab of a visitor with a phone, dark, used with fingers."""
    screen = {"width": 390, "height": 844}
    context = chromium.new_context(viewport=screen, has_touch=True, is_mobile=True, color_scheme="dark")
    tab = context.new_page()
    tab.set_default_timeout(PATIENCE)
    yield tab
    context.close()
