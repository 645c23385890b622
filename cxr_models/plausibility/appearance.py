"""A picture's coarse look and its detail at four scales, in a few numbers: what the linear classifier sees."""

import numpy as np
from PIL import Image

COARSE = 16
SCALES = 4
BURNT_LEVEL = 0.97
SMALLEST = 1e-4  # keeps the logarithm of a detail that is not there finite


def appearance(pixels: np.ndarray) -> np.ndarray:
    """(224, 224) in [0, 1] -> (260,) float32: the picture at 16 × 16 with mean 0 and deviation 1, and the logarithm of
    its detail at each scale relative to its spread. Brightness and contrast drop out.

    >>> appearance(np.random.default_rng(0).random((224, 224), dtype=np.float32)).shape
    (260,)
    """
    side = pixels.shape[0] // COARSE
    coarse = pixels.reshape(COARSE, side, COARSE, side).mean((1, 3))
    coarse = (coarse - coarse.mean()) / max(float(coarse.std()), SMALLEST)
    relative = details(pixels) / max(float(pixels.std()), SMALLEST)
    return np.concatenate([coarse.ravel(), np.log(np.maximum(relative, SMALLEST))]).astype(np.float32)


def details(pixels: np.ndarray) -> np.ndarray:
    """Standard deviation of each level of a Laplacian pyramid (Burt and Adelson 1983), the finest first, (4,)."""
    found = []
    for _ in range(SCALES):
        image = Image.fromarray(pixels)
        half = image.resize((image.width // 2, image.height // 2), Image.Resampling.BOX)
        found.append(np.std(pixels - np.asarray(half.resize(image.size, Image.Resampling.BILINEAR))))
        pixels = np.asarray(half)
    return np.array(found)


def burnt(pixels: np.ndarray) -> float:
    """Share of the picture at the white end of the grey scale, where nothing can be told apart."""
    return float(np.mean(pixels >= BURNT_LEVEL))
