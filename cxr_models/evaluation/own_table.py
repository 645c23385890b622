"""A table of the reader's own: any comma- or semicolon-separated text, and what its columns are.

>>> table = read("Befund;Score\\nja;0,8\\nnein;0,3\\n".encode())
>>> numbers(table, "Score").tolist()
[0.8, 0.3]
>>> labels(table, "Befund", ill="ja", well="nein").tolist()
[1.0, 0.0]
"""

import csv
import io
import re
from collections.abc import Iterable

import numpy as np
import pandas as pd

from cxr_models.errors import TableRefused

MAX_BYTES = 20_000_000
MAX_ROWS = 5_000  # a bootstrap of more would fill the memory that all visitors share
SEPARATORS = (",", ";", "\t", "|")
SEPARATOR_LINE = re.compile(r"\s*sep=(.)\r?\n", re.IGNORECASE)  # as Excel begins a file
ZIP_START = b"PK\x03\x04"
FEWEST_SCORES = 3
ILL_WORDS = ("1", "1.0", "pneumonia", "true", "yes")
WELL_WORDS = ("0", "0.0", "normal", "false", "no")


def read(data: bytes) -> pd.DataFrame:
    """Every column as text, rows numbered from 0; empty rows are left out.

    UTF-8 with or without a mark, UTF-16 with one, else Windows-1252. The separator is the one that a first line `sep=;`
    names, else the one that the line of names holds most of. Raises TableRefused with a sentence that says what to do.
    """
    if not data.strip():
        raise TableRefused("This file is empty.")
    if len(data) > MAX_BYTES:
        raise TableRefused(f"This file is larger than {MAX_BYTES // 1_000_000} MB; a table of scores is much smaller.")
    if data.startswith(ZIP_START):
        raise TableRefused("This is an Excel file or an archive. Please save the table as CSV and upload that.")
    text = _decoded(data)
    named = SEPARATOR_LINE.match(text)
    text = text[named.end() :] if named else text
    first = next((line for line in text.splitlines() if line.strip()), "")
    separator = named[1] if named else max(SEPARATORS, key=first.count)
    if not first.count(separator):
        raise TableRefused(
            "Only one column was found. The first line must name the columns, separated by commas or semicolons."
        )
    _refuse_header(next(csv.reader([first], delimiter=separator)))
    try:
        table = pd.read_csv(
            io.StringIO(text), sep=separator, dtype=str, keep_default_na=False, skipinitialspace=True
        ).rename(columns=str.strip)
    except (pd.errors.ParserError, pd.errors.EmptyDataError, csv.Error) as error:
        raise TableRefused("A row has more fields than the first line, or a quotation mark is open.") from error
    if not isinstance(table.index, pd.RangeIndex):  # pandas takes surplus fields for row names
        raise TableRefused("The rows have more fields than the first line names.")
    table = table.apply(lambda column: column.fillna("").str.strip())
    table = table[(table != "").any(axis=1)].reset_index(drop=True)
    if table.empty:
        raise TableRefused("The table has a first line and no rows below it.")
    if len(table) > MAX_ROWS:
        raise TableRefused(
            f"The table has {len(table):,} rows; at most {MAX_ROWS:,} can be analysed here. Please take a random part."
        )
    return table


def numbers(table: pd.DataFrame, column: str) -> np.ndarray:
    """A column as float64 (n,), decimal points or decimal commas.

    Raises TableRefused, naming the first row that holds no finite number.
    """
    text = table[column]
    found = pd.to_numeric(text.str.replace(",", ".", regex=False), errors="coerce").to_numpy(dtype=np.float64)
    wrong = ~np.isfinite(found)
    if wrong.any():
        row = int(np.argmax(wrong))
        given = f"“{text.iloc[row][:40]}”, which is no number" if text.iloc[row] else "nothing"
        raise TableRefused(
            f"Row {row + 1} of the column {column} holds {given}. Every row needs a score; take rows without "
            "one out of the table."
        )
    return found


def score_columns(table: pd.DataFrame) -> tuple[list[str], dict[str, str]]:
    """Columns that may be scores, numbers with at least `FEWEST_SCORES` different values; by column, why the others may
    not."""
    found, refused = [], {}
    for column in table:
        try:
            different = len(np.unique(numbers(table, column)))
        except TableRefused as refusal:
            refused[column] = str(refusal)
            continue
        if different >= FEWEST_SCORES:
            found.append(column)
        else:
            refused[column] = (
                f"The column {column} holds fewer than {FEWEST_SCORES} different numbers; scores have more."
            )
    return found, refused


def values(table: pd.DataFrame, column: str) -> list[str]:
    """The different values of a column, the commonest first; upper and lower case are the same value."""
    found: dict[str, str] = {}
    for value in table[column].value_counts().index:
        found.setdefault(value.casefold(), value)
    return list(found.values())


def likely(found: Iterable[str], words: tuple[str, ...]) -> str | None:
    """The value that plainly means it, such as 1 or PNEUMONIA; None where the reader must say.

    >>> likely(["A", "PNEUMONIA"], ILL_WORDS), likely(["A", "B"], ILL_WORDS)
    ('PNEUMONIA', None)
    """
    return next((value for value in found if value.lower() in words), None)


def labels(table: pd.DataFrame, column: str, *, ill: str, well: str) -> np.ndarray:
    """1 where the column says ``ill``, 0 where it says ``well``, in whatever case, NaN elsewhere: float (n,).

    Raises TableRefused where both are the same value or one of them occurs nowhere.
    """
    said = table[column].str.casefold()
    if ill.casefold() == well.casefold():
        raise TableRefused("Pneumonia and no pneumonia need two different values.")
    for value in (ill, well):
        if not (said == value.casefold()).any():
            raise TableRefused(f"No row of the column {column} says “{value[:40]}”.")
    return np.select([said == ill.casefold(), said == well.casefold()], [1.0, 0.0], np.nan)


def _decoded(data: bytes) -> str:
    encoding = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
    if "\0" in text:
        raise TableRefused("This is no text file. Please upload a table saved as CSV.")
    return text


def _refuse_header(header: list[str]) -> None:
    names = [name.strip() for name in header]
    if "" in names:
        raise TableRefused(
            f"Column {names.index('') + 1} has no name in the first line. Please give it one, or take the column out."
        )
    twice = next((name for name in names if names.count(name) > 1), "")
    if twice:
        raise TableRefused(f"Two columns are called {twice[:40]}. Every column needs a name of its own.")
