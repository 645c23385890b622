"""Bytes of a picture file -> grey picture -> the (224, 224) pixels every network sees.

This is the one preprocessing: the app, the terminal command and the training call `pixels(decode(data))` and nothing
else.
"""

import hashlib
import io
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from cxr_models.errors import PictureRefused

SIDE = 224
MAX_BYTES = 100_000_000
MAX_PIXELS = 60_000_000
MIN_SIDE = 20
MAX_ELONGATION = 4.0

# Only formats that a hospital exports and Pillow decodes itself: EPS, for one, would start another program.
FORMATS = ("JPEG", "PNG", "TIFF", "BMP", "WEBP", "GIF", "JPEG2000", "PPM")
DETECTOR_BITS = (8, 10, 12, 14, 16)

# A border row is dark from end to end but for a side marker: its 98th percentile lies within 6 % of the picture's
# range.
BORDER_QUANTILE = 98
BORDER_LEVEL = 0.06
# A third at one edge is what letterboxing a 1:3 strip would need; what is dark beyond that is the picture itself.
BORDER_LIMIT = 1 / 3
# A line or two of pixels is trimmed like any border, but is nothing to tell a reader of.
NOTABLE_BORDER = 0.01


@dataclass(frozen=True)
class Picture:
    """A decoded picture.

    grey: (height, width) float32 in [0, 1], black is 0, upright, borders still on.
    box: (left, top, right, bottom) in pixels of `grey`, the part the networks see; right and bottom excluded.
    sha256: hexadecimal hash of the file's bytes, the picture's key everywhere.
    coloured: whether the file's three channels differed by more than compression does.
    notes: sentences on what the file itself says that should make a reader careful; `plausibility.check` says them.
    """

    grey: np.ndarray
    box: tuple[int, int, int, int]
    sha256: str
    coloured: bool
    notes: tuple[str, ...] = ()

    @property
    def width(self) -> int:
        return self.grey.shape[1]

    @property
    def height(self) -> int:
        return self.grey.shape[0]

    @property
    def trimmed(self) -> bool:
        """Whether dark borders of more than a hundredth of the area were cut off before the networks looked."""
        left, top, right, bottom = self.box
        return (right - left) * (bottom - top) < (1 - NOTABLE_BORDER) * self.width * self.height


def decode(data: bytes) -> Picture:
    """Read one picture file of any format in `FORMATS`.

    Samples of more than 8 bits are divided by the largest value of the smallest detector depth (8, 10, 12, 14 or 16
    bits) that holds them; float samples outside [0, 1] are scaled from their own minimum and maximum. Transparent
    parts become black, EXIF orientation is applied.

    Raises PictureRefused for anything that is empty, damaged, too large, too small, or not a single picture.
    """
    if not data:
        raise PictureRefused("This file is empty (0 bytes). Please export the X-ray again.")
    if len(data) > MAX_BYTES:
        raise PictureRefused(
            f"This file is too large: {len(data) / 1e6:.0f} MB, and at most {MAX_BYTES / 1e6:.0f} MB are read."
        )
    image = _open(data)
    _check_shape(image)
    try:
        image.load()
        image = ImageOps.exif_transpose(image)
        grey = _grey(image)
    except (OSError, ValueError, SyntaxError, EOFError, MemoryError) as error:
        raise PictureRefused(
            "This picture file is damaged: its end or part of its data is missing. Please export it again."
        ) from error
    return Picture(grey, trim(grey), hashlib.sha256(data).hexdigest(), _is_coloured(image))


def pixels(picture: Picture) -> np.ndarray:
    """The part of the picture inside its box, squashed to (224, 224) float32 in [0, 1] with Pillow's bilinear filter.

    The squash ignores the proportions, as the training pictures' did.
    """
    # Cropped first: resize(box=…) would blend the border into the edge.
    left, top, right, bottom = picture.box
    inside = Image.fromarray(np.ascontiguousarray(picture.grey[top:bottom, left:right]))
    square = inside.resize((SIDE, SIDE), Image.Resampling.BILINEAR)
    return np.clip(np.asarray(square, dtype=np.float32), 0, 1)


def trim(grey: np.ndarray) -> tuple[int, int, int, int]:
    """Box (left, top, right, bottom) without uniform dark borders: letterbox bars, frames of a viewer.

    A row or column belongs to a border while its 98th percentile is at most 6 % of the picture's range above the
    picture's minimum, counted inwards from the edge. An edge where more than a third of the side is dark keeps all of
    it: that is a dark picture, not a bar.

    >>> framed = np.zeros((100, 100), np.float32); framed[10:90, 20:100] = .5
    >>> trim(framed)
    (20, 10, 100, 90)
    """
    low, high = float(grey.min()), float(np.percentile(grey, 99.5))
    level = low + BORDER_LEVEL * (high - low)
    height, width = grey.shape
    top, bottom = _inner(grey, axis=1, level=level)
    left, right = _inner(grey[top:bottom], axis=0, level=level)
    # Bars on two sides hide part of the others: look at the rows again without the side bars.
    if (left, right) != (0, width):
        top, bottom = _inner(grey[:, left:right], axis=1, level=level)
    return left, top, right, bottom


def _inner(grey: np.ndarray, *, axis: int, level: float) -> tuple[int, int]:
    """First and one past the last line along the other axis that is not dark border."""
    bright = np.percentile(grey, BORDER_QUANTILE, axis=axis, method="nearest") > level
    length = len(bright)
    if not bright.any():
        return 0, length
    first, last = int(bright.argmax()), length - int(bright[::-1].argmax())
    limit = length * BORDER_LIMIT
    return (first if first <= limit else 0), (last if length - last <= limit else length)


def _open(data: bytes) -> Image.Image:
    if data[128:132] == b"DICM":
        raise PictureRefused(
            "This is a DICOM file, which is not read here. Please export the X-ray as PNG, TIFF or JPEG."
        )
    try:
        image = Image.open(io.BytesIO(data), formats=FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise PictureRefused(f"This picture is too large: more than {MAX_PIXELS / 1e6:.0f} million pixels.") from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise PictureRefused(
            "This file is not a picture, or its beginning is damaged. "
            "JPEG, PNG, TIFF, BMP, WebP and JPEG 2000 are read."
        ) from error
    frames = getattr(image, "n_frames", 1)
    # A multi-picture JPEG (MPO) holds previews of its first picture; pages of a TIFF or GIF are different pictures.
    if frames > 1 and image.format != "MPO":
        raise PictureRefused(f"This file holds {frames} pictures. Please upload them one by one.")
    return image


def _check_shape(image: Image.Image) -> None:
    """Refuse before memory for the samples is asked for."""
    width, height = image.size
    if width * height > MAX_PIXELS:
        raise PictureRefused(
            f"This picture is too large: {width} × {height} pixels, "
            f"and at most {MAX_PIXELS / 1e6:.0f} million are read."
        )
    if min(width, height) < MIN_SIDE:
        raise PictureRefused(
            f"This picture is too small: {width} × {height} pixels, and each side must have at least {MIN_SIDE}."
        )
    if max(width, height) > MAX_ELONGATION * min(width, height):
        raise PictureRefused(
            f"This picture has the shape of a strip: {width} × {height} pixels. A whole frontal chest X-ray is needed."
        )


def _grey(image: Image.Image) -> np.ndarray:
    if image.mode.startswith("I"):
        return _scale_integers(np.asarray(image).astype(np.float64))
    if image.mode == "F":
        return _scale_floats(np.asarray(image))
    if image.has_transparency_data:
        layer = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", layer.size, "black"), layer)
    return np.asarray(image.convert("L"), dtype=np.float32) / 255


def _scale_integers(samples: np.ndarray) -> np.ndarray:
    if samples.min() < 0 or samples.max() >= 2 ** DETECTOR_BITS[-1]:
        return _scale_floats(samples)
    bits = next(bits for bits in DETECTOR_BITS if samples.max() < 2**bits)
    return (samples / (2**bits - 1)).astype(np.float32)


def _scale_floats(samples: np.ndarray) -> np.ndarray:
    if not np.isfinite(samples).all():
        raise PictureRefused("This picture holds values that are not numbers. Please export it again.")
    low, high = float(samples.min()), float(samples.max())
    if low >= 0 and high <= 1:
        return samples.astype(np.float32)
    return ((samples - low) / (high - low)).astype(np.float32)


def _is_coloured(image: Image.Image) -> bool:
    if image.mode in ("1", "L", "LA", "F") or image.mode.startswith("I"):
        return False
    thumbnail = image.convert("RGB")
    thumbnail.thumbnail((128, 128))
    channels = np.asarray(thumbnail, dtype=np.int16)
    return float(np.percentile(np.ptp(channels, axis=2), 95)) > 24
