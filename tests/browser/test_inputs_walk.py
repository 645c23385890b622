"""A DICOM file, a 16-bit PNG, a photograph and a broken file uploaded in a row: the right thing seen each time."""

import io
import re

import numpy as np
from PIL import Image
from playwright.sync_api import Page, expect

from cxr_models import zoo
from tests.browser.conftest import PATIENCE
from tests.cxr_models.test_imaging_dicom import made, saved

expect.set_options(timeout=PATIENCE)

SCORES = re.compile(r"score (?:above |below )?\d\.\d+ · threshold")


def give(page: Page, name: str, data: bytes) -> None:
    """Bytes without a kind, as a browser hands over what it does not know."""
    file = {"name": name, "mimeType": "application/octet-stream", "buffer": data}
    page.locator("input[type=file]").set_input_files([file])


def png(array: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(array).save(buffer, "PNG")
    return buffer.getvalue()


def photograph() -> bytes:
    """Sky over grass, in colour."""
    y, x = np.mgrid[0:400, 0:500]
    sky, grass = np.array([90, 150, 230]), np.array([60, 140, 40])
    waves = (12 * np.sin(x / 23) * np.cos(y / 17))[..., None]
    return png((np.where((y > 220)[..., None], grass, sky) + waves).clip(0, 255).astype(np.uint8))


def test_four_files_in_a_row_get_each_its_own_answer(server, page, samples):
    with Image.open(io.BytesIO(next(iter(samples.values())))) as image:
        grey = np.asarray(image.convert("L"))
    secret = "ZWIEBEL^ANNA"
    page.goto(server)

    give(page, "IM000001", saved(made(grey, PatientName=secret, PatientID=secret, PatientAge="067Y")))
    expect(page.get_by_text("the patient is 67 years old").first).to_be_visible()
    expect(page.get_by_text("Your file IM000001").first).to_be_visible()
    expect(page.get_by_text(SCORES)).not_to_have_count(0)
    assert secret not in page.content()

    give(page, "wide.png", png(grey.astype(np.uint16) * 257))
    expect(page.get_by_text("Your file wide.png").first).to_be_visible()
    # In the words of the page, that is: the table of both files goes on telling it of the first.
    expect(page.get_by_test_id("stMarkdownContainer").get_by_text("67 years old")).to_have_count(0)
    expect(page.get_by_text(zoo.spec("student").title).first).to_be_visible()

    give(page, "holiday.png", photograph())
    expect(page.get_by_text(re.compile(r"This picture has colours|not .*chest X-ray")).first).to_be_visible()

    give(page, "broken.dcm", saved(made(grey))[:5000])
    expect(page.get_by_text(re.compile(r"broken\.dcm.*(damaged|pixel data)")).first).to_be_visible()
