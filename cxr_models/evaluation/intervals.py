"""95 % intervals of the measures of one model.

The headline ones resample patients. Wilson's stand beside them, and DeLong's for the AUC (`delong`): they are
right if pictures were independent.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from statsmodels.stats.proportion import proportion_confint

from cxr_models.evaluation import bootstrap
from cxr_models.evaluation.confusion import Confusion, confusion
from cxr_models.evaluation.curves import roc
from cxr_models.evaluation.scores import checked

MEASURES = ("sensitivity", "specificity", "ppv", "npv", "accuracy", "precision", "recall", "f1")


@dataclass(frozen=True)
class Interval:
    """A value with its 95 % interval; all three NaN where the measure is undefined (a dash on the screen)."""

    value: float
    low: float
    high: float

    @property
    def complement(self) -> "Interval":
        """Of what is left to 1: false alarms among normals from the specificity.

        >>> Interval(0.75, 0.5, 1.0).complement
        Interval(value=0.25, low=0.0, high=0.5)
        """
        return Interval(1 - self.value, 1 - self.high, 1 - self.low)


def at_threshold(
    label: ArrayLike,
    score: ArrayLike,
    patient: ArrayLike,
    *,
    threshold: float,
    resamples: int = 2000,
    seed: int = 0,
) -> dict[str, Interval]:
    """Each of `MEASURES` at ``score >= threshold``, with its patient bootstrap interval.

    The value is that of these rows, the interval the 2.5th and 97.5th percentile of the resamples in which
    the measure is defined; of a measure that is 0 or 1, `where_all_agree`. Raises TableRefused as
    `scores.checked` does.

    >>> at_threshold([0, 1, 1], [0.1, 0.9, 0.2], ["a", "b", "c"], threshold=0.5)["sensitivity"]
    Interval(value=0.5, low=0.0, high=1.0)
    """
    label, score = checked(label, score)
    weight = bootstrap.row_weights(patient, resamples=resamples, seed=seed)
    resampled = resampled_confusion(label, score >= threshold, weight)
    counted = confusion(label, score, threshold)
    patients = _patients_behind(label == 1, score >= threshold, np.asarray(patient, dtype=str))
    return {
        measure: where_all_agree(
            percentile_interval(getattr(counted, measure), getattr(resampled, measure)), patients[measure]
        )
        for measure in MEASURES
    }


def where_all_agree(it: Interval, patients: int) -> Interval:
    """The interval as given, but of a share that is 0 or 1 Wilson's, of as many patients as are behind it.

    Where no picture differs, none does in a resample, and its percentiles would claim to be certain. Patients and not
    pictures are counted, since those of one patient are no news of their own.

    >>> round(where_all_agree(Interval(1.0, 1.0, 1.0), 50).low, 3)
    0.929
    """
    return wilson(round(it.value) * patients, patients) if it.value in (0, 1) else it


def auc(label: ArrayLike, score: ArrayLike, patient: ArrayLike, *, resamples: int = 2000, seed: int = 0) -> Interval:
    """Area under the ROC curve with its patient bootstrap interval; NaN for rows of one class only.

    Give logits where scores may saturate. Raises TableRefused as `scores.checked` does.

    >>> auc([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8], ["a", "b", "c", "d"])
    Interval(value=0.75, low=0.0, high=1.0)
    """
    label, score = checked(label, score)
    weight = bootstrap.row_weights(patient, resamples=resamples, seed=seed)
    return percentile_interval(roc(label, score).auc, bootstrap.auc(label, score, weight))


def wilson(count: int, total: int) -> Interval:
    """The share count / total with Wilson's score interval (Wilson 1927); NaN for a total of 0.

    >>> round(wilson(0, 10).high, 3)
    0.278
    """
    if total == 0:
        return Interval(np.nan, np.nan, np.nan)
    low, high = proportion_confint(count, total, alpha=0.05, method="wilson")
    return Interval(count / total, float(low), float(high))


def wilson_at_threshold(counts: Confusion) -> dict[str, Interval]:
    """Wilson intervals of the measures that are shares of pictures: all of `MEASURES` but F1."""
    shares = {
        "sensitivity": wilson(counts.tp, counts.tp + counts.fn),
        "specificity": wilson(counts.tn, counts.tn + counts.fp),
        "ppv": wilson(counts.tp, counts.tp + counts.fp),
        "npv": wilson(counts.tn, counts.tn + counts.fn),
        "accuracy": wilson(counts.tp + counts.tn, counts.tp + counts.fp + counts.fn + counts.tn),
    }
    return shares | {"precision": shares["ppv"], "recall": shares["sensitivity"]}


def _patients_behind(ill: np.ndarray, positive: np.ndarray, patient: np.ndarray) -> dict[str, int]:
    """How many patients the pictures belong to over which each of `MEASURES` is a share."""
    behind = {
        "sensitivity": ill,
        "specificity": ~ill,
        "ppv": positive,
        "npv": ~positive,
        "accuracy": np.ones_like(ill),
        "precision": positive,
        "recall": ill,
        "f1": ill | positive,
    }
    return {measure: np.unique(patient[pictures]).size for measure, pictures in behind.items()}


def resampled_confusion(label: np.ndarray, positive: np.ndarray, weight: np.ndarray) -> Confusion:
    """Counts of every resample, arrays (resamples,); positive bool (n,), weight (resamples, n)."""
    diseased = label == 1
    cells = np.stack([diseased & positive, ~diseased & positive, diseased & ~positive, ~diseased & ~positive], axis=1)
    counts = weight.astype(np.float64) @ cells  # (resamples, n) @ (n, 4); floats take the fast matrix product
    return Confusion(*counts.T)


def percentile_interval(value: float, resampled: np.ndarray) -> Interval:
    """The value with the 2.5th and 97.5th percentile of its resamples; all NaN where the value is."""
    if np.isnan(value):
        return Interval(np.nan, np.nan, np.nan)
    low, high = bootstrap.percentiles(resampled, (0.025, 0.975))
    return Interval(float(value), low, high)
