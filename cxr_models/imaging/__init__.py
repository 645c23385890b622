"""Bytes of a picture file -> grey picture -> the (224, 224) pixels every network sees.

This is the one preprocessing: the app, the terminal command and the training call `pixels(decode(data))` and nothing
else. Nothing here writes to a disk, and nothing of a file's text leaves it but what `Picture` holds.
"""

import hashlib
from dataclasses import dataclass

import numpy as np
from PIL import Image

from cxr_models.errors import PictureRefused
from cxr_models.imaging import dicom, limits, raster
from cxr_models.imaging.borders import trim
from cxr_models.imaging.quiet import quiet

SIDE = 224
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
    facts: what the file says of the picture, a few words each: kind of picture, view, age. Never who or when.
    """

    grey: np.ndarray
    box: tuple[int, int, int, int]
    sha256: str
    coloured: bool
    notes: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()

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
    """Read one DICOM file or one picture file of `raster.FORMATS`, whatever its name.

    Raises PictureRefused for anything that is empty, damaged, too large, too small, of another kind or not a single
    picture.
    """
    limits.check_bytes(len(data))
    notes, facts = (), ()
    try:
        with quiet():
            if dicom.recognised(data):
                grey, coloured, notes, facts = dicom.read(data)
            else:
                grey, coloured = raster.read(data)
    except PictureRefused:
        raise
    # Decoders raise anything at bytes that their authors did not think of. Their messages may quote the patient, so
    # they are not passed on.
    except Exception:
        raise PictureRefused(
            "This picture file is damaged: its end or part of its data is missing. Please export it again."
        ) from None
    if grey.max() > 1:  # a fraction between two depths, as resampling leaves it
        grey = np.minimum(grey, 1)
    return Picture(grey, trim(grey), hashlib.sha256(data).hexdigest(), coloured, notes, facts)


def pixels(picture: Picture) -> np.ndarray:
    """The part of the picture inside its box, squashed to (224, 224) float32 in [0, 1] with Pillow's bilinear filter.

    The squash ignores the proportions, as the training pictures' did.
    """
    # Cropped first: resize(box=…) would blend the border into the edge.
    left, top, right, bottom = picture.box
    inside = Image.fromarray(np.ascontiguousarray(picture.grey[top:bottom, left:right]))
    square = inside.resize((SIDE, SIDE), Image.Resampling.BILINEAR)
    return np.clip(np.asarray(square, dtype=np.float32), 0, 1)
