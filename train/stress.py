"""The stressed validation pictures: a fixed change of each picture that takes the squash's trace away from the label.

The published pictures had other proportions in the two classes; the squash to a square wrote that into the pixels as
the ratio of horizontal to vertical gradients, which alone separates the classes on the training pictures but not
elsewhere.
"""

import hashlib

import numpy as np
import torch
from torchvision.transforms.v2 import functional as F

from train.pictures import Pictures

ZOOM = (0.75, 1.0)  # kept share of each side
LOG_CONTRAST = 0.3
LOG_GAMMA = 0.3
SHARPNESS = (0.4, 1.0)  # side of the picture it is shrunk to and enlarged from
STRETCH_LIMIT = 2.5
STRETCH_STEPS = 6


def aspect_trace(pixels: torch.Tensor) -> float:
    """gx/gy of a picture (1, H, W): mean absolute horizontal over vertical difference of neighbours; > 0.

    >>> aspect_trace(torch.tensor([[[0.0, 1.0], [0.5, 1.5]]]))
    2.0
    """
    horizontal = pixels.diff(dim=-1).abs().mean()
    vertical = pixels.diff(dim=-2).abs().mean()
    return float(horizontal / vertical.clamp_min(1e-6))


def traces(pictures: Pictures) -> np.ndarray:
    """`aspect_trace` of each picture, (n,)."""
    return np.array([aspect_trace(picture) for picture in pictures.pixels])


def stressed(plain: Pictures) -> Pictures:
    """The same rows with stressed pixels. Each picture's change is drawn from a generator seeded by its file name; the
    wanted trace is drawn from the pooled traces of all of them, whatever their label."""
    pooled = traces(plain)
    changed = [
        change(picture, pooled, generator(file)) for picture, file in zip(plain.pixels, plain.rows["file"], strict=True)
    ]
    rows = plain.rows.assign(split="stressed")
    return Pictures(rows, torch.stack(changed))


def generator(file: str) -> np.random.Generator:
    """A generator that depends on the file's name only."""
    return np.random.default_rng(list(hashlib.sha256(file.encode()).digest()))


def change(picture: torch.Tensor, pooled: np.ndarray, rng: np.random.Generator) -> torch.Tensor:
    """Zoom, contrast, gamma and sharpness, then a stretch to a trace drawn from `pooled`; (1, S, S) -> (1, S, S)."""
    side = picture.shape[-1]
    kept = int(round(side * rng.uniform(*ZOOM)))
    top, left = rng.integers(0, side - kept + 1, size=2)
    picture = F.resized_crop(picture, int(top), int(left), kept, kept, [side, side])
    picture = F.adjust_contrast(picture, float(np.exp(rng.uniform(-LOG_CONTRAST, LOG_CONTRAST))))
    picture = F.adjust_gamma(picture, float(np.exp(rng.uniform(-LOG_GAMMA, LOG_GAMMA))))
    small = int(round(side * rng.uniform(*SHARPNESS)))
    picture = F.resize(F.resize(picture, [small, small]), [side, side])
    return stretch_to(picture, float(rng.choice(pooled)), rng.uniform())


def stretch_to(picture: torch.Tensor, wanted: float, place: float) -> torch.Tensor:
    """Cut the width or the height, and stretch back to a square, until the trace is the wanted one.

    Cutting by the ratio of the two traces overshoots, because what is cut away has another trace than the rest: the
    ratio is corrected by what it gave, a few times, and the nearest result counts. `place` in [0, 1] says what is
    kept: 0 the left or upper end, 1 the right or lower end.
    """
    factor, result, best = 1.0, picture, picture
    for _ in range(STRETCH_STEPS):
        factor = float(np.clip(factor * wanted / aspect_trace(result), 1 / STRETCH_LIMIT, STRETCH_LIMIT))
        result = _stretch(picture, factor, place)
        best = min(best, result, key=lambda tried: abs(np.log(aspect_trace(tried) / wanted)))
    return best


def _stretch(picture: torch.Tensor, factor: float, place: float) -> torch.Tensor:
    """Below 1 the share `factor` of the width is kept, above 1 the share 1/`factor` of the height."""
    side = picture.shape[-1]
    width = round(side * min(1.0, factor))
    height = round(side * min(1.0, 1 / factor))
    top, left = round((side - height) * place), round((side - width) * place)
    return F.resized_crop(picture, top, left, height, width, [side, side])
