"""The fact table: one row a picture, one column of raw logits a model.

>>> import io
>>> table = load(io.StringIO('''file,split,label,subtype,patient,base_cnn,teacher,student,resnet50
... NA,test,0,normal,IM-1,-1.5,,,
... a.jpeg,test,1,virus,person7,2.5,,,
... '''))
>>> rows(table, "test", "base_cnn")
Rows(label=array([0, 1]), logit=array([-1.5,  2.5]), patient=array(['IM-1', 'person7'], dtype=object))
>>> score(table["base_cnn"], 2.0).round(3)
array([0.321, 0.777])
"""

from dataclasses import dataclass, fields
from pathlib import Path
from typing import IO

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.special import expit

from cxr_models.errors import TableRefused

TEXT_COLUMNS = ("file", "split", "subtype", "patient")
MODELS = ("base_cnn", "teacher", "student", "resnet50")
REQUIRED_COLUMNS = ("file", "split", "label", "subtype", "patient", *MODELS)
OF_A_SEED = "scores_seed_*.csv"
CHOOSING = ("stressed", "restyled")  # the splits on which operating points and the line of the probability are fitted
VARIANT = ("change", "grade")  # columns of tables that show a picture more than once, each time changed


@dataclass(frozen=True)
class Rows:
    """What one model says about the n pictures of one split, in the order of the table.

    label: int (n,), 1 = pneumonia; logit: float64 (n,), finite; patient: text (n,), the same for pictures of
    one patient.
    """

    label: np.ndarray
    logit: np.ndarray
    patient: np.ndarray


def of_seeds(folder: Path) -> dict[int, pd.DataFrame]:
    """Seed -> table of scores, of every scores_seed_N.csv in the folder, by seed; empty where there is none.

    Raises TableRefused as `load` does.
    """
    found = {int(path.stem.rpartition("_")[2]): load(path) for path in folder.glob(OF_A_SEED)}
    return dict(sorted(found.items()))


def load(source: str | Path | IO) -> pd.DataFrame:
    """Read and check a table of scores: a path, or an open file such as an upload.

    Text columns stay text (a file called "NA" is a file), ``label`` becomes int 0 or 1, model columns become
    float64. A model column that is empty throughout means that the model was not run, and becomes all NaN.
    Further columns pass through as text.

    Raises TableRefused when the file is missing or is not a CSV, when a column is missing or a text of it is
    empty, for a label that is not 0 or 1, for a single missing or infinite logit, for a picture named twice
    in a split (and in the same `VARIANT`, where the table has such columns), for no rows.
    """
    table = _read(source)
    missing = [column for column in REQUIRED_COLUMNS if column not in table]
    if missing:
        raise TableRefused(f"The table of scores lacks the column{'s'[: len(missing) > 1]} {', '.join(missing)}.")
    if table.empty:
        raise TableRefused("The table of scores has no rows.")
    _refuse_empty_text(table)
    _refuse_duplicates(table)
    table["label"] = _labels(table)
    for model in MODELS:
        table[model] = _logits(table, model)
    return table


def was_run(table: pd.DataFrame, split: str, model: str) -> bool:
    """Whether the model has logits on that split.

    Raises TableRefused for a split that the table does not hold (naming those it holds) and for an unknown
    column.
    """
    if model not in table:
        raise TableRefused(f"The table of scores has no column {model}; it has {', '.join(MODELS)}.")
    chosen = table.loc[table["split"] == split, model]
    if chosen.empty:
        known = ", ".join(sorted(set(table["split"])))
        raise TableRefused(f"The table of scores has no rows of the split {split}; it has {known}.")
    return not chosen.isna().all()


def rows(table: pd.DataFrame, split: str, model: str) -> Rows:
    """The rows of one split for one column of logits: a model, or what the caller added (say, a mean).

    Raises TableRefused as `was_run` does, and for a model that was not run on that split.
    """
    if not was_run(table, split, model):
        raise TableRefused(f"The model {model} was not run on the split {split}: its column is empty.")
    chosen = table[table["split"] == split]
    label, logit = checked(chosen["label"], chosen[model])
    return Rows(label=label, logit=logit, patient=chosen["patient"].to_numpy(dtype=object))


def choosing_rows(table: pd.DataFrame, model: str) -> Rows:
    """The rows on which thresholds are chosen: of all splits in `CHOOSING` that the table holds.

    A patient has the same name in each, so that a resample of patients draws all copies of an X-ray together. Raises
    TableRefused as `rows` does, and where the table holds none of these splits.
    """
    held = [split for split in CHOOSING if (table["split"] == split).any()] or [CHOOSING[0]]
    parts = [rows(table, split, model) for split in held]
    return Rows(*(np.concatenate([getattr(part, field.name) for part in parts]) for field in fields(Rows)))


def score(logit: ArrayLike, temperature: float) -> np.ndarray:
    """sigmoid(logit / temperature): float64 of the logit's shape, in [0, 1] (Guo et al. 2017, temperature
    scaling).

    Float64 on purpose: in float32 every logit above 17 becomes exactly 1. Raises ValueError unless
    temperature > 0.

    >>> float(score(0.0, 1.5))
    0.5
    """
    if not temperature > 0:
        raise ValueError(f"A temperature must be above 0, not {temperature}.")
    return expit(np.asarray(logit, dtype=np.float64) / temperature)


def checked(label: ArrayLike, score: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    """Labels as int (n,) and scores or logits as float64 (n,), or a refusal; n is at least 1.

    Raises TableRefused for an empty selection, lengths that differ, a label other than 0 or 1, a score that
    is not a finite number (naming its row, counted from 1), and for what is no list of numbers.

    >>> checked([0, 1], [0.1, float("nan")])
    Traceback (most recent call last):
    cxr_models.errors.TableRefused: The score in row 2 is missing or infinite.
    """
    try:
        label, score = np.asarray(label), np.asarray(score, dtype=np.float64)
    except (ValueError, TypeError, OverflowError) as error:
        raise TableRefused("Labels and scores must be lists of numbers; one of these holds something else.") from error
    if label.shape != score.shape or label.ndim != 1:
        raise TableRefused(f"Labels and scores must be lists of one length; these have {label.size} and {score.size}.")
    if label.size == 0:
        raise TableRefused("The selection holds no pictures.")
    if label.dtype.kind not in "biuf" or not np.isin(label, (0, 1)).all():
        raise TableRefused("A label must be 0 (no pneumonia) or 1 (pneumonia).")
    if not np.isfinite(score).all():
        raise TableRefused(f"The score in row {int(np.argmin(np.isfinite(score))) + 1} is missing or infinite.")
    return label.astype(int), score


def checked_of_patients(
    label: ArrayLike, score: ArrayLike, patient: ArrayLike
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """`checked`, and the patients as text (n,).

    Raises TableRefused as `checked` does, for another number of patients, and for a missing one (naming its row): two
    pictures of nobody in particular are not of one patient.
    """
    label, score = checked(label, score)
    patient = pd.Series(patient, dtype=object)
    if patient.size != label.size:
        raise TableRefused(f"Every picture needs its patient; these are {label.size} pictures and {patient.size}.")
    missing = patient.isna() | (patient.astype(str).str.strip() == "")
    if missing.any():
        raise TableRefused(f"The patient in row {_first_row(missing)} is missing.")
    return label, score, patient.to_numpy(dtype=str)


def _read(source: str | Path | IO) -> pd.DataFrame:
    try:
        # Everything as text first: pandas would read a file called "NA" as missing and a patient "007" as 7.
        table = pd.read_csv(source, dtype=str, keep_default_na=False)
    except FileNotFoundError as error:
        raise TableRefused(f"There is no table of scores at {source}.") from error
    except (pd.errors.EmptyDataError, pd.errors.ParserError, UnicodeDecodeError) as error:
        raise TableRefused("This file is not a table of scores: it cannot be read as comma-separated text.") from error
    if not isinstance(table.index, pd.RangeIndex):  # pandas takes surplus fields for row names
        raise TableRefused("A row of the table of scores has more fields than the header names.")
    return table


def _refuse_empty_text(table: pd.DataFrame) -> None:
    for column in TEXT_COLUMNS:
        empty = table[column].str.strip() == ""
        if empty.any():
            raise TableRefused(f"The column {column} of the table of scores is empty in row {_first_row(empty)}.")


def _refuse_duplicates(table: pd.DataFrame) -> None:
    twice = table.duplicated(["file", "split", *(column for column in VARIANT if column in table)])
    if twice.any():
        file, split = table.loc[twice, ["file", "split"]].iloc[0]
        raise TableRefused(f"The table of scores names the picture {file} more than once in the split {split}.")


def _labels(table: pd.DataFrame) -> pd.Series:
    label = pd.to_numeric(table["label"], errors="coerce")
    wrong = ~label.isin((0, 1))
    if wrong.any():
        given = table.loc[wrong, "label"].iloc[0]
        raise TableRefused(f"A label must be 0 or 1 (pneumonia); row {_first_row(wrong)} of the table says “{given}”.")
    return label.astype(int)


def _logits(table: pd.DataFrame, model: str) -> pd.Series:
    text = table[model].str.strip()
    if (text == "").all():
        return pd.Series(np.nan, index=table.index)
    wrong = ~np.isfinite(pd.to_numeric(text, errors="coerce").astype(np.float64))
    if wrong.any():
        file, split = table.loc[wrong, ["file", "split"]].iloc[0]
        raise TableRefused(f"The logit of {model} for {file} in the split {split} is missing or not a finite number.")
    # Python's own reading of a number is exact to the last bit; the one above is not.
    return text.map(float)


def _first_row(mask: pd.Series) -> int:
    """The number of the first true row, counted from 1 below the header."""
    return int(np.argmax(mask.to_numpy())) + 1
