"""Three readers: one opens a miss from a matrix's cell, one reads the evidence, one checks a table of their own."""

import re
from io import BytesIO
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from cxr_models import zoo
from tests.browser.conftest import PATIENCE
from ui import performance

expect.set_options(timeout=PATIENCE)

PAGES = {
    "what-they-get-wrong": "A filled mark suspects pneumonia",
    "what-it-is-worth": "Who looked at the test pictures",
    "your-hospital": "One row for each X-ray",
}


def own_table(rows: int = 400) -> bytes:
    rng = np.random.default_rng(0)
    truth = rng.integers(0, 2, rows)
    table = pd.DataFrame({"patient": [f"p{place // 2}" for place in range(rows)], "truth": truth})
    table["score_here"] = (truth + rng.normal(scale=0.7, size=rows)).round(4)
    return table.to_csv(index=False, sep=";", decimal=",").encode()


def test_from_a_cell_of_a_matrix_to_the_picture_with_its_three_maps(server, page):
    page.goto(f"{server}/operating-point")
    page.get_by_role("link", name=re.compile("Look at the .*missed pneumonia")).first.click()
    title = zoo.spec(zoo.COMPARED[0]).title
    expect(page.get_by_role("heading", name=f"Missed pneumonias: {title}")).to_be_visible()
    expect(page).to_have_url(re.compile("kind=missed"))
    page.get_by_role("button", name="Open").first.click()
    opened = page.get_by_role("dialog")
    expect(opened.locator("figure")).to_have_count(len(zoo.COMPARED))
    expect(opened.get_by_text(re.compile("Published as .*pneumonia"))).to_be_visible()
    page.keyboard.press("Escape")
    expect(opened).to_have_count(0)
    page.get_by_role("radio", name="False alarms").or_(page.get_by_role("button", name="False alarms")).first.click()
    expect(page.get_by_role("heading", name=f"False alarms: {title}")).to_be_visible()
    expect(page).to_have_url(re.compile("kind=false_alarm"))


def test_every_check_has_its_picture_or_names_its_command(server, page):
    page.goto(f"{server}/what-it-is-worth")
    expect(page.get_by_text(PAGES["what-it-is-worth"])).to_be_visible()
    expect(page.locator(".js-plotly-plot").first).to_contain_text("Other hospital")
    page.get_by_text("The numbers behind it").first.click()
    expect(page.get_by_test_id("stTable").first).to_contain_text(performance.SPLITS["external"])
    for sentence in page.get_by_test_id("stAlert").filter(has_text="This command makes it").all():
        expect(sentence).to_contain_text("python -m train.")


def test_an_own_table_of_400_rows_is_checked_and_taken_away(server, page):
    page.goto(f"{server}/your-hospital")
    expect(page.get_by_text(PAGES["your-hospital"])).to_be_visible()
    page.locator("input[type=file]").set_input_files(
        [{"name": "own.csv", "mimeType": "text/csv", "buffer": own_table()}]
    )
    expect(page.get_by_text("Proposed roles")).to_be_visible()
    expect(page.get_by_text("400 X-rays of 200 patients")).to_have_count(0)
    page.get_by_role("button", name="Analyse").click()
    expect(page.get_by_text("400 X-rays of 200 patients")).to_be_visible()
    sensitivity = page.get_by_test_id("stTable").nth(1).locator("tr", has_text="Sensitivity").locator("td").inner_text()
    with page.expect_download(timeout=PATIENCE) as waiting:
        page.get_by_role("button", name="Handout as PDF").click()
    printed = PdfReader(BytesIO(Path(waiting.value.path()).read_bytes()))
    text = re.sub(r"\s", "", "".join(sheet.extract_text() for sheet in printed.pages))
    assert re.sub(r"\s", "", sensitivity) in text and "score_here" in text


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("path", PAGES)
def test_nothing_sticks_out_of_the_window(server, page, path, width):
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{server}/{path}")
    expect(page.get_by_text(PAGES[path]).first).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
