"""Uniform dark borders: letterbox bars, frames of a viewer. They are trimmed before any network looks."""

import numpy as np

# A border row is dark from end to end but for a side marker: its 98th percentile lies within 6 % of the picture's
# range.
BORDER_QUANTILE = 98
BORDER_LEVEL = 0.06
# A third at one edge is what letterboxing a 1:3 strip would need; what is dark beyond that is the picture itself.
BORDER_LIMIT = 1 / 3


def trim(grey: np.ndarray) -> tuple[int, int, int, int]:
    """Box (left, top, right, bottom) without uniform dark borders.

    A row or column belongs to a border while its 98th percentile is at most 6 % of the picture's range above the
    picture's minimum, counted inwards from the edge. An edge where more than a third of the side is dark keeps all of
    it: that is a dark picture, not a bar.

    >>> framed = np.zeros((100, 100), np.float32); framed[10:90, 20:100] = .5
    >>> trim(framed)
    (20, 10, 100, 90)
    """
    low, high = float(grey.min()), float(np.percentile(grey, 99.5))
    level = low + BORDER_LEVEL * (high - low)
    height, width = grey.shape
    top, bottom = _inner(grey, axis=1, level=level)
    left, right = _inner(grey[top:bottom], axis=0, level=level)
    # Bars on two sides hide part of the others: look at the rows again without the side bars.
    if (left, right) != (0, width):
        top, bottom = _inner(grey[:, left:right], axis=1, level=level)
    return left, top, right, bottom


def _inner(grey: np.ndarray, *, axis: int, level: float) -> tuple[int, int]:
    """First and one past the last line along the other axis that is not dark border."""
    bright = np.percentile(grey, BORDER_QUANTILE, axis=axis, method="nearest") > level
    length = len(bright)
    if not bright.any():
        return 0, length
    first, last = int(bright.argmax()), length - int(bright[::-1].argmax())
    limit = length * BORDER_LIMIT
    return (first if first <= limit else 0), (last if length - last <= limit else length)
