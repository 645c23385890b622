"""The tables beside the fact table: of altered pictures, of trainings, of checks.

Each is asked for the columns it needs.

>>> import io
>>> load(io.StringIO("change,label,student\\nnone,1,2.5\\nblur,0,\\n"), text=("change",), numbers=("label", "student"))
  change  label  student
0   none    1.0      2.5
1   blur    0.0      NaN
"""

from pathlib import Path
from typing import IO

import numpy as np
import pandas as pd

from cxr_models.errors import TableRefused
from cxr_models.paths import STUDENT_ALONE


def load(source: str | Path | IO, *, text: tuple[str, ...] = (), numbers: tuple[str, ...] = ()) -> pd.DataFrame:
    """Read a table: the columns ``text`` as text, the columns ``numbers`` as float64 with NaN for an empty field.

    Further columns pass through as text. Raises TableRefused when the file is missing, is no CSV, lacks a column, has
    no rows, or holds something else than a finite number where a number must stand; the sentence names the table.
    """
    name = source.name if isinstance(source, Path) else "the table"
    try:
        # Everything as text first: pandas would read a file called "NA" as missing and a patient "007" as 7.
        table = pd.read_csv(source, dtype=str, keep_default_na=False)
    except FileNotFoundError as error:
        raise TableRefused(f"The table {name} has not been made yet.") from error
    except (pd.errors.EmptyDataError, pd.errors.ParserError, UnicodeDecodeError) as error:
        raise TableRefused(f"{name} cannot be read as comma-separated text.") from error
    if missing := [column for column in (*text, *numbers) if column not in table]:
        raise TableRefused(f"{name} lacks the column{'s'[: len(missing) > 1]} {', '.join(missing)}.")
    if table.empty:
        raise TableRefused(f"{name} has no rows.")
    for column in numbers:
        table[column] = _numbers(table[column], name)
    return table


def _numbers(column: pd.Series, name: str) -> pd.Series:
    filled = column.str.strip() != ""
    found = pd.to_numeric(column.where(filled), errors="coerce").astype(np.float64)
    wrong = filled & ~np.isfinite(found)
    if wrong.any():
        row = int(np.argmax(wrong.to_numpy()))
        raise TableRefused(f"{name} has “{column.iloc[row]}” in the column {column.name}, row {row + 1}: not a number.")
    return found


def load_alone(path: Path) -> pd.DataFrame:
    """student_alone.csv: file, split, patient, label and the logits of the student without a teacher.

    Raises TableRefused as `load` does.
    """
    return load(path, text=("file", "split", "patient"), numbers=("label", STUDENT_ALONE.stem))
