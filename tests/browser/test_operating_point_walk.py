"""A clinician tunes the dial, shares the address, and does it on a phone."""

import re

import pytest
from playwright.sync_api import Page, expect

from cxr_models import zoo
from cxr_models.paths import SAMPLES
from tests.browser.conftest import PATIENCE, settled

expect.set_options(timeout=PATIENCE)

WISH = "Sensitivity of at least"
JUMP = 3  # pixels that rounding may move a thing
CAPTION = re.compile(
    r"(No pneumonia|Pneumonia) suspected.* · score (?:above |below )?(\d\.\d+) · threshold (?:above |below )?(\d\.\d+)",
    re.DOTALL,
)


def verdicts(page: Page) -> list[tuple[bool, float, float]]:
    """Suspected or not, score and threshold of every model, as page one says them."""
    expect(page.locator("figcaption")).to_have_count(len(zoo.COMPARED))
    found = [CAPTION.search(words) for words in page.locator("figcaption").all_inner_texts()]
    return [(it[1] == "Pneumonia", float(it[2]), float(it[3])) for it in found]


def top(page: Page, heading: str) -> float:
    return page.get_by_role("heading", name=heading).bounding_box()["y"]


def test_tuning_for_recall_turns_a_verdict_on_page_one(server, page):
    page.goto(f"{server}/?rule=sensitivity&value=0.5")
    expect(page.get_by_text("Or look at a sample")).to_be_visible()
    last = len(list(SAMPLES.glob("*.jpeg")))
    for number in range(last, 0, -1):
        sample = page.get_by_role("button", name=f"No. {number}", exact=True)
        sample.click()
        expect(page.get_by_text("published as").first).to_be_visible()
        if number == last:  # the choice closes once a picture is on screen
            expect(sample).to_be_hidden()
            page.get_by_text("Upload or choose an X-ray").click()
        settled(page)
        before = verdicts(page)
        if not all(suspected for suspected, _, _ in before):
            break
    page.get_by_role("link", name="Operating point").click()
    expect(page.get_by_text("Against the balanced point")).to_be_visible()
    handle = page.get_by_role("slider", name=WISH)
    handle.focus()
    handle.press("End")
    expect(page).to_have_url(re.compile("value=1(&|$)"))
    settled(page)
    page.get_by_role("link", name="Read an X-ray").click()
    expect(page.get_by_text("Wished sensitivity of at least 100 %")).to_be_visible()
    settled(page)
    after = verdicts(page)
    assert all(now < then for (_, _, then), (_, _, now) in zip(before, after, strict=True))
    assert all(suspected == (score >= threshold) for suspected, score, threshold in after)
    assert sum(suspected for suspected, _, _ in after) > sum(suspected for suspected, _, _ in before)


def test_a_shared_link_shows_the_point_it_was_made_at(server, page):
    page.goto(f"{server}/operating-point?rule=costs&cost=30&prevalence=0.2")
    expect(page.get_by_text(re.compile("A miss counts as 30 false alarms at a prevalence of 20 % ·"))).to_be_visible()
    expect(page.get_by_text("200 with pneumonia:").first).to_be_visible()
    settled(page)
    page.get_by_role("link", name="Compare").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Compare")
    expect(page.get_by_text(re.compile("A miss counts as 30 false alarms")).first).to_be_visible()
    expect(page).to_have_url(re.compile("rule=costs&cost=30&prevalence=0.2"))


def test_a_click_on_a_cell_of_a_matrix_lands_on_its_pictures(server, page):
    page.goto(f"{server}/operating-point?rule=sensitive")
    expect(page.get_by_text("Net benefit counts")).to_be_visible()
    settled(page)
    cells = page.locator(".st-key-matrix_student .nsewdrag").first
    cells.scroll_into_view_if_needed()
    missed = re.search(r"(\d+) missed", page.locator(".st-key-matrix_student").inner_text())[1]
    box = cells.bounding_box()
    page.mouse.click(box["x"] + 0.75 * box["width"], box["y"] + 0.25 * box["height"])
    expect(page.get_by_role("heading", level=1)).to_have_text("Mistakes")
    expect(page).to_have_url(re.compile("rule=sensitive.*model=student&kind=missed&split=test"))
    expect(page.get_by_role("heading", name="Missed pneumonias: Distilled student")).to_be_visible()
    expect(page.get_by_text(re.compile(rf"\b{missed} pictures?\."))).to_be_visible()


def axes(page: Page) -> list:
    """What the ROC shows of either axis, once it is drawn."""
    drawn = page.wait_for_function(
        "() => [...document.querySelectorAll('.st-key-roc .js-plotly-plot')].at(-1)?.layout?.xaxis?.range"
        " && [...document.querySelectorAll('.st-key-roc .js-plotly-plot')].at(-1).layout"
    )
    return drawn.evaluate("it => [...it.xaxis.range, ...it.yaxis.range].map(end => Math.round(100 * end) / 100)")


def test_a_box_drawn_on_the_roc_stays_when_the_dial_moves(server, page):
    page.goto(f"{server}/operating-point?rule=sensitivity&value=0.9")
    expect(page.get_by_text("Net benefit counts")).to_be_visible()
    settled(page)
    whole = axes(page)
    plot = page.locator(".st-key-roc .nsewdrag").first
    plot.scroll_into_view_if_needed()
    box = plot.bounding_box()
    page.mouse.move(box["x"] + 0.05 * box["width"], box["y"] + 0.05 * box["height"])
    page.mouse.down()
    page.mouse.move(box["x"] + 0.3 * box["width"], box["y"] + 0.3 * box["height"], steps=8)
    page.mouse.up()
    leave = page.get_by_role("button", name="Whole figure")
    expect(leave).to_be_visible()
    settled(page)
    part = axes(page)
    assert part[1] - part[0] < 0.3 and part[3] - part[2] < 0.3
    handle = page.get_by_role("slider", name=WISH)
    handle.focus()
    handle.press("End")
    expect(page).to_have_url(re.compile("value=1(&|$)"))
    settled(page)
    assert axes(page) == part
    leave.click()
    expect(leave).to_have_count(0)
    settled(page)
    assert axes(page) == whole


def test_a_finger_that_sweeps_over_the_roc_moves_the_page(server, phone: Page):
    phone.goto(f"{server}/operating-point")
    expect(phone.get_by_text("Net benefit counts")).to_be_visible()
    settled(phone)
    plot = phone.locator(".st-key-roc .js-plotly-plot").first
    plot.scroll_into_view_if_needed()
    before, box = plot.bounding_box()["y"], plot.bounding_box()
    finger = phone.context.new_cdp_session(phone)
    for kind, step in (("touchStart", 0), *(("touchMove", step) for step in range(20, 220, 20)), ("touchEnd", None)):
        at = [{"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2 - step}] if step is not None else []
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": at})
    phone.wait_for_function("y => document.querySelector('.st-key-roc').getBoundingClientRect().y < y", arg=before - 50)
    settled(phone)
    expect(phone.get_by_role("button", name="Whole figure")).to_have_count(0)


@pytest.mark.parametrize("width", [390, 1400])
def test_moving_the_dial_keeps_the_place_and_fits_the_window(server, page, width):
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{server}/operating-point?rule=sensitivity&value=0.9")
    expect(page.get_by_text("Net benefit counts")).to_be_visible()
    settled(page)
    if width < 700:
        page.get_by_test_id("stExpandSidebarButton").click()
    page.get_by_role("heading", name="Confusion matrices").scroll_into_view_if_needed()
    place = top(page, "Confusion matrices")
    matrix = page.locator(".js-plotly-plot").nth(2)
    before = matrix.inner_text()
    handle = page.get_by_role("slider", name=WISH)
    handle.focus()
    handle.press("End")
    expect(matrix).not_to_have_text(before)
    expect(page).to_have_url(re.compile("value=1(&|$)"))
    settled(page)
    assert abs(top(page, "Confusion matrices") - place) <= JUMP
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_what_was_opened_stays_open_when_something_appears_above_it(server, page):
    page.goto(f"{server}/operating-point")
    page.get_by_text("If pictures were independent").click()
    opened = page.get_by_text("which these intervals ignore")
    expect(opened).to_be_visible()
    page.get_by_text("Test whether the models differ by more than chance").click()
    expect(page.get_by_text("corrected for the pairs compared")).to_be_visible()
    settled(page)
    expect(opened).to_be_visible()
