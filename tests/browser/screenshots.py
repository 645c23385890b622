"""Pictures of every page for the README: docs/screenshots/*.png.

python -m tests.browser.screenshots
"""

from PIL import Image

from cxr_models.evaluation import scores
from cxr_models.paths import RESULTS, ROOT, SAMPLES
from tests.browser.app_server import browser, fresh_server

FOLDER = ROOT / "docs" / "screenshots"
SIZE = {"width": 1400, "height": 1250}
PATIENCE = 240_000
SETTLED = 1500
# page -> address, a text that is there when the page is complete
PAGES = {
    "read_an_x_ray": ("", "A score is not a probability"),
    "operating_point": ("operating-point", "Children who are ill with something else"),
    "compare": ("compare-models", "Accuracy, precision and F1 depend on"),
    "mistakes": ("what-they-get-wrong", "A filled mark suspects pneumonia"),
    "evidence": ("what-it-is-worth", "Who looked at the test pictures"),
    "own_hospital": ("your-hospital", "Thresholds were chosen on one half"),
    "about": ("about-this-app", "Model cards and data card"),
}
MAX_COLOURS = 256


def test_rows() -> bytes:
    """The scores of the test pictures as a reader's own table."""
    table = scores.load(RESULTS / "scores.csv")
    return table[table["split"] == "test"].drop(columns=["split", "subtype"]).to_csv(index=False).encode()


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with fresh_server() as address, browser() as opened:
        tab = opened.new_page(viewport=SIZE, color_scheme="light")
        tab.set_default_timeout(PATIENCE)
        for name, (path, last) in PAGES.items():
            tab.goto(f"{address}/{path}")
            if name == "read_an_x_ray":
                tab.get_by_role("button", name=f"No. {len(list(SAMPLES.glob('*.jpeg')))}", exact=True).click()
            if name == "own_hospital":
                table = {"name": "test_pictures.csv", "mimeType": "text/csv", "buffer": test_rows()}
                tab.locator("input[type=file]").set_input_files([table])
                tab.get_by_role("button", name="Analyse").click()
            tab.get_by_text(last).first.wait_for()
            tab.wait_for_timeout(SETTLED)
            file = FOLDER / f"{name}.png"
            tab.screenshot(path=file)
            # A palette keeps the repository light and the words sharp.
            Image.open(file).convert("RGB").quantize(MAX_COLOURS).save(file, optimize=True)
            print(f"{file.relative_to(ROOT)}: {file.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
