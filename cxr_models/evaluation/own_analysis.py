"""A reader's table and the roles that the reader confirmed become a site, with an account of every row left out."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from cxr_models import patients as patient_rules
from cxr_models.errors import TableRefused
from cxr_models.evaluation import curves, own_columns, own_numbers, own_truth, scores, site
from cxr_models.evaluation.own_table import QUOTED, OwnTable
from cxr_models.evaluation.site import Column, Site
from cxr_models.patients import Rule

EXAMPLES = 3
FEWEST_PATIENTS = 10  # with, and without, pneumonia
MANY_ROWS = 5  # a patient, on average
MOST_DIGITS = 17  # that tell one float64 from the next


@dataclass(frozen=True)
class Roles:
    """What the reader confirmed. ill, well: the answers in the column truth that mean pneumonia, and none. scores: the
    columns compared, with the decimal sign to read each by, '' for the likeliest. patient: a column or '', rule: how a
    patient is found in it, None for the whole cell. logits: scores that hold logits of this app's networks, by network.
    lower: scores in which a lower value means pneumonia. only: a column and the value whose rows alone are used."""

    truth: str
    ill: tuple[str, ...]
    well: tuple[str, ...]
    scores: tuple[tuple[str, str], ...]
    patient: str = ""
    rule: Rule | None = None
    logits: tuple[tuple[str, str], ...] = ()
    lower: tuple[str, ...] = ()
    only: tuple[str, str] | None = None


@dataclass(frozen=True)
class Prepared:
    """site: what is analysed. left_out: a sentence for each reason why rows are not used. warnings: what makes the
    result implausible, a sentence each."""

    site: Site
    left_out: tuple[str, ...]
    warnings: tuple[str, ...]


def prepared(
    table: OwnTable, roles: Roles, *, titles: Mapping[str, str], temperatures: Mapping[str, float]
) -> Prepared:
    """The rows that have a truth and every score; titles: by score column; temperatures: by network of `roles.logits`.

    Raises TableRefused, with the row that a spreadsheet shows, for a score that is text.
    """
    cells, left_out = _chosen(table, roles)
    label = own_truth.labels(cells[roles.truth], ill=roles.ill, well=roles.well)
    if not np.isfinite(label).all():
        left_out.append(_without_truth(cells.loc[~np.isfinite(label), roles.truth]))
    cells, label = cells[np.isfinite(label)], label[np.isfinite(label)]
    values = {name: _numbers(table, cells, name, decimal) for name, decimal in roles.scores}
    for name, found in values.items():
        if count := int(np.isnan(found).sum()):
            where = _where(cells.index[np.isnan(found)])
            left_out.append(f"{_rows(count, 'has', 'have')} no score in “{name[:QUOTED]}” ({where}).")
    complete = np.all([np.isfinite(found) for found in values.values()], axis=0)
    if not complete.any():
        raise TableRefused("No row has a truth and a score in every chosen column.")
    cells, label = cells[complete], label[complete].astype(int)
    columns = [_column(name, found[complete], roles, titles[name], temperatures) for name, found in values.items()]
    made = site.site(label, _patients(cells, roles), _told_apart(columns))
    return Prepared(made, tuple(left_out), warnings(made, cells[roles.patient] if roles.patient else None))


def warnings(made: Site, patient: pd.Series | None) -> tuple[str, ...]:
    """What makes a result implausible, a sentence each; patient: the cells that name the patients, if any do."""
    said, perfect = [], []
    for column in made.columns.values():
        auc = curves.roc(made.label, column.values).auc
        if auc < 0.5:
            said.append(
                f"“{column.title}” has an AUC of {_short(auc)}, below chance. Check which values of the truth mean "
                "pneumonia, and whether a lower score means pneumonia."
            )
        if auc == 1:
            perfect.append(f"“{column.title}”")
    if perfect:
        said.append(
            f"AUC 1: {', '.join(perfect)} separate{'s' * (len(perfect) == 1)} the classes perfectly. Check that no "
            "score is the truth itself or a row number."
        )
    number, rows = len(set(made.patient)), made.label.size
    if patient is not None and (odd := own_columns.scientific(patient)):
        said.append(
            f"Patient numbers such as “{odd}” were rounded by a spreadsheet, so different patients look the same. "
            "Export the column as text."
        )
    if rows >= MANY_ROWS * number:
        said.append(f"{rows} rows belong to only {number} patients. Check that the patient column names patients.")
    ill = len(set(made.patient[made.label == 1]))
    well = len(set(made.patient[made.label == 0]))
    for count, which in ((ill, "with"), (well, "without")):
        if count < FEWEST_PATIENTS:
            said.append(f"Only {count} patients {which} pneumonia: the results are very uncertain.")
    return tuple(said)


def applicable(threshold: float, values: np.ndarray) -> str:
    """The threshold with as few digits as give every score the same verdict when it is typed in elsewhere; below 100
    two decimals at least.

    >>> applicable(0.6203, np.array([0.1, 0.7])), applicable(0.999991, np.array([0.99999, 0.999992]))
    ('0.62', '0.999991')
    >>> applicable(1000485.6, np.array([1000485.5, 1000485.6]))
    '1000485.6'
    """
    positive = values >= threshold
    for decimals in range(2 if abs(threshold) < 100 else 0, MOST_DIGITS):
        text = f"{threshold:.{decimals}f}"
        if np.array_equal(values >= float(text), positive):
            return text
    return repr(float(threshold))


def _chosen(table: OwnTable, roles: Roles) -> tuple[pd.DataFrame, list[str]]:
    """The rows of the chosen value that this app did not refuse, and how many others there are."""
    cells, left_out = table.cells, []
    if roles.only:
        column, value = roles.only
        kept = cells[column] == value
        left_out.append(f"{_rows(int((~kept).sum()), 'is', 'are')} not of “{value[:QUOTED]}”.")
        cells = cells[kept]
    if own_columns.BATCH <= set(cells):
        refused = cells["status"] == "refused"
        if refused.any():
            left_out.append(f"{_rows(int(refused.sum()), 'is', 'are')} of files that this app refused.")
        cells = cells[~refused]
    return cells, left_out


def _without_truth(cells: pd.Series) -> str:
    """How many rows are neither pneumonia nor none, and what they say instead."""
    found = own_truth.answers(cells)
    quoted = [f"“{answer[:QUOTED]}”" for answer in found][:EXAMPLES]
    quoted += ["…"] * (len(found) > EXAMPLES) + ["no value"] * (sum(found.values()) < len(cells))
    says = _rows(len(cells), "says", "say")
    return f"{says} neither pneumonia nor none: {', '.join(quoted)} ({_where(cells.index)})."


def _numbers(table: OwnTable, cells: pd.DataFrame, name: str, decimal: str) -> np.ndarray:
    """A column of scores, NaN where a cell is empty. Raises TableRefused for text."""
    sign = decimal or table.decimal.get(name) or own_numbers.decimal_signs(table.cells[name])[0]
    found = own_numbers.numbers(cells[name], sign)
    wrong = np.isnan(found) & ~own_numbers.is_missing(cells[name])
    if wrong.any():
        row = int(np.argmax(wrong))
        raise TableRefused(
            f"Column “{name[:QUOTED]}” contains text in row {cells.index[row]} (“{cells[name].iloc[row][:QUOTED]}”). "
            "Leave the cell empty or remove the row."
        )
    return found


def _column(name: str, values: np.ndarray, roles: Roles, title: str, temperatures: Mapping[str, float]) -> Column:
    network = dict(roles.logits).get(name)
    if network:
        return Column(title, scores.score(values, temperatures[network]), network)
    if name in roles.lower:
        return Column(f"{title}, reversed", 1 - values if own_columns.share(values) else -values)
    return Column(title, values)


def _told_apart(columns: list[Column]) -> list[Column]:
    """Two columns of one title get their place behind it."""
    titles = [column.title for column in columns]
    return [
        replace(column, title=f"{column.title} ({place})") if titles.count(column.title) > 1 else column
        for place, column in enumerate(columns, start=1)
    ]


def _patients(cells: pd.DataFrame, roles: Roles) -> list[str]:
    """A row without a patient's name is a patient of its own."""
    if not roles.patient:
        return [f"row {number}" for number in cells.index]
    names = [name or f"row {number}" for number, name in cells[roles.patient].items()]
    return patient_rules.patients(names, roles.rule) if roles.rule else names


def _rows(count: int, one: str, more: str) -> str:
    return f"1 row {one}" if count == 1 else f"{count} rows {more}"


def _where(rows: pd.Index) -> str:
    """'row 14', 'rows 14, 20, 21, …'."""
    more = ", …" if len(rows) > EXAMPLES else ""
    return f"row{'s' * (len(rows) > 1)} {', '.join(map(str, rows[:EXAMPLES]))}{more}"


def _short(auc: float) -> str:
    return f"{auc:.3f}".removeprefix("0")
