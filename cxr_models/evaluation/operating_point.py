"""An operating point: the threshold that a rule chooses on validation rows, and how sure it is of it.

A picture is positive if and only if ``score >= threshold``. The thresholds a rule may choose are the scores
that occur, so at least one picture is always called positive.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from cxr_models.errors import TableRefused
from cxr_models.evaluation import bootstrap
from cxr_models.evaluation.confusion import AllThresholds, Confusion, at_all_thresholds
from cxr_models.evaluation.scores import checked_of_patients

ROUNDING = 1e-12  # sums of ratios that are equal on paper differ by less


@dataclass(frozen=True)
class Rule:
    """A way to choose a threshold.

    words: the rule for a screen. pick: from counts (..., k + 1) over decreasing thresholds, and a mask of
    that shape of the thresholds that may be chosen, to the index chosen (...,). measure, wish: for a wished
    sensitivity or specificity only.
    """

    words: str
    pick: Callable[[Confusion, np.ndarray], np.ndarray]
    measure: str = ""
    wish: float = 0.0


@dataclass(frozen=True)
class Threshold:
    """A chosen threshold with its 5th-95th percentile interval.

    note: empty, or a sentence for the screen where a wish cannot be reached or costs everything else.
    """

    value: float
    low: float
    high: float
    note: str = ""


def at_sensitivity(wish: float) -> Rule:
    """The highest threshold with sensitivity >= wish.

    It always exists, since at the lowest score everybody is positive. Raises ValueError
    unless 0 <= wish <= 1.
    """

    def pick(counts: Confusion, allowed: np.ndarray) -> np.ndarray:
        return np.argmax(allowed & (counts.sensitivity >= wish), axis=-1)

    return Rule(f"sensitivity of at least {_in_range(wish)}", pick, measure="sensitivity", wish=wish)


def at_specificity(wish: float) -> Rule:
    """The lowest threshold with specificity >= wish.

    Where no threshold reaches it, the highest score, which is nearest. Raises ValueError
    unless 0 <= wish <= 1.
    """

    def pick(counts: Confusion, allowed: np.ndarray) -> np.ndarray:
        reached = allowed & (counts.specificity >= wish)
        return np.where(reached.any(axis=-1), _last_of_largest(reached), np.argmax(allowed, axis=-1))

    return Rule(f"specificity of at least {_in_range(wish)}", pick, measure="specificity", wish=wish)


def least_cost(cost_ratio: float, *, prevalence: float) -> Rule:
    """The threshold with the smallest expected cost a child, where a miss costs cost_ratio false alarms.

    Cost: prevalence * (1 - sensitivity) * cost_ratio + (1 - prevalence) * (1 - specificity) (Metz 1978).
    Among equal costs the lowest threshold. Raises ValueError unless cost_ratio > 0 and 0 <= prevalence <= 1.
    """
    if not cost_ratio > 0:
        raise ValueError(f"A miss must cost more than 0 false alarms, not {cost_ratio}.")
    _in_range(prevalence)

    def pick(counts: Confusion, allowed: np.ndarray) -> np.ndarray:
        missed = prevalence * (1 - counts.sensitivity)
        false_alarms = (1 - prevalence) * (1 - counts.specificity)
        return _last_of_largest(np.where(allowed, -cost_ratio * missed - false_alarms, -np.inf))

    return Rule(f"least cost when a miss costs {cost_ratio:g} false alarms", pick)


def _pick_youden(counts: Confusion, allowed: np.ndarray) -> np.ndarray:
    return _last_of_largest(np.where(allowed, counts.sensitivity + counts.specificity, -np.inf))


# The largest sensitivity + specificity (Youden 1950); among equals the lowest threshold: it misses fewer.
youden = Rule("best balance of sensitivity and specificity", _pick_youden)


def bootstrap_threshold(
    label: ArrayLike,
    score: ArrayLike,
    patient: ArrayLike,
    rule: Rule,
    *,
    resamples: int = 1000,
    seed: int = 0,
) -> Threshold:
    """The rule's threshold over patient bootstraps: their median, and their 5th and 95th percentile.

    A single sample's best threshold jumps with a few pictures; the median does not, and the interval says
    which scores are too close to call. A resample that lacks a class chooses nothing. The note speaks of the
    rows themselves.

    Raises TableRefused as `scores.checked_of_patients` does, and for rows of one class only.

    >>> bootstrap_threshold([0, 0, 1, 1], [0.1, 0.2, 0.7, 0.8], ["a", "b", "c", "d"], youden, seed=1)
    Threshold(value=0.7, low=0.7, high=0.8, note='')
    """
    label, score, patient = checked_of_patients(label, score, patient)
    if label.min() == label.max():
        only = "pneumonias" if label[0] else "normals"
        raise TableRefused(
            f"A threshold is chosen on pneumonias and normals; these {label.size} pictures are all {only}."
        )
    weight = bootstrap.row_weights(patient, resamples=resamples, seed=seed)
    threshold, tp, fp = bootstrap.positives_from_the_top(label, score, weight)
    both_classes = (tp[:, -1] > 0) & (fp[:, -1] > 0)
    chosen = threshold[_chosen(tp[both_classes], fp[both_classes], rule)]
    low, value, high = bootstrap.percentiles(chosen, (0.05, 0.5, 0.95))
    return Threshold(value, low, high, _note(at_all_thresholds(label, score), rule))


def _chosen(tp: np.ndarray, fp: np.ndarray, rule: Rule) -> np.ndarray:
    """The index of the rule's threshold for counts (..., k + 1), over decreasing thresholds."""
    counts = Confusion(tp=tp, fp=fp, fn=tp[..., -1:] - tp, tn=fp[..., -1:] - fp)
    # A score may be chosen only where it occurs: not infinity, not the score of a patient who was not drawn.
    occurs = np.diff(tp + fp, axis=-1, prepend=0) > 0
    return rule.pick(counts, occurs)


def _note(all_thresholds: AllThresholds, rule: Rule) -> str:
    if not rule.measure:
        return ""
    counts = all_thresholds.confusion
    threshold = float(all_thresholds.threshold[_chosen(counts.tp, counts.fp, rule)])
    there = all_thresholds.at(threshold)
    pictures = f"these {counts.tp[-1] + counts.fp[-1]} pictures"
    value = getattr(there, rule.measure)
    if value < rule.wish:
        return (
            f"No threshold reaches a {rule.words} on {pictures}; "
            f"the nearest is {value:.3f} at the threshold {threshold:.3f}."
        )
    other = "specificity" if rule.measure == "sensitivity" else "sensitivity"
    if getattr(there, other) == 0:
        return f"A {rule.words} is reached on {pictures} only at the price of a {other} of 0."
    return ""


def _last_of_largest(gain: np.ndarray) -> np.ndarray:
    """The index of the largest value on the last axis; among equals, within rounding, the last of them."""
    gain = np.asarray(gain, dtype=np.float64)
    largest = gain >= gain.max(axis=-1, keepdims=True) - ROUNDING
    return gain.shape[-1] - 1 - np.argmax(largest[..., ::-1], axis=-1)


def _in_range(share: float) -> float:
    if not 0 <= share <= 1:
        raise ValueError(f"A share must lie between 0 and 1, not {share}.")
    return share
