"""Numbers as they are written on screen; a measure that is undefined is a dash."""

import math

from cxr_models.evaluation.intervals import Interval

UNDEFINED = "–"


def percent(value: float) -> str:
    """One decimal: '93.1 %'."""
    return UNDEFINED if math.isnan(value) else f"{value:.1%}".replace("%", " %")


def percent_interval(it: Interval) -> str:
    """'93.1 % (90.4 to 95.6)'."""
    if math.isnan(it.value):
        return UNDEFINED
    return f"{percent(it.value)} ({percent(it.low).removesuffix(' %')} to {percent(it.high).removesuffix(' %')})"


def share_interval(it: Interval) -> str:
    """'0.931 (0.904 to 0.956)'."""
    return UNDEFINED if math.isnan(it.value) else f"{it.value:.3f} ({it.low:.3f} to {it.high:.3f})"


def megabytes(size: int) -> str:
    """'0.18 MB', '47.2 MB': three digits that count."""
    return f"{size / 1e6:.3g} MB"


def many(count: int) -> str:
    """'23,508,032'."""
    return f"{count:,}"
