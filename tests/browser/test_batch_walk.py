"""Many pictures at once: mixed files, stopped and resumed, taken away as CSV."""

import csv
import io
import zipfile

import pytest
from playwright.sync_api import Page, expect

from cxr_models import zoo
from tests.browser.conftest import PATIENCE

expect.set_options(timeout=PATIENCE)
FILES = 20
BROKEN = (3, 9, 15)


@pytest.fixture(scope="module")
def mixed(samples) -> list[dict]:
    """20 files of which three are broken and one has the name of a formula."""
    pictures = list(samples.values())
    files = []
    for number in range(1, FILES + 1):
        data = pictures[number % len(pictures)]
        name = "=1+1.jpeg" if number == 1 else f"child_{number}.jpeg"
        files.append({"name": name, "mimeType": "image/jpeg", "buffer": data[:2000] if number in BROKEN else data})
    return files


def test_twenty_files_are_stopped_resumed_and_taken_away(server, page: Page, mixed):
    page.goto(server)
    page.locator("input[type=file]").set_input_files(mixed)
    expect(page.locator("figure")).to_have_count(len(zoo.COMPARED))
    page.get_by_role("button", name="Stop reading").click()
    expect(page.get_by_text("stopped; what is done is kept")).to_be_visible()
    page.get_by_role("button", name="Read the other").click()
    expect(page.get_by_text(f"{FILES} of {FILES} files done, {len(BROKEN)} of them refused")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="Take the readings away (CSV)").click()
    rows = list(csv.DictReader(io.StringIO(download.value.path().read_text("utf-8"))))
    assert [int(row["number"]) for row in rows if row["status"] == "refused"] == list(BROKEN)
    assert len(rows) == FILES and rows[0]["file"] == "'=1+1.jpeg"
    assert all(row["student_score"] for row in rows if row["status"] == "read")
    page.get_by_role("combobox", name="On screen").click()
    page.get_by_role("option", name="5 · child_5.jpeg").click()
    expect(page.get_by_text("Your file child_5.jpeg.")).to_be_visible()


def test_a_zip_is_a_batch_with_its_own_refusals(server, page: Page, samples):
    (first, one), (second, two), *_ = samples.items()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(first, one)
        archive.writestr("../../notes.txt", b"no picture")
        archive.writestr(second, two)
    page.goto(server)
    upload = {"name": "ward.zip", "mimeType": "application/zip", "buffer": packed.getvalue()}
    page.locator("input[type=file]").set_input_files([upload])
    expect(page.get_by_text("3 of 3 files done, 1 of them refused")).to_be_visible()
    expect(page.get_by_text(f"Your file ward.zip/{first}.")).to_be_visible()
