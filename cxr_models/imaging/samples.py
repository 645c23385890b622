"""Samples of any depth -> grey in [0, 1]: scaled, never clipped."""

import numpy as np

from cxr_models.errors import PictureRefused

DETECTOR_BITS = (8, 10, 12, 14, 16)
OTHER_BITS = "This DICOM file contradicts itself on how many bits a pixel has. Please export it again."


def unit(samples: np.ndarray) -> np.ndarray:
    """float32 in [0, 1] of the samples' shape.

    Fractions in [0, 1] stay. Everything else is measured on the smallest depth that holds it (8, 10, 12, 14 or 16 bits
    of a detector, any number of bits above), because a file of 16 bits mostly holds 12; signed samples from the lowest
    value of that depth. Samples that use less than half of that depth go from their own minimum to their own maximum.

    Raises PictureRefused for samples that are not finite.

    >>> unit(np.array([0, 4095])).tolist(), unit(np.array([-2048, 2047])).tolist(), unit(np.array([0, 0.5])).tolist()
    ([0.0, 1.0], [0.0, 1.0], [0.0, 0.5])
    """
    if not np.isfinite(samples).all():
        raise PictureRefused("This picture holds values that are not numbers. Please export it again.")
    low, high = float(samples.min()), float(samples.max())
    if samples.dtype.kind == "f" and low >= 0 and high <= 1:
        return samples.astype(np.float32)
    zero, span = _scale(low, high)
    if high - low < span / 2:
        zero, span = low, max(high - low, np.finfo(np.float32).tiny)
    scaled = samples.astype(np.float64 if span > 2**20 else np.float32)
    scaled -= zero  # in place: a large picture in colours takes gigabytes otherwise
    scaled /= span
    return scaled.astype(np.float32, copy=False)


def _scale(low: float, high: float) -> tuple[float, float]:
    """Lowest value of the depth that holds both, and what lies between its lowest and highest."""
    largest = max(high, -low - 1)
    bits = next((bits for bits in DETECTOR_BITS if largest < 2 ** (bits - (low < 0))), None)
    bits = bits or int(largest).bit_length() + (low < 0)
    return (-(2.0 ** (bits - 1)) if low < 0 else 0.0), 2.0**bits - 1
