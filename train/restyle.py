"""The restyled validation images: on top of the stress, the machine's style is taken from the label.

Each stressed validation image takes the histogram, the burned-in marks and the sharpness of a training image that is
drawn, seeded by the file's name, from either class with equal odds. A network that reads the style instead of the
anatomy loses its AUC here.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import torch
from scipy.ndimage import gaussian_filter

from cxr_models.imaging import SIDE
from train import burned_in, pictures, tone
from train.pictures import Pictures
from train.stress import generator

STEPS = 8
AMOUNTS = (-0.95, 4.0)  # of the blur (below 0) or the unsharp mask (above)
GAINS = (-3.0, 3.0)  # logarithm of the factor at the edges
BLUR_PIXELS = 1.5
EDGE = 22  # a tenth of the side
FINE_LEVELS = 65536
TIE_BREAK = 1e-3


def sharpness(picture: torch.Tensor) -> float:
    """Share of the horizontal gradients' energy that a 3 x 3 mean takes away; (1, H, W) -> [0, 1]."""
    smooth = torch.nn.functional.avg_pool2d(picture[None], 3, stride=1)[0]
    return 1 - float(smooth.diff(dim=-1).square().mean() / picture.diff(dim=-1).square().mean().clamp_min(1e-12))


def donors(files: pd.Series, training: pd.DataFrame) -> pd.DataFrame:
    """For each file the row of a training image of either class with equal odds; training: rows of splits.csv."""
    of_class = [rows for _, rows in training.sort_values("file").groupby("label")]
    chosen = []
    for file in files:
        rng = generator(f"restyled {file}")
        rows = of_class[rng.integers(len(of_class))]
        chosen.append(rows.iloc[rng.integers(len(rows))])
    return pd.DataFrame(chosen).reset_index(drop=True)


def restyled(stressed: Pictures, data: Path, splits: Path) -> Pictures:
    """The same rows with restyled pixels. Raises DatasetRefused as `pictures.load` does."""
    table = pd.read_csv(splits, keep_default_na=False)
    source = pictures.read(data, donors(stressed.rows["file"], table[table["split"] == "train"]))
    changed = [change(picture, donor) for picture, donor in zip(stressed.pixels, source.pixels, strict=True)]
    return Pictures(stressed.rows.assign(split="restyled"), torch.stack(changed))


def change(picture: torch.Tensor, donor: torch.Tensor) -> torch.Tensor:
    """The image with the donor's sharpness, brightness of the edges, histogram and marks; (1, 224, 224) in [0, 1] ->
    the same. The edges count because a histogram does not say where it is bright."""
    quantiles = tone.quantiles(donor[None])[0]
    wanted = np.array([sharpness(donor), edge(donor)])
    low, high = np.array([AMOUNTS[0], GAINS[0]]), np.array([AMOUNTS[1], GAINS[1]])
    for _ in range(STEPS):  # both rise with what changes them: halve both intervals
        middle = (low + high) / 2
        toned = exactly_toned(brightened(sharpened(picture, middle[0]), middle[1]), quantiles)
        below = np.array([sharpness(toned), edge(toned)]) < wanted
        low, high = np.where(below, middle, low), np.where(below, high, middle)
    return burned_in.moved(toned, donor)


def exactly_toned(picture: torch.Tensor, quantiles: np.ndarray) -> torch.Tensor:
    """`tone.matched` where equal grey levels are ranked by their surroundings, so that the number of levels tells
    nothing either (Coltuc 2006, IEEE Transactions on Image Processing 15:1143)."""
    ordered = picture + TIE_BREAK * blurred(picture)
    return tone.matched(ordered / (1 + TIE_BREAK), quantiles, levels=FINE_LEVELS)


def edge(picture: torch.Tensor) -> float:
    """Mean of the outer tenth over the mean of the rest; (1, 224, 224) -> above 0."""
    outer = RAMP >= 0.5
    return float(picture[0][outer].mean() / picture[0][~outer].mean().clamp_min(1e-6))


def brightened(picture: torch.Tensor, gain: float) -> torch.Tensor:
    """The image with its edges brightened by a gain above 0, darkened by one below, smoothly towards the middle."""
    return (picture * (gain * RAMP).exp()).clamp(0, 1)


def sharpened(picture: torch.Tensor, amount: float) -> torch.Tensor:
    """Unsharp masking for an amount above 0, a blend with the blurred image below; clipped to [0, 1]."""
    return (picture + amount * (picture - blurred(picture))).clamp(0, 1)


def blurred(picture: torch.Tensor) -> torch.Tensor:
    return torch.from_numpy(gaussian_filter(picture.numpy(), (0, BLUR_PIXELS, BLUR_PIXELS)))


def _ramp() -> torch.Tensor:
    """0 in the middle of the image, .5 where the outer tenth begins, 1 at its edges: (224, 224) float32."""
    place = np.abs(np.linspace(-1, 1, SIDE))
    distance = np.maximum(place[:, None], place[None])
    return torch.from_numpy(np.interp(distance, [0, 1 - 2 * EDGE / SIDE, 1], [0, 0.5, 1])).float()


RAMP = _ramp()
