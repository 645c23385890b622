"""Numbers as they are written on screen; a measure that is undefined is a dash."""

import math

from cxr_models.evaluation.intervals import Interval

UNDEFINED = "–"


def percent(value: float) -> str:
    """One decimal: '93.1 %'."""
    return UNDEFINED if math.isnan(value) else f"{value:.1%}".replace("%", " %")


def plain_percent(value: float) -> str:
    """As few decimals as it takes: '10 %', '97.5 %'."""
    return f"{100 * value:.4g} %"


def percent_interval(it: Interval) -> str:
    """'93.1 % (90.4 to 95.6)'."""
    if math.isnan(it.value):
        return UNDEFINED
    return f"{percent(it.value)} ({percent(it.low).removesuffix(' %')} to {percent(it.high).removesuffix(' %')})"


def share_interval(it: Interval) -> str:
    """'.931 (.904 to .956)'."""
    if math.isnan(it.value):
        return UNDEFINED
    value, low, high = (f"{number:.3f}".removeprefix("0") for number in (it.value, it.low, it.high))
    return f"{value} ({low} to {high})"


def megabytes(size: int) -> str:
    """'0.18 MB', '47.2 MB': three digits that count."""
    return f"{size / 1e6:.3g} MB"


def many(count: int) -> str:
    """'23,508,032'."""
    return f"{count:,}"
