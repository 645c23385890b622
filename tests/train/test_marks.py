"""Letters and texts are found where they are painted, and nowhere else."""

import cv2
import numpy as np
import pytest
import torch

from cxr_models import imaging
from train import marks


def picture(*written: tuple[str, int, int, float], background: float = 0.2) -> torch.Tensor:
    """An even picture with each (words, left, bottom, size) painted white."""
    grey = np.full((224, 224), background, np.float32)
    for words, left, bottom, size in written:
        cv2.putText(grey, words, (left, bottom), cv2.FONT_HERSHEY_SIMPLEX, size, 0.95, 1, cv2.LINE_AA)
    return torch.from_numpy(grey)[None]


@pytest.mark.parametrize(
    ("written", "kind", "places"),
    [
        ((), "none", set()),
        ((("R", 8, 30, 0.5),), "letter", {"upper left"}),
        ((("KV59", 186, 219, 0.35),), "text", {"lower right"}),
        ((("14:41", 180, 14, 0.35), ("R", 8, 30, 0.5)), "text", {"upper right", "upper left"}),
        ((("A-P", 4, 14, 0.4),), "text", {"upper left"}),
        ((("R", 100, 120, 0.5),), "none", set()),
    ],
    ids=["nothing", "side letter", "tube voltage", "clock time and letter", "view", "inside the chest"],
)
def test_kind_and_place(written, kind, places):
    found = marks.find(picture(*written))
    assert marks.kind(found) == kind and {mark.place for mark in found} == places


def test_the_box_holds_the_strokes():
    seen = picture(("R", 8, 30, 0.5))
    (mark,) = marks.find(seen)
    rows, columns = np.nonzero(seen[0].numpy() > 0.5)
    assert mark.top <= rows.min() and rows.max() < mark.bottom and mark.left <= columns.min() + 1
    assert columns.max() - 1 < mark.right and mark.height < 15 and mark.width < 15


def test_a_bright_block_and_a_soft_edge_are_no_marks():
    grey = picture()
    grey[0, 10:30, 5:20] = 0.9
    grey[0, :, 200:] = torch.linspace(0.2, 0.9, 24)
    assert marks.find(grey) == []


def test_a_real_side_letter_is_found(samples):
    seen = {name: torch.from_numpy(imaging.pixels(imaging.decode(data)))[None] for name, data in samples.items()}
    kinds = {name: marks.kind(marks.find(it)) for name, it in seen.items()}
    assert "letter" in kinds.values(), kinds
