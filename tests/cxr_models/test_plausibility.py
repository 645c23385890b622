import io

import numpy as np
import pytest
from PIL import Image

from cxr_models import imaging, plausibility


def picture(array: np.ndarray) -> imaging.Picture:
    buffer = io.BytesIO()
    Image.fromarray(array).save(buffer, "PNG")
    return imaging.decode(buffer.getvalue())


def test_the_samples_pass_without_a_warning(samples):
    for data in samples.values():
        assert plausibility.check(imaging.decode(data)) == []


def framed() -> np.ndarray:
    array = np.zeros((800, 800), np.uint8)
    array[240:560, 240:560] = np.linspace(30, 250, 320)
    return array


CASES = {
    "colours": np.random.default_rng(0).integers(0, 255, (300, 300, 3)).astype(np.uint8),
    "small": np.tile(np.linspace(40, 250, 100).astype(np.uint8), (100, 1)),
    "uniform": np.full((300, 300), 128, np.uint8),
    "dark frame": framed(),
}


@pytest.mark.parametrize("words", CASES)
def test_odd_pictures_are_named(words):
    warnings = plausibility.check(picture(CASES[words]))
    assert any(words in warning for warning in warnings), warnings
