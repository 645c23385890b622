"""How long one picture takes, and how much computing: the table that `python -m benchmarks.reading` writes."""

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from cxr_models.errors import TableRefused

COLUMNS = ("model", "step", "median_ms", "low_ms", "high_ms", "multiply_adds", "processor", "threads", "torch", "date")
STEPS = ("score", "heat_map")


@dataclass(frozen=True)
class Spread:
    """Milliseconds: the median, the 5th and the 95th percentile of repeated readings of one picture."""

    median: float
    low: float
    high: float


@dataclass(frozen=True)
class Speed:
    """score: for the verdict alone. heat_map: for the verdict and its heat map. multiply_adds: of one verdict."""

    score: Spread
    heat_map: Spread
    multiply_adds: int


@dataclass(frozen=True)
class Machine:
    """Where it was measured, and when (an ISO date)."""

    processor: str
    threads: int
    torch: str
    date: str


def load(path: Path) -> tuple[dict[str, Speed], Machine]:
    """By model what it takes, `together` being all three one after the other; and the machine, one for all rows.

    Raises TableRefused for a table that is missing, lacks a column, or holds something else than numbers.
    """
    try:
        table = pd.read_csv(path)
    except FileNotFoundError as error:
        raise TableRefused(f"There is no table of milliseconds at {path.name}.") from error
    except (pd.errors.EmptyDataError, pd.errors.ParserError, UnicodeDecodeError) as error:
        raise TableRefused("The table of milliseconds cannot be read as comma-separated text.") from error
    missing = [column for column in COLUMNS if column not in table]
    if missing:
        raise TableRefused(f"The table of milliseconds lacks the column{'s'[: len(missing) > 1]} {', '.join(missing)}.")
    of_models = table[table["step"].isin(STEPS)]
    try:
        found = {str(model): _speed(rows.set_index("step")) for model, rows in of_models.groupby("model", sort=False)}
        first = of_models.iloc[0]
        machine = Machine(str(first["processor"]), int(first["threads"]), str(first["torch"]), str(first["date"]))
    except (KeyError, IndexError, ValueError, TypeError) as error:
        raise TableRefused(
            "The table of milliseconds lacks a step of a model, or holds no number where one belongs."
        ) from error
    return found, machine


def _speed(rows: pd.DataFrame) -> Speed:
    spreads = (Spread(*(float(rows.at[step, part]) for part in ("median_ms", "low_ms", "high_ms"))) for step in STEPS)
    return Speed(*spreads, multiply_adds=int(rows.at["score", "multiply_adds"]))
