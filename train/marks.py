"""Side letters and texts burned into an X-ray, found outside the chest by their shape; no label is asked.

Both are bright, crisp strokes on an even background. A text is a row of them: a view ("A-P"), a tube voltage ("KV59"),
a clock time. On images of 224 pixels the words themselves are hardly readable, and nothing here reads them.
"""

from dataclasses import dataclass

import cv2
import numpy as np
import torch

from cxr_models.imaging import SIDE
from train import thorax

KINDS = ("text", "letter")
STROKE = 9  # pixels: brighter than all that is wider
STROKE_LEVEL = 0.16  # above its surroundings, of a grey scale of 1
RING = 3  # pixels around a mark: its background
RISE = 0.2  # of the strokes above the background
UNEVEN = 0.45  # of the background, as a share of the rise; bones lie on worse
FILLED = (0.2, 0.85)  # share of its box that a mark covers: more is a bone or a cable, less a frame
HEIGHT = (5, 26)
WIDTH = (2, 36)
LETTER_HEIGHT = 6
LETTER_SHAPE = (0.4, 1.25)  # width over height
TEXT_HEIGHT = 16
CHARACTER_SHAPE = 1.4  # largest width over height
MERGED_HEIGHT, MERGED_SHAPE = 12, 1.7  # characters that touch: one low and wide mark
ALIGNED = 0.6  # share of the taller character's height in which its neighbour stands beside it


@dataclass(frozen=True)
class Mark:
    """A letter or a text. Its box in pixels: left, top, and one past right and bottom."""

    kind: str
    left: int
    top: int
    right: int
    bottom: int

    @property
    def width(self) -> int:
        return self.right - self.left

    @property
    def height(self) -> int:
        return self.bottom - self.top

    @property
    def place(self) -> str:
        """Which quarter of the image its middle lies in: 'upper left', as seen."""
        up, left = self.top + self.bottom < SIDE, self.left + self.right < SIDE
        return f"{'upper' if up else 'lower'} {'left' if left else 'right'}"


def find(picture: torch.Tensor) -> list[Mark]:
    """The texts, then the letters of a picture (1, 224, 224) in [0, 1]; kind is 'text' or 'letter'.

    A mark inside the chest template is not found. Checked by eye on training images: nearly all texts are; of the
    letters, faint ones and those that touch a bone or the edge are missed.
    """
    strokes = [box for box in _components(picture[0].numpy()) if not _is_large(box)]
    texts = [row for row in _rows([box for box in strokes if _is_character(box)]) if len(row) > 1]
    texts += [[box] for box in strokes if box.height <= MERGED_HEIGHT and box.width > MERGED_SHAPE * box.height]
    in_text = {box for row in texts for box in row}
    letters = [box for box in strokes if box not in in_text and _is_letter(box)]
    return [_text(row) for row in texts] + letters


def kind(marks: list[Mark]) -> str:
    """'text' where an image has one, else 'letter', else 'none'."""
    kinds = {mark.kind for mark in marks}
    return next((one for one in KINDS if one in kinds), "none")


def _components(grey: np.ndarray) -> list[Mark]:
    """Every bright crisp stroke on an even background outside the chest, as if it were a letter."""
    above = cv2.morphologyEx(grey, cv2.MORPH_TOPHAT, np.ones((STROKE, STROKE), np.uint8))
    mask = (above > STROKE_LEVEL).astype(np.uint8)
    near = cv2.dilate(mask, np.ones((3, 3), np.uint8)) > 0
    inside = thorax.template()
    _, numbers, boxes, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    found = []
    for number, (left, top, width, height, area) in enumerate(boxes.tolist()):
        box = slice(top, top + height), slice(left, left + width)
        if number == 0 or inside[box].any() or not FILLED[0] < area / (width * height) < FILLED[1]:
            continue
        wider = slice(max(top - RING, 0), top + height + RING), slice(max(left - RING, 0), left + width + RING)
        background = grey[wider][~near[wider]]
        if not len(background):
            continue
        low, middle, high = np.percentile(background, (5, 50, 95))
        rise = np.percentile(grey[box][numbers[box] == number], 75) - middle
        if rise > RISE and high - low < UNEVEN * rise:
            found.append(Mark("letter", left, top, left + width, top + height))
    return found


def _is_large(box: Mark) -> bool:
    return not (HEIGHT[0] <= box.height <= HEIGHT[1] and WIDTH[0] <= box.width <= WIDTH[1])


def _is_character(box: Mark) -> bool:
    return box.height <= TEXT_HEIGHT and box.width <= CHARACTER_SHAPE * box.height


def _is_letter(box: Mark) -> bool:
    return box.height >= LETTER_HEIGHT and LETTER_SHAPE[0] <= box.width / box.height <= LETTER_SHAPE[1]


def _rows(characters: list[Mark]) -> list[list[Mark]]:
    """Characters that stand beside each other, from left to right, no further apart than they are high."""
    rows: list[list[Mark]] = []
    for box in sorted(characters, key=lambda it: (it.left, it.top)):
        for row in rows:
            last = row[-1]
            taller = max(last.height, box.height)
            overlap = min(last.bottom, box.bottom) - max(last.top, box.top)
            if -2 <= box.left - last.right <= taller and overlap > ALIGNED * taller:
                row.append(box)
                break
        else:
            rows.append([box])
    return rows


def _text(row: list[Mark]) -> Mark:
    return Mark(
        "text",
        min(box.left for box in row),
        min(box.top for box in row),
        max(box.right for box in row),
        max(box.bottom for box in row),
    )
