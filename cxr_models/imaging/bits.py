"""Samples that are stored as they are or packed by runs: which of their bits count."""

import numpy as np
from pydicom import Dataset
from pydicom.pixels.decoders.base import Decoder

from cxr_models.errors import PictureRefused
from cxr_models.imaging.samples import OTHER_BITS


def samples(dataset: Dataset, decoder: Decoder) -> tuple[np.ndarray, dict]:
    """(stored values, what the decoder says of them): unused bits cleared, sign extended.

    Raises PictureRefused when the header counts fewer bits than the picture has.
    """
    shift = _low_bits(dataset)
    found, said = decoder.as_array(dataset, index=0)
    if int(dataset.get("BitsStored") or dataset.BitsAllocated) < int(dataset.BitsAllocated):
        _check_high_bits(found, dataset, decoder)
    return (found >> shift if shift else found), said


def _low_bits(dataset: Dataset) -> int:
    """How many bits lie unused below the lowest bit of a sample; `BitsStored` is made to count them."""
    if "HighBit" not in dataset or "BitsStored" not in dataset:
        return 0
    low = int(dataset.HighBit) + 1 - int(dataset.BitsStored)
    if low > 0:
        dataset.BitsStored = int(dataset.HighBit) + 1
    return max(low, 0)


def _check_high_bits(cleared: np.ndarray, dataset: Dataset, decoder: Decoder) -> None:
    """The unused bits may hold an old overlay: without them the picture is the smoother one. Where they belong to the
    picture, it leaps from white to black without them."""
    stored, dataset.BitsStored = dataset.BitsStored, dataset.BitsAllocated
    whole, _ = decoder.as_array(dataset, index=0)
    dataset.BitsStored = stored
    if np.array_equal(whole, cleared):
        return
    steps, whole_steps = (np.abs(np.diff(values.astype(np.int64), axis=1)) for values in (cleared, whole))
    if 2 * np.count_nonzero(whole_steps < steps) > np.count_nonzero(whole_steps != steps):
        raise PictureRefused(OTHER_BITS)
