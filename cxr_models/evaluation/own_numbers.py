"""Numbers as people write them: decimal point or comma, thousands signs, percent; what can be read two ways is found.

>>> import pandas as pd
>>> decimal_signs(pd.Series(["1.079,20", "750,20"])), decimal_signs(pd.Series(["1,079", "950"]))
((',',), ('.', ','))
>>> numbers(pd.Series(["1.079,20", "750,20", "high", ""]), ",").tolist()
[1079.2, 750.2, nan, nan]
>>> readings(pd.Series(["950", "1,079"]))
('1,079', 1079.0, 1.079)
"""

import re

import numpy as np
import pandas as pd

POINT, COMMA = ".", ","
# As programs and people write that there is no value; not "None", "-" or "?" alone, which may be an answer.
MISSING = frozenset({"", "na", "n/a", "nan", "<na>", "#n/a", "#na", "null", "nil", "-", "–", ".", "none"})
SPACES = "\u00a0\u202f\u2009 "
THOUSANDS_SPACE = re.compile(rf"(?<=\d)[{SPACES}'’](?=\d{{3}}(?!\d))")


def _grammar(decimal: str, thousands: str) -> re.Pattern[str]:
    point, group = re.escape(decimal), re.escape(thousands)
    whole = rf"(?:\d+|[1-9]\d{{0,2}}(?:{group}\d{{3}})+)"
    return re.compile(rf"[+-]?(?:{whole}(?:{point}\d*)?|{point}\d+)(?:[eE][+-]?\d+)?\s?%?")


GRAMMAR = {POINT: _grammar(POINT, COMMA), COMMA: _grammar(COMMA, POINT)}
THOUSANDS = {POINT: COMMA, COMMA: POINT}
TWO_WAYS = re.compile(r"[+-]?[1-9]\d{0,2}[.,]\d{3}\s?%?")


def is_missing(cells: pd.Series) -> np.ndarray:
    """Which cells say that there is no value: bool (n,)."""
    return cells.str.casefold().isin(MISSING).to_numpy()


def decimal_signs(cells: pd.Series) -> tuple[str, ...]:
    """The decimal signs, `POINT` or `COMMA`, under which most cells of a column are numbers; both where every number
    reads the same, or where one can be read two ways, see `readings`."""
    plain = _plain(cells[~is_missing(cells)])
    count = {sign: sum(bool(_matches(cell, sign)) for cell in plain) for sign in GRAMMAR}
    most = max(count.values())
    return tuple(sign for sign in GRAMMAR if count[sign] == most)


def numbers(cells: pd.Series, decimal: str) -> np.ndarray:
    """float64 (n,): NaN where a cell is missing or is no finite number. A percentage becomes a share."""
    found = np.full(len(cells), np.nan)
    for place, cell in enumerate(_plain(cells)):
        if _matches(cell, decimal):
            plain = cell.replace(THOUSANDS[decimal], "").replace(COMMA, POINT)
            value = float(plain.rstrip("% "))
            found[place] = value / 100 if plain.endswith("%") else value
    found[~np.isfinite(found)] = np.nan
    return found


def readings(cells: pd.Series) -> tuple[str, float, float] | None:
    """A cell that can be read two ways, with the number that a thousands sign makes of it and the one that a decimal
    sign does; None where all numbers of the column are plain."""
    if len(decimal_signs(cells)) < 2:
        return None
    cell = next((cell for cell in _plain(cells) if TWO_WAYS.fullmatch(cell)), None)
    if cell is None:
        return None
    sign = POINT if POINT in cell else COMMA
    values = (float(numbers(pd.Series([cell]), decimal)[0]) for decimal in (THOUSANDS[sign], sign))
    return cell, *values


def _plain(cells: pd.Series) -> pd.Series:
    return cells.str.replace("−", "-").str.strip(SPACES).str.replace(THOUSANDS_SPACE, "", regex=True)


def _matches(cell: str, decimal: str) -> re.Match[str] | None:
    return GRAMMAR[decimal].fullmatch(cell)
