"""The viewer handled by mouse, keyboard and finger, without a step of the app."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import PATIENCE, settled

expect.set_options(timeout=PATIENCE)
LAST = "No. 6"


def opened(page: Page, server: str) -> Page:
    page.goto(server)
    page.get_by_role("button", name=LAST, exact=True).click()
    expect(page.locator("figure .layer").first).to_be_attached()
    settled(page)
    return page


def style(page: Page, name: str) -> float:
    return float(page.locator(".viewer").evaluate("(it, name) => it.style.getPropertyValue(name)", name))


def test_keys_zoom_invert_window_and_fade_and_space_resets(server, page: Page):
    opened(page, server)
    runs = page.locator("[data-testid=stStatusWidget]")
    page.locator(".black").first.focus()
    for key in ("+", "+", "i", "3", "o", "b", "m"):
        page.keyboard.press(key)
    assert style(page, "--zoom") > 1.5 and style(page, "--invert") == 1
    assert page.get_by_label("Window preset").evaluate("it => it.selectedOptions[0].text") == "lungs"
    assert page.locator("figure .layer").first.evaluate("map => map.style.opacity") == "0"
    expect(page.locator("figure .seen").first).to_be_visible()
    page.keyboard.press("Space")
    assert style(page, "--zoom") == 1 and style(page, "--invert") == 0
    page.keyboard.press("n")
    expect(page.locator("figure:visible")).to_have_count(1)
    page.keyboard.press("s")
    expect(page.locator("figure:visible")).to_have_count(3)
    page.keyboard.press("?")
    expect(page.get_by_text("dragging sets the window")).to_be_visible()
    expect(runs).to_have_count(0)


def test_the_wheel_zooms_all_panes_only_after_a_click(server, page: Page):
    opened(page, server)
    pane = page.locator(".black").first
    pane.scroll_into_view_if_needed()
    pane.hover()
    page.mouse.wheel(0, -1)
    assert style(page, "--zoom") == 1
    pane.click()
    pane.hover()
    page.mouse.wheel(0, -400)
    expect(page.locator(".zoom")).not_to_have_text("1.0 ×")
    wide = [it.bounding_box()["width"] for it in page.locator("figure .picture").all()]
    assert len(wide) == 3 and max(wide) - min(wide) < 1


def fills_the_window(page: Page) -> bool:
    box, window = page.locator(".viewer").bounding_box(), page.viewport_size
    return box["x"] == box["y"] == 0 and box["width"] == window["width"] and box["height"] >= window["height"]


def test_full_screen_by_button_and_key_with_and_without_the_browser_s_help(server, page: Page):
    opened(page, server)
    full = page.get_by_role("button", name="Full screen")
    full.click()
    expect(full).to_have_attribute("aria-pressed", "true")
    expect(page.locator("figure:visible")).to_have_count(3)
    page.wait_for_function("document.fullscreenElement")
    page.keyboard.press("+")
    assert style(page, "--zoom") > 1
    page.keyboard.press("f")
    expect(full).to_have_attribute("aria-pressed", "false")

    page.locator(".viewer").evaluate("it => { it.requestFullscreen = undefined; }")
    full.click()
    assert fills_the_window(page)
    page.keyboard.press("Escape")
    expect(full).to_have_attribute("aria-pressed", "false")
    assert not fills_the_window(page)


def test_fingers_fade_the_map_pinch_and_drag(server, phone: Page):
    opened(phone, server)
    expect(phone.locator("figure:visible")).to_have_count(1)
    slider = phone.get_by_label("Strength of the heat map layer")
    slider.scroll_into_view_if_needed()
    box = slider.bounding_box()
    phone.touchscreen.tap(box["x"] + 3, box["y"] + box["height"] / 2)
    assert float(phone.locator("figure .layer").first.evaluate("map => map.style.opacity")) < 0.2

    pane = phone.locator("figure:visible .black")
    pane.scroll_into_view_if_needed()
    box = pane.bounding_box()
    fingers = phone.context.new_cdp_session(phone)
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    def touch(kind: str, *across: int) -> None:
        points = [{"x": middle[0] + it, "y": middle[1], "id": place} for place, it in enumerate(across)]
        fingers.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    touch("touchStart", -20, 20)
    for apart in (30, 45, 60):
        touch("touchMove", -apart, apart)
    touch("touchEnd")
    assert style(phone, "--zoom") > 2
    before = style(phone, "--x")
    touch("touchStart", 0)
    touch("touchMove", 30)
    touch("touchMove", 60)
    touch("touchEnd")
    assert style(phone, "--x") > before
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
