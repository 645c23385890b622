"""A swap gives a picture the donor's property, and a picture that has it already stays as it is."""

import cv2
import numpy as np
import pandas as pd
import pytest
import torch

from cxr_models import imaging
from tests.train import test_marks
from train import framing, marks, robustness, shortcut, styles, swaps
from train.pictures import Pictures


@pytest.fixture(scope="module")
def pair(samples) -> list[torch.Tensor]:
    """Two real pictures, the second one darker and a little blurred."""
    first, second = (
        torch.from_numpy(imaging.pixels(imaging.decode(data)))[None] for data in list(samples.values())[:2]
    )
    return [first, torch.from_numpy(cv2.GaussianBlur(second[0].numpy(), (0, 0), 0.5))[None] * 0.8]


def test_the_histogram_becomes_the_donors_and_the_order_of_the_greys_stays(pair):
    changed = swaps.histogram(*pair)
    wanted = shortcut.histogram(pair[1][0].numpy())
    assert np.abs(shortcut.histogram(changed[0].numpy()) - wanted).sum() < 0.05
    order = pair[0].flatten().argsort(stable=True)
    assert (changed.flatten()[order].diff() >= 0).all()
    assert torch.allclose(swaps.histogram(pair[0], pair[0]), pair[0])


def test_the_spectrum_comes_nearer_to_the_donors(pair):
    before, after, wanted = (styles.spectrum(it[0].numpy()) for it in (pair[0], swaps.spectrum(*pair), pair[1]))
    assert np.abs(after - wanted).mean() < 0.7 * np.abs(before - wanted).mean()
    assert torch.allclose(swaps.spectrum(pair[0], pair[0]), pair[0], atol=1e-3)


@pytest.mark.parametrize("place", [0, 3])
def test_the_jpeg_blocks_lie_where_the_donors_do(place):
    rng = np.random.default_rng(0)
    blocks = np.repeat(np.repeat(rng.random((30, 30)), 8, axis=0), 8, axis=1)[8 - place :, 8 - place :][:224, :224]
    donor = torch.from_numpy(blocks.astype(np.float32))[None]
    assert [int(steps.argmax()) for steps in framing.grid(blocks)] == [place, place]
    noise = torch.from_numpy(rng.random((224, 224)).astype(np.float32))[None]
    changed = swaps.jpeg_grid(noise * 0.2 + 0.4, donor)
    assert changed.shape == donor.shape and (changed - noise * 0.2 - 0.4).abs().mean() < 0.1
    assert [int(steps.argmax()) for steps in framing.grid(changed[0].numpy())] == [place, place]


def test_the_borders_are_the_donors_and_the_middle_is_not(pair):
    changed = swaps.borders(*pair)
    assert torch.equal(changed[:, :2], pair[1][:, :2]) and torch.equal(changed[:, :, -2:], pair[1][:, :, -2:])
    assert torch.equal(changed[:, 20:-20, 20:-20], pair[0][:, 20:-20, 20:-20])


def test_marks_are_painted_over_and_the_donors_are_there():
    own, donor = test_marks.picture(test_marks.LETTER), test_marks.picture(*test_marks.text(186, 209))
    assert marks.find(swaps.marked(own, donor)) == marks.find(donor)
    assert marks.find(swaps.marked(own, test_marks.picture())) == []


@pytest.mark.parametrize("scale", [0.8, 1.2])
def test_the_chest_becomes_as_large_as_the_donors(pair, scale):
    typical = pair[0][0].numpy()
    donor = torch.from_numpy(framing.warped(typical, scale=scale))[None]
    assert framing.size(typical, typical) == pytest.approx(1)
    assert framing.size(donor[0].numpy(), typical) == pytest.approx(scale)
    changed = swaps.field_of_view(pair[0], donor, typical=typical)
    assert framing.size(changed[0].numpy(), typical) == pytest.approx(scale)


@pytest.mark.parametrize("degrees", [-6.0, 6.0])
def test_a_turn_is_measured_and_taken_over(degrees):
    grey = np.zeros((224, 224), np.float32)
    grey[40:200, 80:144] = 1.0
    turned = framing.warped(grey, degrees=-degrees)
    assert framing.angle(grey) == 0 and framing.angle(turned) == pytest.approx(degrees, abs=1)
    changed = swaps.rotation(*(torch.from_numpy(it)[None] for it in (grey, turned)))
    assert framing.angle(changed[0].numpy()) == pytest.approx(degrees, abs=1)


def test_a_donor_has_the_other_class_and_depends_on_the_file_only(pair):
    rows = pd.DataFrame({"file": ["a", "b", "c", "d"], "label": [0, 1, 0, 1]})
    pixels = torch.arange(4.0).reshape(4, 1, 1, 1).expand(4, 1, 224, 224) / 4
    part = Pictures(rows, pixels)
    donors = swaps.other_class(part, part)
    assert ((donors[:, 0, 0, 0] * 4).long() % 2 == 1 - part.labels.long()).all()
    again = swaps.other_class(Pictures(rows.iloc[::-1], pixels.flip(0)), part)
    assert torch.equal(again.flip(0), donors)
    changed = robustness.swapped(part, part)
    assert set(changed.rows["change"]) == {robustness.OTHER_CLASS} and set(changed.rows["grade"]) == {1}
    assert torch.equal(changed.pixels, donors)
