"""What should make a reader careful stands above every verdict; a refused picture gets no verdict."""

import io

import numpy as np
import pytest
from PIL import Image

from cxr_models import imaging, zoo
from cxr_models.plausibility import COLOURED, REASONS
from cxr_models.verdict import NOT_SUSPECTED, SUSPECTED
from tests.cxr_models.dicom_files import made, saved


def negative(grey: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(255 - grey).save(buffer, "PNG")
    return buffer.getvalue()


def of_adult(grey: np.ndarray) -> bytes:
    return saved(made(grey, PatientAge="067Y"))


@pytest.mark.parametrize(
    ("file", "words"), [(negative, REASONS["negative"]), (of_adult, "the patient is 67 years old")]
)
def test_a_warning_stands_above_every_verdict(open_page, samples, file, words):
    grey = (imaging.decode(samples["IM-0675-0001.jpeg"]).grey * 255).round().astype(np.uint8)
    page = open_page("xray")
    page.file_uploader(key="files").set_value([("picture", file(grey), "")]).run()
    assert not page.exception
    said = [(element.type, element.value) for element in page.main if element.type in ("warning", "markdown")]
    warning = next(place for place, (kind, text) in enumerate(said) if kind == "warning" and words in text)
    verdicts = [
        place for place, (kind, text) in enumerate(said)
        if kind == "markdown" and any(f"**{word}" in text for word in (SUSPECTED, NOT_SUSPECTED))
    ]  # fmt: skip
    assert len(verdicts) == len(zoo.COMPARED) and warning < min(verdicts)
    assert not any("suspect" in text for _, text in said[:warning])


def test_a_refused_picture_gets_its_sentence_and_no_verdict(open_page):
    noise = np.random.default_rng(0).integers(0, 255, (300, 300, 3)).astype(np.uint8)
    buffer = io.BytesIO()
    Image.fromarray(noise).save(buffer, "PNG")
    page = open_page("xray")
    page.file_uploader(key="files").set_value([("noise.png", buffer.getvalue(), "image/png")]).run()
    assert not page.exception
    said = [element.value for element in (*page.error, *page.warning)]
    assert any("not look like a frontal chest X-ray" in text and COLOURED in text for text in said)
    assert not any(f"**{word}" in element.value for element in page.markdown for word in (SUSPECTED, NOT_SUSPECTED))
