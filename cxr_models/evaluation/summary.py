"""The ready table of measures that screens, README and ``assets/results/metrics.csv`` show."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from cxr_models.evaluation import intervals, scores
from cxr_models.evaluation.confusion import Confusion, confusion

COLUMNS = ("split", "model", "measure", "value", "low", "high", "n")
COUNTS = ("tp", "fp", "fn", "tn")
MEASURES = (*COUNTS, *intervals.MEASURES, "auc")


@dataclass(frozen=True)
class Point:
    """Where a model is read: score = sigmoid(logit / temperature), positive where score >= threshold."""

    temperature: float
    threshold: float


def measures(
    table: pd.DataFrame,
    points: Mapping[str, Point],
    *,
    split: str,
    resamples: int = 2000,
    seed: int = 0,
) -> pd.DataFrame:
    """Counts, measures and AUC of each model in ``points`` on one split, with 95 % intervals by patient.

    Columns `COLUMNS`, and for each model a row for each of `MEASURES`; a count has no interval (low and high
    are NaN). ``n`` is the number of pictures behind a value, its denominator; a count's is all pictures. PPV
    and NPV are at the split's own mix; `decision` has them at a stated prevalence. A model that was not run
    keeps its rows, with NaN values and n = 0. Raises TableRefused as `scores.rows` does otherwise.
    """
    tidy = []
    for model, point in points.items():
        if scores.was_run(table, split, model):
            found = _of_model(scores.rows(table, split, model), point, resamples=resamples, seed=seed)
        else:
            found = dict.fromkeys(MEASURES, (np.nan, np.nan, np.nan, 0))
        tidy += [(split, model, measure, *found[measure]) for measure in MEASURES]
    return pd.DataFrame(tidy, columns=list(COLUMNS))


def _of_model(
    rows: scores.Rows, point: Point, *, resamples: int, seed: int
) -> dict[str, tuple[float, float, float, int]]:
    """measure → (value, low, high, n)."""
    score = scores.score(rows.logit, point.temperature)
    counts = confusion(rows.label, score, point.threshold)
    sampling = {"resamples": resamples, "seed": seed}
    found = intervals.at_threshold(rows.label, score, rows.patient, threshold=point.threshold, **sampling)
    # The logit, not the score: far from 0 the scores saturate, and pictures that differ would tie.
    found["auc"] = intervals.auc(rows.label, rows.logit, rows.patient, **sampling)
    pictures = _denominators(counts)
    with_interval = {name: (it.value, it.low, it.high, pictures[name]) for name, it in found.items()}
    return {name: (getattr(counts, name), np.nan, np.nan, rows.label.size) for name in COUNTS} | with_interval


def _denominators(counts: Confusion) -> dict[str, int]:
    diseased, positive = counts.tp + counts.fn, counts.tp + counts.fp
    everyone = diseased + counts.fp + counts.tn
    return {
        "sensitivity": diseased,
        "specificity": counts.tn + counts.fp,
        "ppv": positive,
        "npv": counts.tn + counts.fn,
        "accuracy": everyone,
        "precision": positive,
        "recall": diseased,
        "f1": everyone - counts.tn,
        "auc": everyone,
    }
