"""A committee member takes the page Compare away: the handout in both forms holds the numbers of the screen."""

import re
from io import BytesIO
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from cxr_models import zoo
from tests.browser.conftest import PATIENCE
from ui import comparison

expect.set_options(timeout=PATIENCE)

LAST = "Accuracy, precision and F1 depend on how many"


def download(page: Page, button: str) -> bytes:
    with page.expect_download(timeout=PATIENCE) as waiting:
        page.get_by_role("button", name=button).click()
    return Path(waiting.value.path()).read_bytes()


def squeezed(text: str) -> str:
    """Without white space, since a cell's line breaks are the paper's."""
    return re.sub(r"\s", "", text)


@pytest.mark.parametrize("width", [1280, 390])
def test_the_handout_holds_the_numbers_of_the_screen(server, page, width):
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{server}/compare-models?rule=sensitive&prevalence=0.2")
    expect(page.get_by_text(LAST)).to_be_visible()
    tables = page.get_by_test_id("stTable").locator("table")
    expect(tables).to_have_count(len(comparison.PARTS) + len(zoo.COMPARED))
    for table in tables.all()[: len(comparison.PARTS)]:
        expect(table).to_contain_text("The three together")
    cells = [text for text in tables.locator("td").all_inner_texts() if text]
    assert len(cells) > 60
    assert page.evaluate("document.documentElement.scrollWidth") <= width

    printed = download(page, "Handout as PDF")
    assert printed.startswith(b"%PDF")
    pdf = squeezed("".join(sheet.extract_text() for sheet in PdfReader(BytesIO(printed)).pages))
    reader = page.context.browser.new_page(viewport={"width": width, "height": 900})
    reader.set_content(download(page, "Handout as a web page").decode())
    web = squeezed(reader.locator("body").inner_text())
    assert reader.evaluate("document.documentElement.scrollWidth") <= width
    for text in (*cells, "At a prevalence of 20 %", "Research use. Not a medical device."):
        assert squeezed(text) in pdf and squeezed(text) in web, text
    reader.close()
