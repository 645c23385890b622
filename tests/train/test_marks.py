"""Letters and texts are found where they are painted, and nowhere else."""

import numpy as np
import pytest
import torch

from cxr_models import imaging
from train import marks


def picture(*characters: tuple[int, int, int, int]) -> torch.Tensor:
    """An even picture with the outline of each character (left, top, width, height), one pixel wide, in white."""
    grey = np.full((224, 224), 0.2, np.float32)
    for left, top, width, height in characters:
        grey[top : top + height, left : left + width] = 0.95
        grey[top + 1 : top + height - 1, left + 1 : left + width - 1] = 0.2
    return torch.from_numpy(grey)[None]


def text(left: int, top: int, count: int = 4) -> list[tuple[int, int, int, int]]:
    return [(left + 7 * place, top, 5, 7) for place in range(count)]


LETTER = (8, 18, 8, 12)


@pytest.mark.parametrize(
    ("characters", "kind", "places"),
    [
        ([], "none", set()),
        ([LETTER], "letter", {"upper left"}),
        (text(186, 209), "text", {"lower right"}),
        ([*text(186, 6), LETTER], "text", {"upper right", "upper left"}),
        ([(105, 105, 8, 12)], "none", set()),
        ([text(186, 209, 1)[0], (200, 190, 5, 7)], "letter", {"lower right"}),
    ],
    ids=["nothing", "side letter", "text", "text and letter", "inside the chest", "two that stand in no row"],
)
def test_kind_and_place(characters, kind, places):
    found = marks.find(picture(*characters))
    assert marks.kind(found) == kind and {mark.place for mark in found} == places


def test_the_boxes_hold_a_whole_text_and_a_letter():
    found = marks.find(picture(LETTER, *text(186, 209)))
    assert [(mark.kind, mark.left, mark.top, mark.width, mark.height) for mark in found] == [
        ("text", 186, 209, 26, 7),
        ("letter", *LETTER),
    ]


def test_a_bright_block_and_a_soft_edge_are_no_marks():
    grey = picture()
    grey[0, 10:30, 5:20] = 0.9
    grey[0, :, 200:] = torch.linspace(0.2, 0.9, 24)
    assert marks.find(grey) == []


def test_a_real_side_letter_is_found(samples):
    seen = {name: torch.from_numpy(imaging.pixels(imaging.decode(data)))[None] for name, data in samples.items()}
    kinds = {name: marks.kind(marks.find(it)) for name, it in seen.items()}
    assert "letter" in kinds.values(), kinds
