"""A committee member takes the page Compare away: the handout in both forms holds the numbers of the screen."""

import re
from io import BytesIO
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from tests.browser.conftest import PATIENCE

expect.set_options(timeout=PATIENCE)

LAST = "Accuracy, precision and F1 depend on how many"


def download(page: Page, button: str) -> bytes:
    with page.expect_download(timeout=PATIENCE) as waiting:
        page.get_by_role("button", name=button).click()
    return Path(waiting.value.path()).read_bytes()


def squeezed(text: str) -> str:
    """Without white space, since a cell's line breaks are the paper's."""
    return re.sub(r"\s", "", text)


def fits(element) -> bool:
    """Nothing of it is cut off or must be scrolled to."""
    return element.evaluate("it => [it, ...it.querySelectorAll('*')].every(one => one.scrollWidth <= it.clientWidth)")


@pytest.mark.parametrize("width", [1280, 390])
def test_the_handout_holds_the_numbers_of_the_screen(server, page, width):
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{server}/compare-models?rule=sensitive&prevalence=0.2")
    expect(page.get_by_text(LAST)).to_be_visible()
    tables = page.get_by_test_id("stTable").locator("table")
    expect(tables).to_have_count(4)
    expect(tables.first).to_contain_text("The three together")
    page.get_by_text("The numbers behind it").click()
    expect(tables.nth(1)).to_be_visible()
    page.wait_for_timeout(1000)  # while the expander opens
    assert all(fits(table) for table in page.get_by_test_id("stTable").all())
    cells = [text for text in tables.locator("td, th").all_inner_texts() if text]
    assert len(cells) > 120
    assert page.evaluate("document.documentElement.scrollWidth") <= width

    printed = download(page, "Handout as PDF")
    assert printed.startswith(b"%PDF")
    pdf = squeezed("".join(sheet.extract_text() for sheet in PdfReader(BytesIO(printed)).pages))
    reader = page.context.browser.new_page(viewport={"width": width, "height": 900})
    reader.set_content(download(page, "Handout as a web page").decode())
    web = squeezed(reader.locator("body").inner_text())
    assert reader.evaluate("document.documentElement.scrollWidth") <= width
    tables = reader.locator(".wide").all()
    assert len(tables) >= 4 and all(fits(table) for table in tables)
    for text in (*cells, "At a prevalence of 20 %", "Research use. Not a medical device."):
        assert squeezed(text) in pdf and squeezed(text) in web, text
    reader.close()
