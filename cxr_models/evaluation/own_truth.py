"""The answers in a column of the truth: which there are, which plainly mean pneumonia, and labels of 1 and 0.

>>> import pandas as pd
>>> cells = pd.Series(["1", "1.0", "0.0", "0", "?"])
>>> answers(cells), presets(answers(cells))
({'1': 2, '0': 2, '?': 1}, (['1'], ['0']))
>>> labels(cells, ill=["1"], well=["0"]).tolist()
[1.0, 1.0, 0.0, 0.0, nan]
"""

import re
from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from cxr_models.errors import TableRefused
from cxr_models.evaluation import own_names

NUMBER = re.compile(r"[+-]?\d+([.,]0*)?")


def answers(cells: pd.Series) -> dict[str, int]:
    """How often each answer is given, the commonest first. Upper and lower case, and 1 and 1.0, are one answer, shown
    as it is written most; an empty cell is none."""
    keys = cells.map(_key)
    spelt: dict[str, dict[str, int]] = {}
    for (key, spelling), count in pd.Series(zip(keys, cells, strict=True)).value_counts().items():
        spelt.setdefault(key, {})[spelling] = int(count)
    spelt.pop("", None)
    shown = {key: min(found, key=len) if NUMBER.fullmatch(key) else next(iter(found)) for key, found in spelt.items()}
    counted = {shown[key]: sum(found.values()) for key, found in spelt.items()}
    return dict(sorted(counted.items(), key=lambda item: -item[1]))


def presets(found: Mapping[str, int]) -> tuple[list[str], list[str]]:
    """The answers that plainly mean pneumonia and those that plainly mean none.

    Both empty where the answers are numbers other than 0 and 1 (and −1, which in CheXpert is uncertain): whether 1 or 2
    means pneumonia is nobody's guess.
    """
    plain = {_key(answer) for answer in found}
    numeric = {key for key in plain if NUMBER.fullmatch(key)}
    if numeric and not ({"0", "1"} <= numeric <= {"0", "1", "-1"}):
        return [], []
    meanings = {answer: own_names.meaning(key) if (key := _key(answer)) != "-1" else "" for answer in found}
    ill = [answer for answer, meaning in meanings.items() if meaning == own_names.PNEUMONIA]
    well = [answer for answer, meaning in meanings.items() if meaning == own_names.NONE]
    return (ill, well) if ill and well else ([], [])


def labels(cells: pd.Series, *, ill: Iterable[str], well: Iterable[str]) -> np.ndarray:
    """1 where the cell says one of ``ill``, 0 where it says one of ``well``, NaN elsewhere: float (n,).

    Raises TableRefused where an answer means both, or where no row says one of them.
    """
    keys, sick, healthy = cells.map(_key), {_key(it) for it in ill}, {_key(it) for it in well}
    if both := sick & healthy:
        raise TableRefused(f"“{sorted(both)[0][:40]}” cannot mean both pneumonia and no pneumonia.")
    found = np.select([keys.isin(sick), keys.isin(healthy)], [1.0, 0.0], np.nan)
    for value, wanted in ((1.0, "pneumonia"), (0.0, "no pneumonia")):
        if not (found == value).any():
            raise TableRefused(f"No row says {wanted}. Choose at least one value that means it.")
    return found


def _key(cell: str) -> str:
    key = " ".join(cell.casefold().split())
    if NUMBER.fullmatch(key):
        return re.sub(r"[.,]0*$", "", key).removeprefix("+")
    return key
