"""What weakens or strengthens trust in the numbers: what is read besides the chest, and where the models break."""

from collections.abc import Iterable

import numpy as np
import pandas as pd
from scipy.stats import rankdata

from cxr_models.errors import TableRefused
from cxr_models.evaluation import bootstrap, intervals, scores
from cxr_models.evaluation.intervals import Interval, percentile_interval
from cxr_models.evaluation.summary import Point

BASELINE = "baseline"
SHORTCUT_TEXT = ("file", "split", "subtype", "patient")


def aucs(table: pd.DataFrame, columns: Iterable[str], *, split: str) -> dict[str, Interval]:
    """AUC of each column of logits that is filled on the split, with its 95 % patient bootstrap interval.

    Raises TableRefused for a split that the table does not hold.
    """
    found = {}
    for column in columns:
        if scores.was_run(table, split, column):
            rows = scores.rows(table, split, column)
            found[column] = intervals.auc(rows.label, rows.logit, rows.patient)
    return found


def view_alone(table: pd.DataFrame) -> Interval:
    """AUC of taking every PA view for pneumonia and every AP view for none, which asks no model, with its 95 % patient
    bootstrap interval. table: with a column `view`, as the other hospital's has it.

    Raises TableRefused without that column.
    """
    if "view" not in table:
        raise TableRefused("The table does not say which pictures are AP and which are PA views.")
    return intervals.auc(table["label"], (table["view"] == "PA").astype(float), table["patient"])


def global_numbers(table: pd.DataFrame) -> list[str]:
    """The columns of `shortcut.csv` that describe a whole picture: all but texts, label, baseline and logits.

    Raises TableRefused when there is none.
    """
    known = {*SHORTCUT_TEXT, "label", BASELINE, *scores.MODELS}
    numbers = [column for column in table if column not in known]
    if not numbers:
        raise TableRefused("The table of global numbers holds none of them.")
    return numbers


def within_class(number: np.ndarray, logit: np.ndarray, label: np.ndarray, patient: np.ndarray) -> Interval:
    """Rank correlation of a number with a logit among pictures of one class, the mean of both classes.

    0 where the number tells nothing beyond the label, in [-1, 1]. Spearman's coefficient; the 95 % interval resamples
    patients and keeps the ranks. NaN for a class of fewer than three pictures or without spread.
    """
    weight = bootstrap.row_weights(patient, resamples=2000, seed=0).astype(np.float64)
    parts = [
        _correlations(rankdata(number[label == one]), rankdata(logit[label == one]), weight[:, label == one])
        for one in (0, 1)
    ]
    value = np.mean([whole for whole, _ in parts])
    return percentile_interval(float(value), np.mean([resampled for _, resampled in parts], axis=0))


def sensitivity_by_subtype(table: pd.DataFrame, model: str, point: Point, *, split: str) -> dict[str, Interval]:
    """Sensitivity among the pneumonias of each subtype, with its 95 % patient bootstrap interval."""
    rows = scores.rows(table, split, model)
    subtype = table.loc[table["split"] == split, "subtype"].to_numpy()
    score = scores.score(rows.logit, point.temperature)
    found = {}
    for name in sorted(set(subtype[rows.label == 1])):
        of = (subtype == name) & (rows.label == 1)
        measures = intervals.at_threshold(rows.label[of], score[of], rows.patient[of], threshold=point.threshold)
        found[name] = measures["sensitivity"]
    return found


def _correlations(one: np.ndarray, other: np.ndarray, weight: np.ndarray) -> tuple[float, np.ndarray]:
    """Pearson's coefficient of two lists of ranks, once with every weight 1 and once for each row of weights."""
    if one.size < 3:
        return np.nan, np.full(len(weight), np.nan)
    weight = np.vstack([np.ones(one.size), weight])
    total = weight.sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean_one, mean_other = weight @ one / total, weight @ other / total
        covariance = weight @ (one * other) / total - mean_one * mean_other
        spread = (weight @ one**2 / total - mean_one**2) * (weight @ other**2 / total - mean_other**2)
        found = covariance / np.sqrt(spread)
    return float(found[0]), found[1:]
