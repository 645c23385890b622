"""The walks of a visitor, in a real browser on the real app."""

import re

import pytest
from playwright.sync_api import Page, expect

from cxr_models import zoo
from tests.browser.app_server import fresh_server
from tests.browser.conftest import PATIENCE, settled

expect.set_options(timeout=PATIENCE)

DISCLAIMER = "Research use. Not a medical device."
# the address of every page -> its heading
PAGES = {
    "": "Read an X-ray",
    "operating-point": "Operating point",
    "compare-models": "Compare",
    "what-they-get-wrong": "Mistakes",
    "what-it-is-worth": "Evidence",
    "your-hospital": "Own hospital",
    "about-this-app": "About",
}
# What tables of the page have parts that one must scroll to.
CUT = """tables => tables.filter(table => [table, ...table.querySelectorAll("*")]
    .some(it => it.scrollWidth > it.clientWidth && it.clientWidth)).map(table => table.innerText)"""
NEVER = re.compile("page not found", re.IGNORECASE)
# Looks at every frame whether the X-ray is there, and counts those without it.
WATCH = """() => {
    window.blinks = 0;
    const look = () => {
        window.blinks += !document.querySelector(".st-key-viewer")?.offsetHeight;
        requestAnimationFrame(look);
    };
    look();
}"""


def upload(page: Page, *files: tuple[str, bytes]) -> None:
    page.locator("input[type=file]").set_input_files(
        [{"name": name, "mimeType": "image/jpeg", "buffer": data} for name, data in files]
    )


def captions(page: Page) -> list[str]:
    return page.locator("figcaption").all_inner_texts()


def set_slider(page: Page, label: str, key: str, times: int = 1) -> None:
    """Move a slider by keyboard, as a reader without a mouse does."""
    handle = page.get_by_role("slider", name=label)
    handle.focus()
    for _ in range(times):
        handle.press(key)


def test_a_full_resolution_picture_gives_three_verdicts_and_three_maps(server, page, samples):
    name, data = max(samples.items(), key=lambda item: len(item[1]))
    page.goto(server)
    upload(page, (name, data))
    expect(page.locator("figure")).to_have_count(len(zoo.COMPARED))
    expect(page.get_by_text(f"Your file {name}.")).to_be_visible()
    for model, words in zip(zoo.COMPARED, captions(page), strict=True):
        assert zoo.spec(model).title in words
        assert re.search(
            r"(No pneumonia|Pneumonia) suspected.* · score (above |below )?\d\.\d+ · threshold \d\.\d+", words
        )
    maps = page.locator("figure .layer, figure .none")
    expect(maps).to_have_count(len(zoo.COMPARED))
    for layer in page.locator("figure .layer").all():
        assert layer.evaluate("map => map.complete && map.naturalWidth") == 224


def test_the_map_fades_by_keyboard_without_a_step_of_the_app(server, page, samples):
    page.goto(server)
    upload(page, next(reversed(samples.items())))
    layer = page.locator("figure .layer").first
    expect(layer).to_be_visible()
    settled(page)
    handle = page.get_by_role("slider", name="Strength of the heat map layer")
    handle.focus()
    handle.press("Home")
    assert layer.evaluate("map => map.style.opacity") == "0"
    expect(page.locator("[data-testid=stStatusWidget]")).to_have_count(0)
    page.get_by_role("radio", name=zoo.spec("student").title).check()
    expect(page.locator("figure:visible")).to_have_count(1)
    assert zoo.spec("student").title in page.locator("figure:visible").inner_text()


def test_moving_the_threshold_changes_matrix_and_verdict(server, page, samples):
    page.goto(f"{server}/?rule=free&t_base_cnn=0&t_student=0&t_resnet50=0")
    upload(page, next(iter(samples.items())))
    expect(page.get_by_text("All 3 models suspect pneumonia.")).to_be_visible()

    page.get_by_role("link", name="Operating point").click()
    # The last: while a chart is drawn anew, the former one is still there.
    matrix = page.locator(".st-key-matrix_base_cnn .js-plotly-plot").last
    expect(matrix).to_contain_text("0 missed")
    set_slider(page, zoo.spec("base_cnn").title, "End")
    expect(matrix).not_to_contain_text(re.compile(r"^.*\b0 missed"))
    expect(page).to_have_url(re.compile("t_base_cnn=1(&|$)"))

    page.get_by_role("link", name="Read an X-ray").click()
    expect(page.get_by_text("The models disagree")).to_be_visible()
    expect(page.locator("figcaption").first).to_contain_text("No pneumonia suspected")
    expect(page).to_have_url(re.compile("rule=free.*t_base_cnn=1(&|$)"))


@pytest.mark.parametrize(("path", "title"), PAGES.items(), ids=PAGES.values())
def test_a_deep_link_first_on_a_fresh_server_has_its_page_and_frame(page, path, title):
    with fresh_server() as server:
        # Whatever flashes up is noted in the page itself, however short.
        page.add_init_script(
            "window.seen = []; new MutationObserver(() => window.seen.push(document.body?.innerText ?? ''))"
            ".observe(document, {childList: true, subtree: true, characterData: true});"
        )
        page.goto(f"{server}/{path}?rule=free&t_base_cnn=0.3")
        expect(page.get_by_role("heading", level=1)).to_have_text(title)
        expect(page.get_by_text(DISCLAIMER)).to_be_visible()
        expect(page.get_by_text(re.compile(r"Free thresholds · Custom CNN 0\.30"))).to_be_visible()
        expect(page.locator("[data-testid=stSidebarNav] a")).to_have_count(len(PAGES))
        page.wait_for_load_state("networkidle")
        seen = page.evaluate("window.seen")
        assert seen and not any(NEVER.search(text) for text in seen)
        assert f"/{path}" in page.url and "t_base_cnn=0.3" in page.url


def test_a_broken_file_gets_its_sentence_and_what_was_on_screen_stays(server, page, samples):
    (name, data), *_ = samples.items()
    page.goto(server)
    upload(page, (name, data))
    expect(page.locator("figure")).to_have_count(len(zoo.COMPARED))
    words, shown = page.locator("figcaption"), page.locator("figure .picture").first
    before, pixels = words.all_text_contents(), shown.get_attribute("src")
    page.evaluate(WATCH)
    upload(page, ("broken.jpeg", data[:3000]))
    expect(page.get_by_text("This picture file is damaged").first).to_be_attached()
    expect(page.get_by_text("2 of 2 files done, 1 of them refused")).to_be_visible()
    settled(page)
    expect(words).to_have_text(before)
    expect(shown).to_have_attribute("src", pixels)
    assert page.evaluate("window.blinks") == 0
    expect(page.get_by_text(f"Your file {name}.")).to_be_visible()


def test_the_back_button_goes_to_the_page_before(server, page):
    page.goto(f"{server}/?rule=specific")
    page.get_by_role("link", name="Compare").click()
    expect(page.get_by_text("Accuracy, precision and F1 depend on")).to_be_visible()
    page.go_back()
    # Now and then Streamlit makes two steps of one: the page, and then what its address says of the dial.
    if "compare-models" in page.url:
        page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Read an X-ray")


@pytest.mark.parametrize("width", [390, 1400])
@pytest.mark.parametrize("path", ["", "operating-point", "compare-models", "what-they-get-wrong", "about-this-app"])
def test_nothing_sticks_out_of_the_window(server, page, path, width):
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{server}/{path}")
    expect(page.get_by_text(DISCLAIMER)).to_be_visible()
    page.wait_for_load_state("networkidle")
    settled(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.get_by_test_id("stTable").evaluate_all(CUT) == []
