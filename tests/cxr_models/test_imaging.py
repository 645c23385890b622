import io
import re

import numpy as np
import pytest
from PIL import Image

from cxr_models import imaging
from cxr_models.errors import PictureRefused
from cxr_models.imaging import limits
from cxr_models.paths import SAMPLES
from tests.conftest import FIXTURES

# Mean absolute difference, in grey levels of 255, between an original and its copy that was squashed and saved as JPEG.
TWIN_TOLERANCE = 3.0


def encoded(image: Image.Image, kind: str = "PNG", **options) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


@pytest.fixture(scope="module")
def grey() -> np.ndarray:
    """An 8-bit picture, 60 × 80, that is unlike itself turned or mirrored."""
    y, x = np.mgrid[0:60, 0:80]
    return (40 + 2 * x + y + 20 * (x > 50)).clip(0, 255).astype(np.uint8)


def seen(data: bytes) -> np.ndarray:
    return imaging.pixels(imaging.decode(data))


@pytest.mark.parametrize("twin", sorted(FIXTURES.glob("*_224.jpeg")), ids=lambda path: path.stem)
def test_original_and_its_squashed_copy_give_the_same_pixels(twin):
    original = SAMPLES / twin.name.replace("_224", "")
    difference = np.abs(seen(original.read_bytes()) - seen(twin.read_bytes()))
    assert difference.mean() * 255 < TWIN_TOLERANCE


def test_pixels_are_the_contract(samples):
    for data in samples.values():
        pixels = seen(data)
        assert pixels.shape == (224, 224) and pixels.dtype == np.float32
        assert 0 <= pixels.min() and pixels.max() <= 1 and pixels.std() > 0.1


def variants(grey: np.ndarray) -> dict[str, bytes]:
    image = Image.fromarray(grey)
    wide = grey.astype(np.uint16)
    alpha = Image.merge("LA", [image, Image.new("L", image.size, 255)])
    palette = image.convert("P")
    turned = Image.Exif()
    turned[0x0112] = 6
    return {
        "png": encoded(image),
        "tiff lzw": encoded(image, "TIFF", compression="tiff_lzw"),
        "webp": encoded(image, "WEBP", lossless=True),
        "16-bit full range": encoded(Image.fromarray(wide * 257)),
        "16-bit holding 12": encoded(Image.fromarray((wide.astype(np.uint32) * 4095 // 255).astype(np.uint16))),
        "float 0 to 1": encoded(Image.fromarray(grey.astype(np.float32) / 255), "TIFF"),
        "rgb": encoded(image.convert("RGB")),
        "rgba": encoded(image.convert("RGBA")),
        "grey and alpha": encoded(alpha),
        "palette": encoded(palette),
        "exif orientation 6": encoded(image.transpose(Image.Transpose.ROTATE_90), exif=turned),
    }


@pytest.mark.parametrize("kind", list(variants(np.zeros((60, 80), np.uint8))))
def test_every_way_to_store_a_picture_gives_the_same_pixels(grey, kind):
    difference = np.abs(seen(variants(grey)[kind]) - seen(encoded(Image.fromarray(grey))))
    assert difference.max() * 255 < 1.0


def test_transparent_parts_are_black(grey):
    image = Image.fromarray(np.full((60, 80), 200, np.uint8)).convert("RGBA")
    image.putalpha(Image.fromarray(np.where(np.arange(80) < 40, 0, 255).astype(np.uint8)[None].repeat(60, 0)))
    decoded = imaging.decode(encoded(image)).grey
    assert decoded[:, :40].max() == 0 and decoded[:, 40:].min() > 0.7


@pytest.mark.parametrize("level", [0, 9])
def test_dark_bars_are_trimmed_to_the_same_pixels(grey, level):
    barred = np.full((90, 100), level, np.uint8)
    barred[15:75, 10:90] = grey
    picture = imaging.decode(encoded(Image.fromarray(barred)))
    assert picture.box == (10, 15, 90, 75) and picture.trimmed
    assert np.abs(imaging.pixels(picture) - seen(encoded(Image.fromarray(grey)))).max() * 255 < 1


def test_a_single_dark_line_is_trimmed_and_not_worth_telling():
    lined = np.full((200, 200), 150, np.uint8)
    lined[:, 0] = 0
    picture = imaging.decode(encoded(Image.fromarray(lined)))
    assert picture.box == (1, 0, 200, 200) and not picture.trimmed


def test_a_side_marker_in_a_bar_does_not_keep_the_bar(grey):
    barred = np.zeros((100, 400), np.uint8)
    barred[:, 60:340] = 150
    barred[4:6, 10:20] = 255
    assert imaging.decode(encoded(Image.fromarray(barred))).box == (60, 0, 340, 100)


def test_more_than_a_third_of_dark_is_the_picture_itself():
    half_dark = np.zeros((100, 100), np.uint8)
    half_dark[:, 40:] = 150
    assert imaging.decode(encoded(Image.fromarray(half_dark))).box == (0, 0, 100, 100)


def test_a_black_picture_keeps_its_box():
    assert not imaging.decode(encoded(Image.new("L", (64, 64)))).trimmed


def animated() -> bytes:
    frames = [Image.new("L", (64, 64), level) for level in (0, 90)]
    return encoded(frames[0], "GIF", save_all=True, append_images=frames[1:])


REFUSED = {
    "empty": (b"", "empty"),
    "text": (b"not a picture at all", "not a picture"),
    "only a preamble": (b"\0" * 128 + b"DICM", "nothing of a DICOM picture"),
    "a DICOM of zeros": (b"\0" * 128 + b"DICM" + b"\0" * 100, "nothing of a DICOM picture"),
    "cut": (encoded(Image.effect_noise((300, 300), 60), "JPEG")[:4000], "damaged"),
    "cut png": (encoded(Image.effect_noise((300, 300), 60))[:4000], "damaged"),
    "tiny": (encoded(Image.new("L", (8, 8))), "too small"),
    "strip": (encoded(Image.new("L", (2000, 30))), "strip"),
    "huge": (encoded(Image.new("1", (9000, 9000))), "too large"),
    "bomb": (encoded(Image.new("1", (14000, 14000))), "too large"),
    "animated": (animated(), "several pictures"),
    "not a number": (encoded(Image.fromarray(np.full((64, 64), np.nan, np.float32)), "TIFF"), "not numbers"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_bad_files_are_refused_with_a_sentence(case):
    data, words = REFUSED[case]
    with pytest.raises(PictureRefused, match=words) as refusal:
        imaging.decode(data)
    assert re.fullmatch(r"[A-Z].*\.", str(refusal.value))


def test_too_many_bytes_are_refused_before_decoding(monkeypatch):
    monkeypatch.setattr(limits, "MAX_BYTES", 10)
    with pytest.raises(PictureRefused, match="too large"):
        imaging.decode(b"x" * 11)


def test_colours_are_noticed(grey):
    red = np.dstack([grey, grey // 3, grey // 4])
    assert imaging.decode(encoded(Image.fromarray(red))).coloured
    assert not imaging.decode(encoded(Image.fromarray(grey).convert("RGB"), "JPEG", quality=50)).coloured
