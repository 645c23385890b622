"""The ready table of measures that screens, README and ``assets/results/metrics.csv`` show."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from cxr_models.evaluation import decision, intervals, scores
from cxr_models.evaluation.confusion import Confusion, confusion

COLUMNS = ("split", "model", "measure", "value", "low", "high", "n")
COUNTS = ("tp", "fp", "fn", "tn")


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
    prevalence: float = 0.1,
    resamples: int = 2000,
    seed: int = 0,
) -> pd.DataFrame:
    """Counts, measures and AUC of each model in ``points`` on one split, with 95 % intervals by patient.

    Columns `COLUMNS`, and for each model these measures: tp, fp, fn, tn (no interval: low and high are NaN),
    those of `intervals.MEASURES`, auc, and PPV and NPV at the prevalence, named ``ppv_at_10%`` and
    ``npv_at_10%``; plain ppv and npv are at the split's own mix. ``n`` is the number of pictures behind a
    value, its denominator; all of them for a count, the AUC and what depends on the prevalence. A model that
    was not run keeps its rows, with NaN values and n = 0. Raises TableRefused as `scores.rows` does
    otherwise, and ValueError unless 0 <= prevalence <= 1.
    """
    tidy = []
    for model, point in points.items():
        if scores.was_run(table, split, model):
            rows = scores.rows(table, split, model)
            found = _of_model(rows, point, prevalence=prevalence, resamples=resamples, seed=seed)
        else:
            found = dict.fromkeys(_measure_names(prevalence), (np.nan, np.nan, np.nan, 0))
        tidy += [(split, model, measure, *values) for measure, values in found.items()]
    return pd.DataFrame(tidy, columns=list(COLUMNS))


def _of_model(
    rows: scores.Rows, point: Point, *, prevalence: float, resamples: int, seed: int
) -> dict[str, tuple[float, float, float, int]]:
    """measure → (value, low, high, n)."""
    label, patient = rows.label, rows.patient
    score = scores.score(rows.logit, point.temperature)
    sampling = {"resamples": resamples, "seed": seed}
    counts = confusion(label, score, point.threshold)
    at_threshold = intervals.at_threshold(label, score, patient, threshold=point.threshold, **sampling)
    # The logit, not the score: far from 0 the scores saturate, and pictures that differ would tie.
    auc = intervals.auc(label, rows.logit, patient, **sampling)
    predictive = decision.predictive_values(
        label, score, patient, threshold=point.threshold, prevalence=prevalence, **sampling
    )
    behind = _denominators(counts)
    found = [(getattr(counts, count), np.nan, np.nan, label.size) for count in COUNTS]
    found += [(it.value, it.low, it.high, behind[measure]) for measure, it in at_threshold.items()]
    found += [(it.value, it.low, it.high, label.size) for it in (auc, predictive.ppv, predictive.npv)]
    return dict(zip(_measure_names(prevalence), found, strict=True))


def _measure_names(prevalence: float) -> list[str]:
    at = f"at_{100 * prevalence:g}%"
    return [*COUNTS, *intervals.MEASURES, "auc", f"ppv_{at}", f"npv_{at}"]


def _denominators(counts: Confusion) -> dict[str, int]:
    diseased, positive = counts.tp + counts.fn, counts.tp + counts.fp
    everyone = diseased + counts.fp + counts.tn
    return {
        "sensitivity": diseased,
        "specificity": everyone - diseased,
        "ppv": positive,
        "npv": everyone - positive,
        "accuracy": everyone,
        "precision": positive,
        "recall": diseased,
        "f1": everyone - counts.tn,
    }
