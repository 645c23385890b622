"""A reader's table of scores: where its header is, what stands above and below it, and which columns hold nothing.

>>> table = read("Befund;Score\\nja;0,8\\nnein;0,3\\n".encode())
>>> table.cells["Score"].tolist(), table.cells.index.tolist()
(['0,8', '0,3'], [2, 3])
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from cxr_models.errors import TableRefused
from cxr_models.evaluation import own_file, own_numbers
from cxr_models.evaluation.own_file import Lines

MAX_ROWS = 5_000  # a bootstrap of more would fill the memory that all visitors share
UNNAMED = re.compile(r"(unnamed: ?\d+(_level_\d+)?|index|x|rownames)?", re.IGNORECASE)  # as pandas and R call an index
SUMMARY = re.compile(
    r"(mean|average|avg|median|sd|std|stdev|min|max|sum|total|count|n ?=|auc|all|mittelwert|durchschnitt|summe|gesamt|"
    r"anzahl|moyenne|somme|media|promedio|totale|gemiddelde|totaal|note|source|read by|exported|generated)(?![\w-]).*",
    re.IGNORECASE,
)
QUOTED = 40  # characters of a stranger's text in a sentence
FEWEST_COUNTED = 10  # rows below which consecutive numbers prove nothing


@dataclass(frozen=True)
class OwnTable:
    """cells: text by column, indexed by the row number that a spreadsheet shows. decimal: by column, the decimal sign
    where a spreadsheet held numbers and so leaves no doubt. notes: sentences on what is no part of the table. header:
    whether the columns are named by the file."""

    cells: pd.DataFrame
    decimal: dict[str, str]
    notes: tuple[str, ...] = ()
    header: bool = True


def read(data: bytes, sheet: str | None = None) -> OwnTable:
    """The table in a file; sheet: the name of one of `own_file.sheets`. Raises TableRefused."""
    return understood(own_file.lines(data, sheet))


def understood(lines: Lines) -> OwnTable:
    """Lines of cells as a table. Raises TableRefused, with the row number that a spreadsheet shows."""
    filled = {number: line for number, line in enumerate(lines.cells, start=lines.first) if any(line)}
    rows = {number: line for number, line in filled.items() if not _is_comment(line)}
    if not rows:
        raise TableRefused("This file holds no table.")
    numeric = _numeric_columns(rows)
    header, first = _header(rows, numeric)
    if not header and (header := _commented_header(filled, rows, first)):
        rows[header] = (filled[header][0].lstrip("# "), *filled[header][1:])
    notes = _above(lines, header or first)
    body = {number: line for number, line in rows.items() if number >= first}
    if footer := _footer(body):
        notes.append(f"Below the table, {_rows(list(footer))} left out: {_quotes(footer.values())}.")
    body = {number: line for number, line in body.items() if number not in footer}
    if not body:
        raise TableRefused("The table has a header and no rows below it.")
    if len(body) > MAX_ROWS:
        raise TableRefused(
            f"The table has {len(body):,} rows; at most {MAX_ROWS:,} can be analysed here. Please take a random part."
        )
    if not header:
        notes.append(f"This table has no header: row {first} already holds data. Its columns are numbered here.")
    names = list(rows[header]) if header else []
    cells, width = _even(body, names)
    columns, dropped = _columns(names, cells, width)
    notes += dropped
    frame = pd.DataFrame({name: cells[place] for place, name in columns.items()}, columns=list(columns.values()))
    decimal = {name: own_numbers.POINT for place, name in columns.items() if _held_as_numbers(lines, body, place)}
    return OwnTable(frame, decimal, tuple(notes), header is not None)


def _is_comment(line: Sequence[str]) -> bool:
    """A line that begins with # and words; not a column called # or #id."""
    return re.match(r"#(?!\w*$)", line[0]) is not None


def _commented_header(filled: dict[int, tuple[str, ...]], rows: dict[int, tuple[str, ...]], first: int) -> int | None:
    """The number of the comment right above the data, where it has a name for every column, as NumPy writes it."""
    above = max((number for number in filled if number < first), default=None)
    return above if above and above not in rows and len(filled[above]) == len(rows[first]) else None


def _is_number(cell: str) -> bool:
    return any(pattern.fullmatch(cell) for pattern in own_numbers.GRAMMAR.values())


def _numeric_columns(rows: dict[int, tuple[str, ...]]) -> set[int]:
    """The places of the columns most of whose values are numbers."""
    filled, number = Counter(), Counter()
    for line in rows.values():
        for place, cell in enumerate(line):
            if cell.casefold() not in own_numbers.MISSING:
                filled[place] += 1
                number[place] += _is_number(cell)
    return {place for place, count in filled.items() if 2 * number[place] > count}


def _header(rows: dict[int, tuple[str, ...]], numeric: set[int]) -> tuple[int | None, int]:
    """The number of the row that names the columns, None where there is none, and that of the first row of data.

    Data begins where every column of numbers holds a number or nothing. Of the rows above, the header is the one with
    most words over columns of numbers, then with most cells, then the last.
    """
    usual = Counter(sum(map(bool, line)) for line in rows.values()).most_common(1)[0][0]

    def is_data(line: tuple[str, ...]) -> bool:
        held = [line[place] for place in numeric if place < len(line)]
        return any(map(_is_number, held)) and all(_is_number(it) or it.casefold() in own_numbers.MISSING for it in held)

    above: dict[int, tuple[int, int, int]] = {}
    for number, line in rows.items():
        if numeric and is_data(line) and sum(map(bool, line)) > 1:
            break
        words = sum(bool(line[place]) and not _is_number(line[place]) for place in numeric if place < len(line))
        above[number] = (words, sum(map(bool, line)), number)
        if not numeric and above[number][1] >= max(2, usual - 1):
            break
    named = {number: rank for number, rank in above.items() if rank[1] > 1}
    header = max(named, key=named.get) if named else None
    after = [number for number in rows if number > (header or 0) and (header or number not in above)]
    return header, after[0] if after else (header or 0) + 1


def _above(lines: Lines, until: int) -> list[str]:
    texts = {number: line for number, line in enumerate(lines.cells, start=lines.first) if number < until and any(line)}
    return [f"Above the table, {_rows(list(texts))} left out: {_quotes(texts.values())}."] if texts else []


def _footer(body: dict[int, tuple[str, ...]]) -> dict[int, tuple[str, ...]]:
    """The rows at the end that hold one cell of several, or a summary."""
    widest, found = max((sum(map(bool, line)) for line in body.values()), default=0), {}
    for number, line in reversed(body.items()):
        filled = [cell for cell in line if cell]
        if not (len(filled) == 1 and widest > 2 or SUMMARY.fullmatch(filled[0]) or filled[0].startswith(("*", "#"))):
            break
        found[number] = line
    return dict(reversed(found.items())) if len(found) < len(body) else {}


def _even(body: dict[int, tuple[str, ...]], names: list[str]) -> tuple[dict[int, pd.Series], int]:
    """Columns of text by place, all of one length. Raises TableRefused where a row has more cells than the header."""
    width = len(names) or max(map(len, body.values()))
    while width < max(map(len, body.values())) and _is_unnamed_index(body, width):
        names.insert(0, "")
        width += 1
    for number, line in body.items():
        if any(line[width:]):
            raise TableRefused(
                f"Row {number} has more cells, {len(line)}, than the header, {width}. Put text that holds the "
                "separator, such as a decimal comma, in quotation marks."
            )
    padded = pd.DataFrame([[*line[:width], *[""] * (width - len(line))] for line in body.values()], index=list(body))
    return {place: padded[place] for place in range(width)}, width


def _is_unnamed_index(body: dict[int, tuple[str, ...]], width: int) -> bool:
    """As R writes row names: one cell more than names, and the first counts the rows."""
    every = all(len(line) == width + 1 for line in body.values())
    return every and is_counter(pd.Series([line[0] for line in body.values()]))


def _columns(names: list[str], cells: dict[int, pd.Series], width: int) -> tuple[dict[int, str], list[str]]:
    """The columns kept, place to name, and sentences on those that are not. Raises TableRefused for a name twice."""
    kept, notes = {}, []
    for place in range(width):
        name = " ".join(names[place].split()) if names else ""
        if not name and not cells[place].any():
            continue
        if names and UNNAMED.fullmatch(name) and is_counter(cells[place]):
            notes.append(f"{f'The column {name}' if name else 'A column without a name'} counts the rows: left out.")
            continue
        kept[place] = name or f"Column {place + 1}"
    twice = next((name for name, count in Counter(kept.values()).items() if count > 1), None)
    if twice:
        raise TableRefused(f"Two columns are called {twice[:QUOTED]}. Every column needs a name of its own.")
    if len(kept) < 2:
        raise TableRefused("Only one column was found. The table needs the truth and at least one score.")
    return kept, notes


def is_counter(cells: pd.Series) -> bool:
    """Whether the cells are whole numbers that count the rows, in order or shuffled."""
    if not cells.str.fullmatch(r"\d{1,9}(\.0+)?").all():
        return False
    counted = cells.astype(float).to_numpy()
    in_order = len(counted) > 1 and bool((np.diff(counted) == 1).all()) and counted[0] in (0, 1)
    few_gaps = counted.max() - counted.min() + 1 <= 1.2 * len(counted)
    return in_order or (len(counted) >= FEWEST_COUNTED and few_gaps and len(set(counted)) == len(counted))


def _held_as_numbers(lines: Lines, body: dict[int, tuple[str, ...]], place: int) -> bool:
    """Whether every filled cell of the column is a number of the spreadsheet."""
    held = [
        lines.are_numbers[number - lines.first][place]
        for number, line in body.items()
        if lines.are_numbers and place < len(line) and line[place]
    ]
    return bool(held) and all(held)


def _rows(numbers: list[int]) -> str:
    if len(numbers) == 1:
        return f"row {numbers[0]} is"
    return f"rows {', '.join(map(str, numbers[:-1]))} and {numbers[-1]} are"


def _quotes(lines) -> str:
    return ", ".join(f"“{' '.join(filter(None, line))[:QUOTED]}”" for line in lines)
