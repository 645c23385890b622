"""What is counted at a threshold: found and missed pneumonias, false alarms, normals left in peace.

A picture is positive if and only if ``score >= threshold``, compared in float64.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from sklearn.metrics import confusion_matrix_at_thresholds

from cxr_models.evaluation.scores import checked


@dataclass(frozen=True)
class Confusion:
    """Found and missed pneumonias (tp, fn), false alarms and cleared normals (fp, tn).

    Whole numbers, or arrays of one shape: a count per threshold or per resample. Every measure has that
    shape, lies in [0, 1], and is NaN where its denominator is 0.

    >>> Confusion(tp=1, fp=0, fn=1, tn=2).npv.round(3)
    np.float64(0.667)
    >>> Confusion(tp=0, fp=0, fn=1, tn=2).ppv
    np.float64(nan)
    """

    tp: int | np.ndarray
    fp: int | np.ndarray
    fn: int | np.ndarray
    tn: int | np.ndarray

    @property
    def sensitivity(self) -> float | np.ndarray:
        """Found pneumonias / pneumonias."""
        return _ratio(self.tp, self.tp + self.fn)

    @property
    def specificity(self) -> float | np.ndarray:
        """Normals called normal / normals."""
        return _ratio(self.tn, self.tn + self.fp)

    @property
    def ppv(self) -> float | np.ndarray:
        """Pneumonias among the positives, at these rows' own mix; at a stated prevalence see `decision`."""
        return _ratio(self.tp, self.tp + self.fp)

    @property
    def npv(self) -> float | np.ndarray:
        """Normals among the negatives, at these rows' own mix; at a stated prevalence see `decision`."""
        return _ratio(self.tn, self.tn + self.fn)

    @property
    def accuracy(self) -> float | np.ndarray:
        """Right verdicts / pictures."""
        return _ratio(self.tp + self.tn, self.tp + self.fp + self.fn + self.tn)

    @property
    def precision(self) -> float | np.ndarray:
        """The machine learner's word for PPV."""
        return self.ppv

    @property
    def recall(self) -> float | np.ndarray:
        """The machine learner's word for sensitivity."""
        return self.sensitivity

    @property
    def f1(self) -> float | np.ndarray:
        """Harmonic mean of precision and recall, 2 tp / (2 tp + fp + fn)."""
        return _ratio(2 * self.tp, 2 * self.tp + self.fp + self.fn)


@dataclass(frozen=True)
class AllThresholds:
    """The counts at every threshold that makes a difference.

    threshold: float (k + 1,), infinity (nobody is positive), then the k distinct scores in decreasing order;
    confusion: a `Confusion` of int arrays (k + 1,) in that order.
    """

    threshold: np.ndarray
    confusion: Confusion

    def at(self, threshold: float) -> Confusion:
        """The counts at any threshold, by look-up: a picture whose score equals the threshold is positive.

        Raises ValueError for a threshold that is not a number: it would be neither above nor below a score.
        """
        if np.isnan(threshold):
            raise ValueError("A threshold must be a number, not NaN.")
        index = int(np.searchsorted(-self.threshold, -threshold, side="right")) - 1
        counts = self.confusion
        return Confusion(*(int(count[index]) for count in (counts.tp, counts.fp, counts.fn, counts.tn)))


def confusion(label: ArrayLike, score: ArrayLike, threshold: float) -> Confusion:
    """Counts at one threshold, compared in float64. Raises TableRefused as `scores.checked` does.

    >>> confusion([0, 1, 0, 1], [0.5, 0.5, 0.2, 0.9], 0.5)
    Confusion(tp=2, fp=1, fn=0, tn=1)
    """
    return at_all_thresholds(label, score).at(threshold)


def at_all_thresholds(label: ArrayLike, score: ArrayLike) -> AllThresholds:
    """Counts at every threshold at once, so that a slider is a look-up.

    Raises TableRefused as `scores.checked` does.

    >>> at_all_thresholds([0, 1, 1], [0.2, 0.2, 0.9]).confusion.tp
    array([0, 1, 2])
    """
    label, score = checked(label, score)
    tn, fp, fn, tp, threshold = confusion_matrix_at_thresholds(label, score, pos_label=1)
    nobody = {"tp": 0, "fp": 0, "fn": label.sum(), "tn": label.size - label.sum()}
    counts = {"tp": tp, "fp": fp, "fn": fn, "tn": tn}
    return AllThresholds(
        threshold=np.append(np.inf, threshold),
        confusion=Confusion(**{name: np.append(nobody[name], counts[name]).astype(int) for name in counts}),
    )


def _ratio(part: ArrayLike, whole: ArrayLike) -> float | np.ndarray:
    part, whole = np.asarray(part, dtype=np.float64), np.asarray(whole, dtype=np.float64)
    ratio = np.divide(part, whole, out=np.full(whole.shape, np.nan), where=whole > 0)
    return ratio[()]  # an array without dimensions becomes a number
