"""95 % intervals of the measures of one model.

The headline ones resample patients. Wilson's stand beside them, and DeLong's for the AUC (`delong`): they are
right if pictures were independent. Where nothing went wrong (or nothing right), no resample can differ and its
percentiles would claim to be certain: a share then takes Wilson's interval and an AUC Newcombe's, of as many patients
as are behind it.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import brentq
from scipy.stats import norm
from statsmodels.stats.proportion import proportion_confint

from cxr_models.evaluation import bootstrap
from cxr_models.evaluation.confusion import Confusion, confusion
from cxr_models.evaluation.curves import roc
from cxr_models.evaluation.scores import checked_of_patients

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
    the measure is defined; where no resample differs, `where_all_agree`. Raises TableRefused as
    `scores.checked_of_patients` does, ValueError for a threshold that is NaN.

    >>> at_threshold([0, 1, 1], [0.1, 0.9, 0.2], ["a", "b", "c"], threshold=0.5)["sensitivity"]
    Interval(value=0.5, low=0.0, high=1.0)
    """
    label, score, patient = checked_of_patients(label, score, patient)
    weight = bootstrap.row_weights(patient, resamples=resamples, seed=seed)
    resampled = resampled_confusion(label, score >= threshold, weight)
    counted = confusion(label, score, threshold)
    patients = _patients_behind(label == 1, score >= threshold, patient)
    return {
        measure: where_all_agree(
            percentile_interval(getattr(counted, measure), getattr(resampled, measure)), patients[measure]
        )
        for measure in MEASURES
    }


def where_all_agree(it: Interval, patients: int) -> Interval:
    """The interval as given, but of a share in which no resample differs Wilson's, of as many patients as are behind
    it: of a share of 0 or 1, and of what a single patient shows.

    Patients and not pictures are counted, since those of one patient are no news of their own.

    >>> round(where_all_agree(Interval(1.0, 1.0, 1.0), 50).low, 3)
    0.929
    """
    return wilson(it.value * patients, patients) if it.value in (0, 1) or it.low == it.high else it


def auc(label: ArrayLike, score: ArrayLike, patient: ArrayLike, *, resamples: int = 2000, seed: int = 0) -> Interval:
    """Area under the ROC curve with its patient bootstrap interval; NaN for rows of one class only.

    Of an AUC of 0 or 1 `newcombe`'s interval; that of equal scores has no width, since they order nobody, whoever is
    drawn. Give logits where scores may saturate. Raises TableRefused as
    `scores.checked_of_patients` does.

    >>> auc([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8], ["a", "b", "c", "d"])
    Interval(value=0.75, low=0.0, high=1.0)
    """
    label, score, patient = checked_of_patients(label, score, patient)
    value = roc(label, score).auc
    if value in (0, 1):
        return newcombe(value, *(np.unique(patient[label == one]).size for one in (1, 0)))
    weight = bootstrap.row_weights(patient, resamples=resamples, seed=seed)
    return percentile_interval(value, bootstrap.auc(label, score, weight))


def newcombe(value: float, ill: int, well: int) -> Interval:
    """The interval of an AUC of 0 or 1 among so many patients with and without pneumonia, each at least 1.

    Every AUC from which ``value`` lies no further than 1.96 standard errors, the errors being those of that AUC and not
    of the one observed, which has none (Newcombe 2006, method 5; to an AUC what Wilson's is to a share).

    >>> round(newcombe(1.0, 50, 50).low, 3)
    0.96
    """
    assert value in (0, 1), value
    of_mean = (ill + well) / 2 - 1
    scale = norm.ppf(0.975) ** 2 / (ill * well)

    def too_far(auc: float) -> float:
        # The squared distance less the squared errors, both divided by 1 - auc: that root is the interval's other end.
        return 1 - auc - scale * auc * (1 + of_mean * ((1 - auc) / (2 - auc) + auc / (1 + auc)))

    low = brentq(too_far, 0, 1)
    return Interval(1.0, low, 1.0) if value else Interval(0.0, 0.0, 1 - low)


def wilson(count: float, total: int) -> Interval:
    """The share count / total with Wilson's score interval (Wilson 1927); NaN for a total of 0.

    count need not be whole: two pictures of one patient may be half an event.

    >>> round(wilson(0, 10).high, 3)
    0.278
    """
    if total == 0:
        return Interval(np.nan, np.nan, np.nan)
    low, high = proportion_confint(count, total, alpha=0.05, method="wilson")
    value = count / total
    # The end at 0 or 1 is theirs but for rounding.
    return Interval(value, min(float(low), value), max(float(high), value))


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
