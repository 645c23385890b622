"""Numbers as they are written on screen; a measure that is undefined is a dash."""

import math
import re

from cxr_models.evaluation.comparison import SIGNIFICANT
from cxr_models.evaluation.intervals import Interval

UNDEFINED = "–"
# Of a table to take away: without the mark in front spreadsheets take UTF-8 for another code, and garble names.
SPREADSHEET = "utf-8-sig"
MEANINGS = {
    "sensitivity": "Sensitivity: pneumonias that are found",
    "specificity": "Specificity: normals that are left in peace",
    "auc": "AUC: how well scores part the two, at any threshold",
    "ppv": "PPV: with pneumonia, among the suspected",
    "npv": "NPV: without, among the others",
}
AGREED = (
    "Of a value of 0 or 100 % no resample can differ: its interval is computed from the number of patients, by "
    "Wilson's formula or for an AUC by Newcombe's, and says so."
)
MARKDOWN = re.compile(r"([\\`*_{}\[\]()<>#+!|~$:])")


def literal(text: str) -> str:
    r"""A stranger's text inside a sentence of ours: nothing in it becomes a link, a picture or a formula.

    >>> literal("a_b.png ![x](http://y)")
    'a\\_b.png \\!\\[x\\]\\(http\\://y\\)'
    """
    return MARKDOWN.sub(r"\\\1", text)


def lowered(text: str) -> str:
    """As it is written inside a sentence.

    >>> lowered("Its teacher, the Custom CNN")
    'its teacher, the Custom CNN'
    """
    return text[0].lower() + text[1:]


def percent(value: float) -> str:
    """One decimal: '93.1 %'."""
    return UNDEFINED if math.isnan(value) else f"{value:.1%}".replace("%", " %")


def plain_percent(value: float) -> str:
    """As few decimals as it takes: '10 %', '97.5 %'."""
    return f"{100 * value:.4g} %"


def percent_interval(it: Interval) -> str:
    """'93.1 % (90.4 to 95.6)'; '100.0 % (98.1 to 100.0, Wilson)' of a share of 0 or 1, see `AGREED`."""
    if math.isnan(it.value):
        return UNDEFINED
    value, low, high = (percent(one) for one in (it.value, it.low, it.high))
    return _with_ends(value, low.removesuffix(" %"), high.removesuffix(" %"), it, "Wilson")


def per_hundred_interval(it: Interval) -> str:
    """'6.9 (4.4 to 9.6)'."""
    return percent_interval(it).replace(" %", "")


def points(width: float) -> str:
    """The width of an interval of a share: '21 percentage points'."""
    return f"{100 * width:.0f} percentage points"


def share_interval(it: Interval) -> str:
    """'.931 (.904 to .956)'."""
    return _share_interval(it, "")


def auc_interval(it: Interval) -> str:
    """'.931 (.904 to .956)'; '1.000 (.985 to 1.000, Newcombe)' of an AUC of 0 or 1, see `AGREED`."""
    return _share_interval(it, "Newcombe")


def number_interval(it: Interval, *, decimals: int = 2) -> str:
    """'0.98 (0.85 to 1.12)', '−0.64 (−1.00 to −0.29)': for numbers that are no shares, with a true minus sign."""
    if math.isnan(it.value):
        return UNDEFINED
    return _with_ends(*(number(one, decimals=decimals) for one in (it.value, it.low, it.high)), it, "")


def number(value: float, *, decimals: int = 2) -> str:
    """With a true minus sign, and never a negative zero: '−0.64', '0'."""
    text = f"{value:.{decimals}f}"
    return text.removeprefix("-") if float(text) == 0 else text.replace("-", "−")


def p_value(p: float) -> str:
    """Two significant digits, and more where .05 would be rounded to from below.

    >>> p_value(0.031), p_value(0.0004), p_value(0.3), p_value(0.0497), p_value(0.04998), p_value(0.0503), p_value(1.0)
    ('p = .031', 'p < .001', 'p = .30', 'p = .0497', 'p = .04998', 'p = .050', 'p = 1.0')
    """
    if math.isnan(p):
        return "p undefined"
    if p < 0.001:
        return "p < .001"
    decimals = 1 - math.floor(math.log10(p))
    while p < SIGNIFICANT <= float(f"{p:.{decimals}f}"):
        decimals += 1
    return f"p = {p:.{decimals}f}".replace("= 0.", "= .")


def megabytes(size: int) -> str:
    """'0.18 MB', '47.2 MB': three digits that count."""
    return f"{size / 1e6:.3g} MB"


def many(count: int) -> str:
    """'23,508,032'."""
    return f"{count:,}"


def roughly(count: int) -> str:
    """Three digits that count from a million on: '89,281', '1.85 million', '4,087 million'."""
    if count < 1_000_000:
        return many(count)
    millions = count / 1e6
    return f"{millions:,.0f} million" if millions >= 100 else f"{millions:.3g} million"


def _share_interval(it: Interval, source: str) -> str:
    if math.isnan(it.value):
        return UNDEFINED
    return _with_ends(*(f"{one:.3f}".removeprefix("0") for one in (it.value, it.low, it.high)), it, source)


def _with_ends(value: str, low: str, high: str, it: Interval, source: str) -> str:
    """source: whose interval it is where the value is 0 or 1. An interval without ends or without width is none."""
    if not it.low < it.high:
        return f"{value} (no interval)"
    return f"{value} ({low} to {high}{f', {source}' if source and it.value in (0, 1) else ''})"
