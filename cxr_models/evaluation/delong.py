"""DeLong's interval for an AUC and paired test between two, as if pictures were independent.

DeLong, DeLong & Clarke-Pearson 1988, in the fast form with midranks of Sun & Xu 2014. Patients are ignored,
so the headline is the patient bootstrap (`intervals`, `comparison`), and this stands beside it.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import expit, logit
from scipy.stats import norm, rankdata

from cxr_models.evaluation.curves import roc
from cxr_models.evaluation.intervals import Interval
from cxr_models.evaluation.scores import checked


@dataclass(frozen=True)
class PairedTest:
    """difference: first AUC minus second; z: in standard errors; p: two-sided. See `paired_test` for NaN."""

    difference: float
    z: float
    p: float


def interval(label: ArrayLike, score: ArrayLike) -> Interval:
    """AUC with its 95 % DeLong interval, made on the logit scale so that it stays in [0, 1] (Pepe 2003).

    All NaN for rows of one class only; without bounds (low and high NaN) for an AUC of exactly 0 or 1 and for
    a class of one picture, where DeLong's variance says nothing. Raises TableRefused as `scores.checked`
    does.

    >>> it = interval([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8])
    >>> Interval(it.value, round(it.low, 4), round(it.high, 4))
    Interval(value=0.75, low=0.0693, high=0.9918)
    """
    label, score = checked(label, score)
    auc = roc(label, score).auc
    if not 0 < auc < 1 or min(label.sum(), (1 - label).sum()) < 2:
        return Interval(auc, np.nan, np.nan)
    error_of_logit = np.sqrt(_variance(*_placements(label, score))) / (auc * (1 - auc))
    low, high = expit(logit(auc) + norm.ppf([0.025, 0.975]) * error_of_logit)
    return Interval(auc, float(low), float(high))


def paired_test(label: ArrayLike, first: ArrayLike, second: ArrayLike) -> PairedTest:
    """Whether two models' AUCs on the same pictures differ.

    Where the two order every pair of pictures alike, z is 0 and p is 1. All NaN for rows of one class only; z
    and p NaN for a class of one picture, and for a difference without variance (1 against 0). Raises
    TableRefused as `scores.checked` does.
    """
    label, first = checked(label, first)
    _, second = checked(label, second)
    difference = roc(label, first).auc - roc(label, second).auc
    if min(label.sum(), (1 - label).sum()) < 2:
        return PairedTest(difference, np.nan, np.nan)
    # The difference of two AUCs is itself a mean of placements, and has their differences' variance.
    pairs = zip(_placements(label, first), _placements(label, second), strict=True)
    variance = _variance(*(one - other for one, other in pairs))
    if variance == 0:
        alike = difference == 0
        return PairedTest(difference, 0.0 if alike else np.nan, 1.0 if alike else np.nan)
    z = difference / np.sqrt(variance)
    return PairedTest(difference, float(z), float(2 * norm.sf(abs(z))))


def _placements(label: np.ndarray, score: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """For each pneumonia (m,) the share of normals scored below it; for each normal (n,) of pneumonias above
    it.
    """
    diseased = label == 1
    rank = rankdata(score)  # midranks: a tie counts half
    normals_below = rank[diseased] - rankdata(score[diseased])
    diseased_below = rank[~diseased] - rankdata(score[~diseased])
    return normals_below / (~diseased).sum(), 1 - diseased_below / diseased.sum()


def _variance(of_diseased: np.ndarray, of_normals: np.ndarray) -> float:
    return float(of_diseased.var(ddof=1) / of_diseased.size + of_normals.var(ddof=1) / of_normals.size)
