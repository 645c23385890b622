"""Stored values of a DICOM picture -> grey, in the order of PS3.3 C.11: padding, modality, values of interest,
presentation."""

import math
from collections.abc import Iterable

import numpy as np
from pydicom import Dataset
from pydicom.multival import MultiValue
from pydicom.pixels import apply_modality_lut, apply_voi, apply_windowing

from cxr_models.imaging.samples import DETECTOR_BITS, unit

WINDOW_FUNCTIONS = ("LINEAR", "LINEAR_EXACT", "SIGMOID")
RESCALE = (("RescaleSlope", 1.0), ("RescaleIntercept", 0.0))
MODALITY_BITS, VOI_BITS = (8, 16), (8, *range(10, 17))
TABLE_SIZE = 2 ** DETECTOR_BITS[-1]

BAD_WINDOW = "The grey-scale window that this file asks for cannot be used; its whole range of grey is shown instead."
BAD_RESCALE = "The rescale values of this file cannot be used and were left out."
BAD_SHAPE = "This file contradicts itself on whether its lowest value is black or white."


def render(stored: np.ndarray, dataset: Dataset) -> tuple[np.ndarray, tuple[str, ...]]:
    """(grey, notes): grey of the shape of `stored`, float32 in [0, 1], black is 0; notes say what had to be guessed.

    stored: (height, width) integers or floats as they are in the file, unused bits cleared, sign extended. Padding is
    black and counts for no scale. Of several windows or tables the first is used, a table before a window, as the
    standard's default view. Without either the smallest detector depth that holds the values is the scale.
    """
    padding = _padding(stored, dataset)
    kept = stored[~padding] if padding is not None else stored
    low, high = kept.min(), kept.max()
    if stored.dtype.kind in "iu" and int(high) - int(low) < TABLE_SIZE:
        # What the steps do depends on the value alone: do it once a value, not once a pixel.
        levels, notes = _steps(np.arange(int(low), int(high) + 1), dataset)
        grey = levels[np.clip(stored, low, high).astype(np.int64) - int(low)]
    else:
        grey, notes = _steps(np.clip(stored, low, high), dataset)
    if padding is not None:
        grey = np.where(padding, np.float32(0), grey)
    return grey, notes


def _steps(values: np.ndarray, dataset: Dataset) -> tuple[np.ndarray, tuple[str, ...]]:
    values, whole, notes = _modality(values, dataset)
    seen, more = _of_interest(values, whole, dataset)
    inverted, still_more = _inverted(dataset)
    return (1 - seen if inverted else seen), notes + more + still_more


def _padding(stored: np.ndarray, dataset: Dataset) -> np.ndarray | None:
    """Where the file has no picture, (height, width) of bool; None when nowhere or everywhere."""
    value = dataset.get("PixelPaddingValue")
    if value is None:
        return None
    limit = dataset.get("PixelPaddingRangeLimit")
    low, high = sorted(_as_stored(v, stored) for v in (value, value if limit is None else limit))
    mask = (stored >= low) & (stored <= high)
    return mask if mask.any() and not mask.all() else None


def _as_stored(value: int, stored: np.ndarray) -> int:
    """A signed value that was written down unsigned, or the other way round, as the pixels hold it."""
    value = int(value)
    if stored.dtype.kind not in "iu":
        return value
    limits = np.iinfo(stored.dtype)
    if value > limits.max:
        return value - 2**limits.bits
    return value + 2**limits.bits if value < limits.min else value


def _modality(stored: np.ndarray, dataset: Dataset) -> tuple[np.ndarray, np.ndarray, tuple[str, ...]]:
    """(values in the units that windows are given in; all of them in [0, 1], for files without a window; notes)."""
    if dataset.get("ModalityLUTSequence"):
        _table_bits(dataset.ModalityLUTSequence[0], MODALITY_BITS)
        values = apply_modality_lut(stored, dataset)
        return values, unit(values), ()
    slope, intercept = (_number(dataset, name, default) for name, default in RESCALE)
    if slope is None or intercept is None or slope == 0:
        return stored, unit(stored), (BAD_RESCALE,)
    # A straight line moves the depth along with the values, so the stored ones tell it.
    whole = unit(stored) if slope > 0 else 1 - unit(stored)
    return (stored if (slope, intercept) == (1, 0) else stored * slope + intercept), whole, ()


def _of_interest(values: np.ndarray, whole: np.ndarray, dataset: Dataset) -> tuple[np.ndarray, tuple[str, ...]]:
    """(what the file wants to be seen, in [0, 1]; notes)."""
    if dataset.get("VOILUTSequence"):
        bits = _table_bits(dataset.VOILUTSequence[0], VOI_BITS)
        mapped = apply_voi(np.rint(values).astype(np.int64), dataset)
        # Tables of 16 bits are often filled to 12 only, and those of fewer sometimes beyond what they say.
        guessed = bits == DETECTOR_BITS[-1] or mapped.max() > 2**bits - 1
        return (unit(mapped) if guessed else (mapped / (2**bits - 1)).astype(np.float32)), ()
    windows = _windows(dataset)
    function = str(dataset.get("VOILUTFunction") or "LINEAR").upper()
    for center, width in windows:
        if function in WINDOW_FUNCTIONS and width is not None and center is not None and _wide(width, function):
            shown = _windowed(values, center, width, function)
            if np.ptp(shown):  # or all of the picture lies outside the window
                return shown, ()
    return whole, ((BAD_WINDOW,) if windows else ())


def _table_bits(table: Dataset, allowed: Iterable[int]) -> int:
    """Bits of a table's entries; a number that the standard does not allow is made 16, which holds them all.

    Entries of 8 bits that take 16 each, as some machines write them (PS3.3 C.11.1.1.1), are read so.
    """
    entries, first, bits = table.LUTDescriptor
    spread = isinstance(table.LUTData, bytes) and len(table.LUTData) == 2 * entries
    if bits not in allowed or (bits == 8 and spread):
        table.LUTDescriptor = [entries, first, 16]
    return int(bits if bits in allowed else 16)


def _wide(width: float, function: str) -> bool:
    return width >= 1 if function == "LINEAR" else width > 0


def _windows(dataset: Dataset) -> list[tuple[float | None, float | None]]:
    """(center, width) of each window that is said; None where one cannot be read."""
    centers, widths = (_numbers(dataset, name) for name in ("WindowCenter", "WindowWidth"))
    length = max(len(centers), len(widths))
    return list(zip(*(side + [None] * (length - len(side)) for side in (centers, widths)), strict=True))


def _windowed(values: np.ndarray, center: float, width: float, function: str) -> np.ndarray:
    window = Dataset()
    window.PhotometricInterpretation, window.PixelRepresentation, window.BitsStored = "MONOCHROME2", 0, 16
    window.WindowCenter, window.WindowWidth, window.VOILUTFunction = center, width, function
    return (apply_windowing(values, window) / (2**window.BitsStored - 1)).astype(np.float32)


def _inverted(dataset: Dataset) -> tuple[bool, tuple[str, ...]]:
    """MONOCHROME1 and the shape INVERSE say the same thing, once."""
    white_first = dataset.PhotometricInterpretation == "MONOCHROME1"
    shape = dataset.get("PresentationLUTShape")
    contradiction = shape in ("INVERSE", "IDENTITY") and (shape == "INVERSE") != white_first
    return white_first, ((BAD_SHAPE,) if contradiction else ())


def _number(dataset: Dataset, name: str, default: float) -> float | None:
    found = _numbers(dataset, name)
    return found[0] if found else default


def _numbers(dataset: Dataset, name: str) -> list[float | None]:
    """Every value of an element; None for one that is not a finite number."""
    try:
        found = dataset.get(name)
        if found is None or found == "":
            return []
        values = found if isinstance(found, MultiValue) else [found]
        return [number if math.isfinite(number) else None for number in map(float, values)]
    except (ValueError, TypeError, OverflowError):
        return [None]
