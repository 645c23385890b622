"""What each column of a reader's table probably is: a proposal with its reasons, never used before it is confirmed.

>>> from cxr_models.evaluation.own_table import read
>>> rows = "".join(f"{p},{p},{p % 2},0.{p}\\n" for p in range(10, 30))
>>> found = propose(read(f"number,patient,label,score\\n{rows}".encode()))
>>> [(column.name, column.role) for column in found.columns]
[('number', 'ignore'), ('patient', 'patient'), ('label', 'truth'), ('score', 'score')]
>>> found.patient, found.truth, found.scores
('patient', 'label', ('score',))
"""

import re
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from cxr_models import patients
from cxr_models.evaluation import own_names, own_numbers, own_truth
from cxr_models.evaluation.own_table import OwnTable, is_counter
from cxr_models.evaluation.scores import MODELS
from cxr_models.patients import DATE, Rule

PATIENT, TRUTH, SCORE, IGNORE, UNSURE = "patient", "truth", "score", "ignore", ""
FEWEST_SCORES = 3  # different numbers
MOST_ANSWERS = 12  # of a truth in numbers or in words no name explains
EXAMPLES = 3
SCIENTIFIC = re.compile(r"\d([.,]\d+)?E\+?\d+", re.IGNORECASE)
BATCH = {"number", "file", "status", "sha256"}  # of the app's own CSV file of many X-rays
SCORES_TABLE = {"file", "split", "label", "patient"}
IS_IT_A_SCORE = "Numbers. Is it a score?"
TRUTH_OR_SCORE = "Named as the truth, but holds probabilities. Is it a score?"


@dataclass(frozen=True)
class Column:
    """A column of the table. kind: its type in words; examples: up to three values; missing: the share of empty cells;
    role: `PATIENT`, `TRUTH`, `SCORE`, `IGNORE`, or `UNSURE` where the reader must say; reason: why; model: the network
    of this app whose logits it holds, ''; numeric: whether it can be used as a score."""

    name: str
    kind: str
    examples: tuple[str, ...]
    missing: float
    role: str = IGNORE
    reason: str = ""
    model: str = ""
    numeric: bool = False


@dataclass(frozen=True)
class Proposal:
    """columns: in the table's order. patient: the column that surely names patients, None where the reader must say,
    '' where no column can; rule: where the patient is read from file names in that column. truth: the column of the
    truth or None. scores: the columns that surely are scores; empty where the reader must say. patient_like: every
    column that may name patients. own: whether the app wrote this table."""

    columns: tuple[Column, ...]
    patient: str | None
    truth: str | None
    scores: tuple[str, ...]
    rule: Rule | None = None
    patient_like: tuple[str, ...] = ()
    own: bool = False

    def of(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)

    @property
    def usable(self) -> list[str]:
        """Columns that can be scores."""
        return [column.name for column in self.columns if column.numeric]

    @property
    def logits(self) -> list[str]:
        """Columns that hold logits of networks of this app."""
        return [column.name for column in self.columns if column.model]


def propose(table: OwnTable) -> Proposal:
    """The likely role of every column."""
    described = {name: _described(table, name) for name in table.cells}
    own = _of_this_app(described)
    described = {name: _as_score(table, column, own) for name, column in described.items()}
    described, truth = _with_truth(table, described)
    unsure = any(column.reason in (IS_IT_A_SCORE, TRUTH_OR_SCORE) for column in described.values())
    scores = () if unsure else tuple(name for name, column in described.items() if column.role == SCORE)
    like = _patient_like(table, described, own)
    described, patient, rule = _with_patient(table, described, like)
    return Proposal(tuple(described.values()), patient, truth, scores, rule, tuple(like), own)


def share(values: np.ndarray) -> bool:
    """Whether all known values lie between 0 and 1."""
    known = values[np.isfinite(values)]
    return bool(known.size and ((known >= 0) & (known <= 1)).all())


def values_of(table: OwnTable, name: str, decimal: str = "") -> np.ndarray:
    """A column as numbers, NaN where there is none; decimal: the sign to read it by, else the likeliest."""
    cells = table.cells[name]
    return own_numbers.numbers(cells, decimal or table.decimal.get(name) or own_numbers.decimal_signs(cells)[0])


def two_readings(table: OwnTable, name: str) -> tuple[str, float, float] | None:
    """`own_numbers.readings` of a column that a text file holds; a spreadsheet's numbers leave no doubt."""
    return None if name in table.decimal else own_numbers.readings(table.cells[name])


def _described(table: OwnTable, name: str) -> Column:
    cells = table.cells[name]
    missing = own_numbers.is_missing(cells)
    known = cells[~missing]
    values = values_of(table, name)
    numeric = 2 * np.isfinite(values).sum() > max(len(known), 1)
    different = len(np.unique(values[np.isfinite(values)])) if numeric else len(own_truth.answers(known))
    examples = tuple(dict.fromkeys(known))[:EXAMPLES]
    kind = _kind(known, values, numeric, different)
    return Column(
        name, kind, examples, float(missing.mean()), numeric=numeric and kind != "dates" and different >= FEWEST_SCORES
    )


def _kind(known: pd.Series, values: np.ndarray, numeric: bool, different: int) -> str:
    if known.empty:
        return "empty"
    if different == 1:
        return "constant"
    if known.map(lambda cell: bool(DATE.match(cell) or re.match(r"\d{1,2}[./-]\d{1,2}[./-]\d{2,4}\b", cell))).all():
        return "dates"
    if numeric and is_counter(known):
        return "row numbers"
    if not numeric:
        return f"text, {different} different values"
    if share(values) and different > 2:
        return "numbers from 0 to 1"
    whole = (values[np.isfinite(values)] % 1 == 0).all()
    return f"{'whole numbers' if whole else 'numbers'}, {different} different values"


def _of_this_app(described: dict[str, Column]) -> bool:
    names = set(described)
    written = BATCH <= names and any(f"{model}_logit" in names for model in MODELS)
    return written or (SCORES_TABLE <= names and bool(names & set(MODELS)))


def _as_score(table: OwnTable, column: Column, own: bool) -> Column:
    """Whether a column is a score, and why not; the other roles come later."""
    name, values = column.name, values_of(table, column.name)
    model = name if name in MODELS else name.removesuffix("_logit")
    if model in MODELS and column.numeric and not share(values):
        return replace(column, role=SCORE, model=model, reason="Logits of a network of this app")
    if own:
        return replace(column, reason="Written by this app, not needed")
    if column.kind in ("empty", "constant", "dates", "row numbers"):
        return replace(column, reason=f"Only {column.kind}" if column.kind != "empty" else "Empty")
    if not column.numeric:
        text = column.kind.startswith("text")
        return replace(column, reason="Text" if text else f"Fewer than {FEWEST_SCORES} different numbers")
    if own_names.is_age(name) or own_names.is_time(name) or own_names.is_bookkeeping(name):
        return replace(column, reason="Its name is not that of a score")
    if own_names.is_score(name) or name in MODELS:
        return replace(column, role=SCORE, reason="Numbers, named as a score")
    if own_names.truth_rank(name) and column.kind == "numbers from 0 to 1":
        return replace(column, role=UNSURE, reason=TRUTH_OR_SCORE)
    if own_names.patient_rank(name) or own_names.truth_rank(name) or own_names.is_file(name):
        return replace(column, reason="Its name is not that of a score")
    return replace(column, role=UNSURE, reason=IS_IT_A_SCORE)


def _with_truth(table: OwnTable, described: dict[str, Column]) -> tuple[dict[str, Column], str | None]:
    ranks: dict[str, int] = {}
    for name, column in described.items():
        if column.role == SCORE or column.kind in ("empty", "constant", "dates", "row numbers", "numbers from 0 to 1"):
            continue
        found = own_truth.answers(table.cells[name][~own_numbers.is_missing(table.cells[name])])
        rank = own_names.truth_rank(name)
        if not column.numeric and rank and len(found) > 1 or rank and len(found) <= MOST_ANSWERS:
            ranks[name] = rank
        elif all(own_truth.presets(found)) and not own_names.is_score(name) and not own_names.is_bookkeeping(name):
            ranks[name] = 3
    best = [name for name, rank in ranks.items() if rank == min(ranks.values())]
    several = len(best) > 1 or (len(ranks) > 1 and ranks[best[0]] == 1 and 2 in ranks.values()) if best else True
    truth = None if several or ranks[best[0]] == 3 and not _is_worded(table, best[0]) else best[0]
    new = dict(described)
    for name in ranks:
        if name == truth:
            new[name] = replace(described[name], role=TRUTH, reason="Named or answered as a truth is")
        elif truth is None and name in best or ranks[name] < 3 and truth is None:
            new[name] = replace(described[name], role=UNSURE, reason="May be the truth")
        else:
            new[name] = replace(described[name], role=IGNORE, reason=f"“{truth}” is the likelier truth")
    return new, truth


def _is_worded(table: OwnTable, name: str) -> bool:
    """Whether an answer says pneumonia, and not only yes or 1."""
    return any("pneu" in answer.casefold() for answer in own_truth.answers(table.cells[name]))


def _patient_like(table: OwnTable, described: dict[str, Column], own: bool) -> dict[str, int]:
    """The columns that may name patients, with the rank of their name; 4 for codes under another name."""
    free = {name: column for name, column in described.items() if column.role in (IGNORE, UNSURE)}
    ranks = {
        name: own_names.patient_rank(name) for name, column in free.items() if column.kind not in ("empty", "constant")
    }
    found = {name: rank for name, rank in ranks.items() if rank}
    codes = {name: 4 for name in free if name not in found and _is_coded(table.cells[name])}
    return found if found or own else codes


def _with_patient(
    table: OwnTable, described: dict[str, Column], like: dict[str, int]
) -> tuple[dict[str, Column], str | None, Rule | None]:
    """The columns with their roles as to patients, and `Proposal.patient` and `rule`."""
    new = dict(described)
    best = [name for name, rank in like.items() if rank == min(like.values())]
    if len(best) == 1 and like[best[0]] == 1:
        odd = scientific(table.cells[best[0]])
        reason = "Named as a patient is" + (f"; “{odd}” looks rounded by a spreadsheet" if odd else "")
        new[best[0]] = replace(described[best[0]], role=PATIENT, reason=reason)
        return new, best[0], None
    for name in filter(own_names.is_file, () if best and like[best[0]] < 3 else described):
        proposal = patients.propose(_files(table, name))[0]
        if proposal.sure:
            reason = f"File names hold the patient: {proposal.rule.title[0].lower()}{proposal.rule.title[1:]}"
            new[name] = replace(described[name], role=PATIENT, reason=reason)
            return new, name, proposal.rule
    for name in best:
        reason = "May name the patient" if like[name] < 3 else "May name the patient or the image"
        new[name] = replace(described[name], role=UNSURE, reason=reason)
    return new, None if best or any(map(own_names.is_file, described)) else "", None


def _files(table: OwnTable, name: str) -> list[str]:
    """The names of files, without those that this app refused."""
    read = table.cells["status"] != "refused" if BATCH <= set(table.cells) else slice(None)
    return table.cells.loc[read, name].tolist()


def scientific(cells: pd.Series) -> str:
    """A patient number that a spreadsheet rounded, such as 1.23457E+11, where most look so; else ''."""
    odd = cells[cells.str.fullmatch(SCIENTIFIC)]
    return str(odd.iloc[0]) if 2 * len(odd) > len(cells) else ""


def _is_coded(cells: pd.Series) -> bool:
    """Whether most cells are a code of letters and digits, or a whole number of many digits."""
    coded = cells.str.fullmatch(r"[A-Za-z]{0,8}[-_ ]?\d{2,}\w*(\.[A-Za-z]{2,5})?")
    return bool(2 * coded.sum() > len(cells) and cells.nunique() > MOST_ANSWERS)


def file_rules(table: OwnTable, name: str) -> list[patients.Proposal]:
    """Rules that find patients in a column of file names, without those that hardly find any."""
    proposals = patients.propose(_files(table, name))
    return [proposal for proposal in proposals if proposal.rule != patients.NONE and not proposal.doubt]
