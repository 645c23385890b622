"""ROC and precision-recall curves with a point for every distinct score.

Nothing is thinned: a dot drawn where it was counted lies on the curve.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from cxr_models.evaluation import bootstrap
from cxr_models.evaluation.confusion import at_all_thresholds
from cxr_models.evaluation.scores import checked

SHARES = (0.99, 0.97, 0.95, 0.9, 0.8, 0.5)  # of pneumonias found: where a table reads a curve


@dataclass(frozen=True)
class CurvePoint:
    """One point of a curve. found: sensitivity (recall) there; other: what the curve draws against it, the false alarms
    among normals of a `Roc`, the precision of a `PrecisionRecall`."""

    threshold: float
    found: float
    other: float


@dataclass(frozen=True)
class Roc:
    """fpr, tpr, thresholds: float (k + 1,), from (0, 0) at infinity to (1, 1) at the lowest score.

    auc in [0, 1]. fpr is NaN without normals, tpr without pneumonias, auc without either.
    """

    fpr: np.ndarray
    tpr: np.ndarray
    thresholds: np.ndarray
    auc: float

    def reaching(self, share: float) -> CurvePoint | None:
        """Where the highest threshold lies that finds at least that share of the pneumonias; None without pneumonias.

        Raises ValueError unless 0 <= share <= 1.

        >>> roc([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]).reaching(0.9)
        CurvePoint(threshold=0.35, found=1.0, other=0.5)
        """
        return _reaching(self.thresholds, self.tpr, self.fpr, share)

    def between(self, low: float, high: float) -> "Roc":
        """The stretch of the curve that thresholds from ``high`` down to ``low`` pass through, both ends counted.

        >>> roc([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]).between(0.3, 0.5).thresholds
        array([0.8 , 0.4 , 0.35])
        """
        first, last = (int(np.searchsorted(-self.thresholds, -it, side="right")) - 1 for it in (high, low))
        part = slice(first, last + 1)
        return Roc(self.fpr[part], self.tpr[part], self.thresholds[part], self.auc)


@dataclass(frozen=True)
class PrecisionRecall:
    """precision, recall, thresholds: float (k,), from the highest score to the lowest.

    average_precision in [0, 1]; share: pneumonias among the pictures, which is the precision of guessing.
    recall and average_precision are NaN without pneumonias.
    """

    precision: np.ndarray
    recall: np.ndarray
    thresholds: np.ndarray
    average_precision: float
    share: float

    def reaching(self, share: float) -> CurvePoint | None:
        """As `Roc.reaching`.

        >>> precision_recall([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]).reaching(0.5)
        CurvePoint(threshold=0.8, found=0.5, other=1.0)
        """
        return _reaching(self.thresholds, self.recall, self.precision, share)


def roc(label: ArrayLike, score: ArrayLike) -> Roc:
    """The receiver operating characteristic.

    Tied scores make one slanted step, which counts a tied pair as half right. Give logits rather than scores
    where scores may saturate at 1. An AUC below .5 is reported, not flipped. Raises TableRefused as
    `scores.checked` does.

    >>> roc([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]).auc
    0.75
    """
    label, score = checked(label, score)
    every = at_all_thresholds(label, score)
    counts = every.confusion
    # Each picture once. From whole numbers, so that a perfect order is exactly 1 and not a rounding below.
    auc = bootstrap.auc(label, score, np.ones((1, label.size), dtype=np.int32))[0]
    return Roc(fpr=1 - counts.specificity, tpr=counts.sensitivity, thresholds=every.threshold, auc=float(auc))


def precision_recall(label: ArrayLike, score: ArrayLike) -> PrecisionRecall:
    """Precision against recall.

    Average precision is the sum of precision times the gain in recall, not interpolated, as in sklearn.
    Raises TableRefused as `scores.checked` does.

    >>> precision_recall([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]).precision.round(3)
    array([1.   , 0.5  , 0.667, 0.5  ])
    """
    every = at_all_thresholds(label, score)
    counts = every.confusion
    precision = counts.ppv[1:]  # at infinity nobody is positive, and precision is undefined
    gained = np.diff(counts.sensitivity)
    return PrecisionRecall(
        precision=precision,
        recall=counts.sensitivity[1:],
        thresholds=every.threshold[1:],
        average_precision=float(np.sum(precision * gained)),
        share=float(precision[-1]),
    )


def _reaching(threshold: np.ndarray, found: np.ndarray, other: np.ndarray, share: float) -> CurvePoint | None:
    if not 0 <= share <= 1:
        raise ValueError(f"A share must lie between 0 and 1, not {share}.")
    reached = np.flatnonzero(found >= share)  # of NaN, none
    return CurvePoint(*(float(of[reached[0]]) for of in (threshold, found, other))) if reached.size else None
