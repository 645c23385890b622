"""The bytes of a reader's table to its lines of cells: text with any usual encoding and separator, or a spreadsheet.

>>> lines("Befund;Score\\nja;0,8\\n".encode(), "befund.csv").cells
(('Befund', 'Score'), ('ja', '0,8'))
"""

import csv
import io
import re
import zipfile
from collections import Counter
from dataclasses import dataclass

import pandas as pd

from cxr_models.errors import TableRefused
from cxr_models.imaging.quiet import quiet

MAX_BYTES = 20_000_000
MAX_UNPACKED = 200_000_000
SEPARATORS = ("\t", ";", "|", ",")
SEPARATOR_LINE = re.compile(r"\s*sep=(.)\n", re.IGNORECASE)  # as Excel begins a file
MOST_LINES = 20  # in one cell
OPEN_QUOTE = "A quotation mark is open: a cell runs on over many lines. Please close or remove it."
HEAD = 200  # lines that the separator is found on
ZIP_START, OLE_START = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
ODS = b"application/vnd.oasis.opendocument.spreadsheet"
ACCEPTED = "Accepted are CSV and TSV files, Excel (.xlsx) and OpenDocument (.ods)."


@dataclass(frozen=True)
class Lines:
    """cells: every line of the file as text without spaces at the ends, empty lines too, so that place + `first` is the
    row number that a spreadsheet shows. are_numbers: the same shape; whether the spreadsheet held a number there, whose
    text has a decimal point; empty for a text file."""

    cells: tuple[tuple[str, ...], ...]
    are_numbers: tuple[tuple[bool, ...], ...] = ()
    first: int = 1


def sheets(data: bytes) -> list[str]:
    """The names of the sheets that hold anything; none for a text file. Raises TableRefused."""
    _refuse_size(data)
    return list(_spreadsheet(data)) if data.startswith(ZIP_START) else []


def lines(data: bytes, sheet: str | None = None) -> Lines:
    """The file's lines; of a spreadsheet those of that sheet, or of its only one. Raises TableRefused."""
    _refuse_size(data)
    if data.startswith(ZIP_START):
        frames = _spreadsheet(data)
        return _of_sheet(frames[sheet] if sheet else next(iter(frames.values())))
    if data.startswith(OLE_START):
        raise TableRefused(
            "This is an old Excel file (.xls) or one with a password. Please save it as .xlsx without a password."
        )
    return _of_text(_decoded(data))


def _refuse_size(data: bytes) -> None:
    if not data.strip():
        raise TableRefused("This file is empty.")
    if len(data) > MAX_BYTES:
        raise TableRefused(f"This file is larger than {MAX_BYTES // 1_000_000} MB; a table of scores is much smaller.")


def _spreadsheet(data: bytes) -> dict[str, pd.DataFrame]:
    """The cells of each sheet that is not empty, by name."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as opened:
            names = opened.namelist()
            unpacked = sum(member.file_size for member in opened.infolist())
            kind = opened.read("mimetype")[:100].strip() if "mimetype" in names and unpacked < MAX_UNPACKED else b""
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError):
        raise TableRefused(f"This spreadsheet or archive is damaged. {ACCEPTED}") from None
    if unpacked >= MAX_UNPACKED:
        raise TableRefused("This spreadsheet is too large when unpacked. Please save the table alone as CSV.")
    if not (engine := "openpyxl" if "xl/workbook.xml" in names else "odf" if kind == ODS else None):
        raise TableRefused(f"This is an archive or a document, not a table. {ACCEPTED}")
    try:
        with quiet():
            frames = pd.read_excel(
                io.BytesIO(data), sheet_name=None, header=None, dtype=object, na_filter=False, engine=engine
            )
    except Exception:  # the readers raise whatever their parsers raise, and quote what the file holds
        raise TableRefused("This spreadsheet cannot be read. Please save the table as CSV.") from None
    filled = {str(name): frame for name, frame in frames.items() if (frame.map(_text) != "").any(axis=None)}
    if not filled:
        raise TableRefused("This spreadsheet is empty.")
    return filled


def _of_sheet(frame: pd.DataFrame) -> Lines:
    numbers = frame.map(lambda cell: isinstance(cell, int | float) and not isinstance(cell, bool))
    return Lines(
        tuple(frame.map(_text).itertuples(index=False, name=None)), tuple(numbers.itertuples(index=False, name=None))
    )


def _text(cell: object) -> str:
    """A number with as many digits as it has, a whole number without a point."""
    if cell is None or isinstance(cell, float) and cell != cell:
        return ""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    return str(cell).removesuffix(" 00:00:00").strip()


def _of_text(text: str) -> Lines:
    named = SEPARATOR_LINE.match(text)
    body = text[named.end() :] if named else text
    try:
        cells = _parsed(body, named[1] if named else _separator(body))
    except csv.Error:
        raise TableRefused(OPEN_QUOTE) from None
    if any(cell.count("\n") > MOST_LINES for line in cells for cell in line):
        raise TableRefused(OPEN_QUOTE)
    if max(map(len, cells), default=0) < 2:
        raise TableRefused(
            "Only one column was found. Separate the columns by commas, semicolons, tabs or vertical bars."
        )
    return Lines(cells, first=2 if named else 1)


def _parsed(text: str, separator: str) -> tuple[tuple[str, ...], ...]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, skipinitialspace=separator != "\t")
    return tuple(tuple(cell.strip() for cell in line) for line in reader)


def _separator(text: str) -> str:
    """The separator that cuts most lines of the head into the same number of cells; of equals the one that is rarer in
    text and numbers, so a decimal comma never wins over the semicolon beside it."""
    head = "\n".join(text.split("\n")[:HEAD])
    return max(SEPARATORS, key=lambda separator: _agreement(head, separator))


def _agreement(head: str, separator: str) -> float:
    try:
        filled = [line for line in _parsed(head, separator) if any(line)]
    except csv.Error:
        return 0.0
    widths = Counter(len(line) for line in filled if len(line) > 1)
    return max(widths.values(), default=0) / max(len(filled), 1)


def _decoded(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    elif (zeros := (data[::2].count(0), data[1::2].count(0)))[0] == 0 and zeros[1] > 0.4 * len(data):
        encoding = "utf-16-le"
    elif zeros[1] == 0 and zeros[0] > 0.4 * len(data):
        encoding = "utf-16-be"
    else:
        encoding = "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
    if "\0" in text:
        raise TableRefused(f"This is no table. {ACCEPTED}")
    return text.replace("\r\n", "\n").replace("\r", "\n")
