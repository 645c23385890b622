"""A network that reads one property is moved by its swap; the table says so, of validation images alone."""

import numpy as np
import pandas as pd
import pytest
import torch
from torch import nn

from cxr_models.evaluation import properties as evaluation
from train import properties
from train.pictures import Pictures


class Brightness(nn.Module):
    """Takes dark pictures for pneumonia."""

    def forward(self, pixels: torch.Tensor) -> torch.Tensor:
        return 20 * (0.5 - pixels.mean(dim=(1, 2, 3)))


def pictures(count: int, seed: int) -> Pictures:
    """Noise, darker in the pneumonias."""
    rng = np.random.default_rng(seed)
    label = np.arange(count) % 2
    grey = rng.normal(0.6 - 0.2 * label[:, None, None], 0.1, (count, 224, 224)).clip(0, 1).astype(np.float32)
    names = [f"{seed}_{place}" for place in range(count)]
    rows = pd.DataFrame({"file": names, "label": label, "patient": names})
    return Pictures(rows, torch.from_numpy(grey)[:, None])


def test_the_histogram_moves_a_network_that_reads_brightness_and_rotation_does_not():
    table = properties.table_of(pictures(12, 0), pictures(12, 1), {"student": Brightness()}, set()).set_index(
        "property"
    )
    assert list(table.index) == list(evaluation.TITLES)
    histogram, rotation = table.loc["histogram"], table.loc["rotation"]
    assert histogram["property_auc"] == 1 and histogram["plain_auc"] == 1 and histogram["swapped_auc"] == 0
    assert histogram["change"] == -1 and histogram["flagged"] and not rotation["flagged"]


def test_a_large_network_reads_equally_many_of_each_class(monkeypatch):
    monkeypatch.setattr(properties, "OF_LARGE", 3)
    part = pictures(12, 1)
    read = properties.balanced(part, properties.OF_LARGE)
    assert read.rows["label"].value_counts().to_dict() == {0: 3, 1: 3}
    assert torch.equal(read.pixels, part.pixels[read.rows.index.tolist()])
    assert len(properties.balanced(part, 100).rows) == 12


def test_a_change_is_paired_by_image():
    rng = np.random.default_rng(0)
    label, logit = np.tile([0, 1], 50), rng.normal(size=100)
    patient = [f"p{place}" for place in range(100)]
    same = evaluation.change(label, patient, logit, logit)
    assert (same.value, same.low, same.high) == (0, 0, 0)
    better = evaluation.change(label, patient, logit, logit + 3 * label)
    assert better.value > 0.2 and better.low > 0


@pytest.mark.parametrize(("change", "flagged"), [(-0.006, True), (0.006, True), (-0.005, False), (0.0, False)])
def test_a_property_is_flagged_from_half_a_hundredth_on(change, flagged):
    assert evaluation.flagged(pd.DataFrame({"change": [change]})).tolist() == [flagged]
