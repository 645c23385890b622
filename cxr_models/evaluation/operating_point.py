"""An operating point: the threshold that a rule chooses on validation rows, and how sure it is of it.

A picture is positive if and only if ``score >= threshold``. The thresholds a rule may choose are the scores
that occur, so at least one picture is always called positive.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from cxr_models.errors import TableRefused
from cxr_models.evaluation import bootstrap
from cxr_models.evaluation.confusion import AllThresholds, at_all_thresholds
from cxr_models.evaluation.scores import checked_of_patients

ROUNDING = 1e-12  # sums of ratios that are equal on paper differ by less
RESAMPLES = 10_000  # with 1,000 the median may be another score with another seed
NAMED_TARGET = 0.97  # sensitivity of the point "sensitive", specificity of "specific"


@dataclass(frozen=True)
class Rule:
    """A way to choose a threshold.

    words: the rule for a screen. pick: from the pneumonias and normals at or above each decreasing threshold, int
    (resamples, k + 1), the first of them infinity, to the index chosen (resamples,). measure, target: for a target
    sensitivity or specificity only.
    """

    words: str
    pick: Callable[[np.ndarray, np.ndarray], np.ndarray]
    measure: str = ""
    target: float = 0.0


@dataclass(frozen=True)
class Threshold:
    """A chosen threshold with its 5th-95th percentile interval.

    note: empty, or a sentence for the screen where a target cannot be reached or costs everything else.
    """

    value: float
    low: float
    high: float
    note: str = ""


def at_sensitivity(target: float) -> Rule:
    """The highest threshold with sensitivity >= target.

    It always exists, since at the lowest score everybody is positive. Raises ValueError
    unless 0 <= target <= 1.
    """

    def pick(tp: np.ndarray, fp: np.ndarray) -> np.ndarray:
        found = np.argmax(tp >= _least_count(target, tp[:, -1:]), axis=1)
        return _that_occurs(tp + fp, found)

    return Rule(f"sensitivity of at least {_in_range(target)}", pick, measure="sensitivity", target=target)


def at_specificity(target: float) -> Rule:
    """The lowest threshold with specificity >= target.

    Where no threshold reaches it, the highest score, which is nearest. Raises ValueError
    unless 0 <= target <= 1.
    """

    def pick(tp: np.ndarray, fp: np.ndarray) -> np.ndarray:
        normals = fp[:, -1:]
        last = (fp <= normals - _least_count(target, normals)).sum(axis=1) - 1
        return _that_occurs(tp + fp, last)

    return Rule(f"specificity of at least {_in_range(target)}", pick, measure="specificity", target=target)


def least_cost(cost_ratio: float, *, prevalence: float) -> Rule:
    """The threshold with the smallest expected cost a child, where a miss costs cost_ratio false alarms.

    Cost: prevalence * (1 - sensitivity) * cost_ratio + (1 - prevalence) * (1 - specificity) (Metz 1978).
    Among equal costs the lowest threshold. Raises ValueError unless cost_ratio > 0 and 0 <= prevalence <= 1.
    """
    if not cost_ratio > 0:
        raise ValueError(f"A miss must cost more than 0 false alarms, not {cost_ratio}.")
    _in_range(prevalence)

    def pick(tp: np.ndarray, fp: np.ndarray) -> np.ndarray:
        gain = cost_ratio * prevalence * (tp / tp[:, -1:]) - (1 - prevalence) * (fp / fp[:, -1:])
        gain[tp + fp == 0] = -np.inf  # nobody positive: no score that occurs does that
        return _that_occurs(tp + fp, _last(gain >= gain.max(axis=1, keepdims=True) - ROUNDING))

    return Rule(f"least cost when a miss costs {cost_ratio:g} false alarms", pick)


def _pick_youden(tp: np.ndarray, fp: np.ndarray) -> np.ndarray:
    # sensitivity - (1 - specificity), times both class sizes: whole numbers, in which equals are equal.
    gain = tp * fp[:, -1:].astype(np.int64) - fp * tp[:, -1:].astype(np.int64)
    return _that_occurs(tp + fp, _last(gain == gain.max(axis=1, keepdims=True)))


# The largest sensitivity + specificity (Youden 1950); among equals the lowest threshold: it misses fewer.
youden = Rule("best balance of sensitivity and specificity", _pick_youden)


def sensitive(target: float = NAMED_TARGET) -> Rule:
    """The lower of the thresholds of `youden` and of `at_sensitivity`, in each resample."""
    reaching = at_sensitivity(target)
    return replace(reaching, pick=lambda tp, fp: np.maximum(youden.pick(tp, fp), reaching.pick(tp, fp)))


def specific(target: float = NAMED_TARGET) -> Rule:
    """The higher of the thresholds of `youden` and of `at_specificity`, in each resample."""
    reaching = at_specificity(target)
    return replace(reaching, pick=lambda tp, fp: np.minimum(youden.pick(tp, fp), reaching.pick(tp, fp)))


def bootstrap_threshold(
    label: ArrayLike,
    score: ArrayLike,
    patient: ArrayLike,
    rule: Rule,
    *,
    resamples: int = RESAMPLES,
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
    chosen = []
    for weight in bootstrap.row_weight_chunks(patient, resamples=resamples, seed=seed):
        threshold, tp, fp = bootstrap.positives_from_the_top(label, score, weight)
        both_classes = (tp[:, -1] > 0) & (fp[:, -1] > 0)
        chosen.append(threshold[rule.pick(tp[both_classes], fp[both_classes])])
    low, value, high = bootstrap.percentiles(np.concatenate(chosen), (0.05, 0.5, 0.95))
    return Threshold(value, low, high, _note(at_all_thresholds(label, score), rule))


def _note(all_thresholds: AllThresholds, rule: Rule) -> str:
    if not rule.measure:
        return ""
    counts = all_thresholds.confusion
    (chosen,) = rule.pick(counts.tp[np.newaxis], counts.fp[np.newaxis])
    threshold = float(all_thresholds.threshold[chosen])
    there = all_thresholds.at(threshold)
    pictures = f"these {counts.tp[-1] + counts.fp[-1]} pictures"
    value = getattr(there, rule.measure)
    if value < rule.target:
        return (
            f"No threshold reaches a {rule.words} on {pictures}; "
            f"the nearest is {value:.3f} at the threshold {threshold:.3f}."
        )
    other = "specificity" if rule.measure == "sensitivity" else "sensitivity"
    if getattr(there, other) == 0:
        return f"A {rule.words} is reached on {pictures} only at the price of a {other} of 0."
    return ""


def _least_count(share: float, total: np.ndarray) -> np.ndarray:
    """The smallest whole number whose ratio to the total, as floats divide, is at least the share."""
    count = np.ceil(share * total).astype(int)
    count -= (count - 1) / total >= share
    return count + (count / total < share)


def _that_occurs(positives: np.ndarray, index: np.ndarray) -> np.ndarray:
    """The index of the threshold with the same positives that is a score of the resample: not infinity, not the score
    of a patient who was not drawn."""
    wanted = np.maximum(positives[np.arange(len(index)), index], 1)
    return np.argmax(positives >= wanted[:, np.newaxis], axis=1)


def _last(true: np.ndarray) -> np.ndarray:
    """The index of the last true value of each row."""
    return true.shape[1] - 1 - np.argmax(true[:, ::-1], axis=1)


def _in_range(share: float) -> float:
    if not 0 <= share <= 1:
        raise ValueError(f"A share must lie between 0 and 1, not {share}.")
    return share


# Each is chosen in every resample, so that also the medians keep their order: sensitive <= balanced <= specific.
NAMED = {"balanced": youden, "sensitive": sensitive(), "specific": specific()}
