"""Grey-level histograms: the quantiles of an image, and an image with the histogram of another."""

import numpy as np
import torch

LEVELS = 256


def quantiles(pixels: torch.Tensor) -> np.ndarray:
    """The 256 evenly spaced grey-level quantiles of each image; (n, 1, H, W) in [0, 1] -> (n, 256) float32, rising.

    >>> quantiles(torch.tensor([[[[0.0, 1.0]]]]))[0, [0, 255]].tolist()
    [0.0, 1.0]
    """
    places = (np.arange(LEVELS) + 0.5) / LEVELS
    flat = np.sort(pixels.numpy().reshape(len(pixels), -1), axis=1)
    own = (np.arange(flat.shape[1]) + 0.5) / flat.shape[1]
    return np.stack([np.interp(places, own, values) for values in flat]).astype(np.float32)


def matched(picture: torch.Tensor, wanted: np.ndarray, *, levels: int = LEVELS) -> torch.Tensor:
    """The image with another histogram, ranks kept: each grey level becomes the wanted quantile of its rank (histogram
    specification; Gonzalez and Woods, Digital Image Processing, 3.3). (1, H, W) in [0, 1] -> the same; wanted: (256,).

    Pixels within one of so many levels become one level again.
    """
    level = (picture * (levels - 1)).round().long().clamp_(0, levels - 1)
    count = torch.bincount(level.flatten(), minlength=levels).numpy()
    rank = (count.cumsum() - count / 2) / count.sum()
    table = np.interp(rank, (np.arange(LEVELS) + 0.5) / LEVELS, wanted).astype(np.float32)
    return torch.from_numpy(table)[level]
