"""Many pictures at once: mixed files, stopped and resumed, looked at, taken away; a second visitor meanwhile."""

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, TimeoutError, expect
from pypdf import PdfReader

from cxr_models import zoo
from tests.browser.app_server import Server, serving
from tests.browser.conftest import PATIENCE, settled
from tests.conftest import FIXTURES

expect.set_options(timeout=PATIENCE)
FILES = 20
BROKEN = (3, 9, 15)
MANY = 80
OPENED_AT_MOST = 5  # times
# In pixels, as Streamlit draws a table.
HEADER, ROW = 35, 56


@pytest.fixture(scope="module")
def talkative() -> Iterator[Server]:
    with serving("--logger.level=debug") as running:
        yield running


@pytest.fixture(scope="module")
def server(talkative) -> str:
    return talkative.address


@pytest.fixture(scope="module")
def mixed(samples, tmp_path_factory) -> list[Path]:
    """20 files of which three are broken and one has the name of a formula."""
    folder, pictures = tmp_path_factory.mktemp("mixed"), list(samples.values())
    files = [folder / ("=1+1.jpeg" if number == 1 else f"child_{number}.jpeg") for number in range(1, FILES + 1)]
    for number, file in enumerate(files, start=1):
        data = pictures[number % len(pictures)]
        file.write_bytes(data[:2000] if number in BROKEN else data)
    return files


def put_on_screen(page: Page, name: str) -> None:
    """By the list of names. A run of the page closes it, so it is opened until the name is there."""
    option = page.get_by_role("option", name=name)
    for _ in range(OPENED_AT_MOST):
        settled(page)
        page.get_by_role("combobox", name="On screen").click()
        try:
            option.click(timeout=10_000)
            return
        except TimeoutError:
            page.keyboard.press("Escape")
    option.click()


def click_row(page: Page, number: int) -> None:
    """On a cell of the row, as the table is drawn on a canvas."""
    table = page.get_by_test_id("stDataFrame")
    table.scroll_into_view_if_needed()
    table.click(position={"x": 250, "y": HEADER + (number - 0.5) * ROW})


def test_twenty_files_are_stopped_resumed_looked_at_and_taken_away(server, page: Page, mixed):
    page.goto(server)
    page.locator("input[type=file]").set_input_files(mixed)
    expect(page.locator("figure")).to_have_count(len(zoo.COMPARED))
    page.get_by_role("button", name="Stop reading").click()
    expect(page.get_by_text("stopped; what is done is kept")).to_be_visible()
    page.get_by_role("button", name="Read the other").click()
    expect(page.get_by_text(f"{FILES} of {FILES} files done, {len(BROKEN)} of them refused")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="Take the readings away (CSV)").click()
    rows = list(csv.DictReader(io.StringIO(download.value.path().read_text("utf-8-sig"))))
    assert [int(row["number"]) for row in rows if row["status"] == "refused"] == list(BROKEN)
    assert len(rows) == FILES and rows[0]["file"] == "'=1+1.jpeg"
    assert all(row["student_score"] for row in rows if row["status"] == "read")
    put_on_screen(page, "5 · child_5.jpeg")
    expect(page.get_by_text("Your file child_5.jpeg.")).to_be_visible()
    click_row(page, 4)
    expect(page.get_by_text("Your file child_4.jpeg.")).to_be_visible()
    expect(page.get_by_role("combobox", name="On screen")).to_have_value(re.compile("child_4"))
    click_row(page, BROKEN[0])
    settled(page)
    page.get_by_text("Case report (PDF)").click()
    page.get_by_role("button", name="Make the report").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Take the report away").click()
    words = " ".join(sheet.extract_text() for sheet in PdfReader(download.value.path()).pages)
    assert all(zoo.spec(name).title in words for name in zoo.COMPARED) and "child_" not in words
    expect(page.get_by_text("Your file child_4.jpeg.")).to_be_visible()


def test_a_row_opens_while_others_are_read_and_a_second_visitor_is_served(server, chromium: Browser, tmp_path):
    many = [tmp_path / f"{number}.jpeg" for number in range(1, MANY + 1)]
    for file in many:
        file.write_bytes((FIXTURES / "person957_bacteria_2882_224.jpeg").read_bytes())
    first, second = (chromium.new_context(viewport={"width": 1400, "height": 1000}).new_page() for _ in range(2))
    for page in (first, second):
        page.set_default_timeout(PATIENCE)
        page.goto(server)
    first.locator("input[type=file]").set_input_files(many)
    expect(first.get_by_text(re.compile(rf"^([2-9]|[1-7][0-9]) of {MANY} files done"))).to_be_visible()
    second.get_by_role("button", name="No. 6", exact=True).click()
    expect(second.locator("figcaption").filter(has_text="threshold")).to_have_count(len(zoo.COMPARED))
    click_row(first, 2)
    expect(first.get_by_text("Your file 2.jpeg.")).to_be_visible()
    first.get_by_role("button", name="Stop reading").click()
    expect(first.get_by_text(re.compile(rf"of {MANY} files done · stopped"))).to_be_visible()
    for page in (first, second):
        page.context.close()


def test_a_folder_is_a_batch_with_the_folders_in_it(server, page: Page, samples, tmp_path):
    (first, one), (second, two), *_ = samples.items()
    ward = tmp_path / "ward"
    (ward / "monday").mkdir(parents=True)
    (ward / first).write_bytes(one)
    (ward / "monday" / second).write_bytes(two)
    (ward / "notes.txt").write_text("no picture")
    page.goto(server)
    page.get_by_role("radio", name="A folder").click()
    page.locator("input[type=file][webkitdirectory]").set_input_files(ward)
    expect(page.get_by_text("3 of 3 files done, 1 of them refused")).to_be_visible()
    put_on_screen(page, f"ward/monday/{second}")
    expect(page.get_by_text(f"Your file ward/monday/{second}.")).to_be_visible()


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


def test_the_server_s_log_names_no_file(talkative):
    """After all the uploads above, at the level that says most."""
    said = talkative.log()
    assert said.count("\n") > 100
    assert not re.search(r"child_\d|1\+1\.jpeg|ward|monday|notes\.txt", said)
