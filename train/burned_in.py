"""Text that X-ray machines burn into images: side letters, exposure values, clock times and dates. Drawn for
training, found for the restyled validation images."""

from functools import cache

import cv2
import numpy as np
import torch
from PIL import Image, ImageDraw, ImageFont

from train import thorax

KINDS = 256  # different stamps to draw from
SEED = 0
HEIGHTS = (0.03, 0.14)  # of a letter, as a share of the image's side
# What `found` takes for burned in, in pixels of the 224 and shares of the grey scale.
SURROUNDINGS = 15
CONTRAST = 0.25
SMALLEST_AREA, LARGEST_AREA = 4, 250
LARGEST_EXTENT = 40


@cache
def stamps(side: int) -> list[np.ndarray]:
    """The coverage masks of `KINDS` texts for images of `side` pixels: each (h, w) float32 in [0, 1], smaller than the
    image; the same every time."""
    rng = np.random.default_rng(SEED)
    return [_drawn(_text(rng), side, rng) for _ in range(KINDS)]


def pasted(picture: torch.Tensor, stamp: np.ndarray, *, top: int, left: int, brightness: float) -> torch.Tensor:
    """The image with the stamp painted over it in one grey level; (1, H, W) -> (1, H, W)."""
    height, width = stamp.shape
    painted = picture.clone()
    place = painted[:, top : top + height, left : left + width]
    place.lerp_(torch.full_like(place, brightness), torch.from_numpy(stamp)[None])
    return painted


def _text(rng: np.random.Generator) -> str:
    kind = rng.choice(["side", "exposure", "time", "date", "view"], p=[0.4, 0.2, 0.15, 0.15, 0.1])
    if kind == "side":
        return str(rng.choice(["R", "L", "D", "S", "R", "L", "RE", "LI"]))
    if kind == "exposure":
        return f"KV {rng.integers(40, 120)}" + (f" MAS {rng.integers(1, 20)}" if rng.random() < 0.5 else "")
    if kind == "time":
        seconds = f":{rng.integers(0, 60):02d}" if rng.random() < 0.5 else ""
        return f"{rng.integers(0, 24):02d}:{rng.integers(0, 60):02d}{seconds}"
    if kind == "date":
        return f"{rng.integers(2000, 2025)}-{rng.integers(1, 13):02d}-{rng.integers(1, 29):02d}"
    return str(rng.choice(["AP", "PA", "SUPINE", "ERECT", "PORTABLE"]))


def _drawn(text: str, side: int, rng: np.random.Generator) -> np.ndarray:
    largest = HEIGHTS[1] if len(text) <= 2 else HEIGHTS[1] / 2
    font = ImageFont.load_default(size=max(6, side * rng.uniform(HEIGHTS[0], largest)))
    left, top, right, bottom = font.getbbox(text)
    canvas = Image.new("L", (max(1, int(right - left) + 2), max(1, int(bottom - top) + 2)))
    ImageDraw.Draw(canvas).text((1 - left, 1 - top), text, fill=255, font=font)
    if rng.random() < 0.15:
        canvas = canvas.rotate(90, expand=True)
    canvas.thumbnail((side - 1, side - 1))
    return np.asarray(canvas, dtype=np.float32) / 255


def found(picture: torch.Tensor) -> np.ndarray:
    """The pixels of (1, 224, 224) that look burned in, (224, 224) bool: small, bright, crisp pieces outside the chest.

    A piece is bright where it exceeds its surroundings by `CONTRAST`; small by its area and its extent.
    """
    grey = (picture[0].numpy() * 255).round().astype(np.uint8)
    surroundings = cv2.medianBlur(grey, SURROUNDINGS)
    candidate = grey.astype(int) - surroundings > 255 * CONTRAST
    _, piece, size, _ = cv2.connectedComponentsWithStats(candidate.astype(np.uint8), connectivity=8)
    small = (size[:, cv2.CC_STAT_AREA] <= LARGEST_AREA) & (size[:, cv2.CC_STAT_AREA] >= SMALLEST_AREA)
    small &= (size[:, cv2.CC_STAT_WIDTH] <= LARGEST_EXTENT) & (size[:, cv2.CC_STAT_HEIGHT] <= LARGEST_EXTENT)
    small[0] = False  # the background
    inside = np.bincount(piece[thorax.template()], minlength=len(size)) > 0
    return (small & ~inside)[piece]


def moved(picture: torch.Tensor, source: torch.Tensor) -> torch.Tensor:
    """The image with what is burned into `source` in place of its own; its own is filled in from around it (Telea 2004,
    J. Graphics Tools 9:23)."""
    own, other = _thickened(found(picture)), found(source)
    grey = (picture[0].numpy() * 255).round().astype(np.uint8)
    cleaned = torch.from_numpy(cv2.inpaint(grey, own.astype(np.uint8), 3, cv2.INPAINT_TELEA)).float()[None] / 255
    cleaned = torch.where(torch.from_numpy(own), cleaned, picture)
    return torch.where(torch.from_numpy(_thickened(other)), source, cleaned)


def _thickened(mask: np.ndarray) -> np.ndarray:
    return cv2.dilate(mask.astype(np.uint8), np.ones((3, 3), np.uint8)).astype(bool)
