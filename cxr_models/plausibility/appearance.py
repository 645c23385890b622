"""A picture's coarse look and its detail at four scales, in a few numbers: what the linear classifier sees."""

import numpy as np
from PIL import Image

COARSE = 16
SCALES = 4
BURNT_LEVEL = 0.97
SMALLEST = 1e-4  # keeps the logarithm of a detail that is not there finite
DARKEST, LIGHTEST = 0.01, 0.99  # quantiles, so that a marker or a speck tells nothing


def appearance(pixels: np.ndarray) -> np.ndarray:
    """(224, 224) in [0, 1] -> (264,) float32: the picture at 16 × 16 with mean 0 and deviation 1, and the logarithm of
    its detail at each scale relative to its spread. Brightness and contrast drop out.

    >>> appearance(np.random.default_rng(0).random((224, 224), dtype=np.float32)).shape
    (264,)
    """
    side = pixels.shape[0] // COARSE
    coarse = pixels.reshape(COARSE, side, COARSE, side).mean((1, 3))
    coarse = (coarse - coarse.mean()) / max(float(coarse.std()), SMALLEST)
    relative = details(pixels) / max(float(pixels.std()), SMALLEST)
    return np.concatenate([coarse.ravel(), np.log(np.maximum(relative, SMALLEST))]).astype(np.float32)


def details(pixels: np.ndarray) -> np.ndarray:
    """Standard deviation of the steps from pixel to pixel along a row, then along a column, at full size and at each
    half of it, (8,). A picture that was moved has little along one way, noise has much of the finest."""
    found = []
    for _ in range(SCALES):
        found += [np.diff(pixels, axis=axis).std() for axis in (1, 0)]
        image = Image.fromarray(pixels)
        pixels = np.asarray(image.resize((image.width // 2, image.height // 2), Image.Resampling.BOX))
    return np.array(found)


def burnt(pixels: np.ndarray) -> float:
    """Share of the picture at the white end of the grey scale, where nothing can be told apart."""
    return float(np.mean(pixels >= BURNT_LEVEL))


def levels(pixels: np.ndarray) -> tuple[float, float]:
    """(lightest, spread): the grey that a hundredth of the picture is lighter than, and how far that lies above the
    grey that a hundredth is darker than, both in [0, 1]."""
    darkest, lightest = np.quantile(pixels, (DARKEST, LIGHTEST))
    return float(lightest), float(lightest - darkest)
