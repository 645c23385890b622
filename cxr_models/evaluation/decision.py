"""What the numbers mean where a stated share of children has pneumonia: never the share in a split.

Sensitivity and specificity are carried over from the pictures counted; the prevalence is the reader's.
Children who are ill without pneumonia were never in the data, so a specificity counted here flatters.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import expit, logit

from cxr_models.evaluation import bootstrap, intervals
from cxr_models.evaluation.confusion import Confusion, at_all_thresholds, confusion
from cxr_models.evaluation.intervals import Interval, percentile_interval, resampled_confusion
from cxr_models.evaluation.scores import checked_of_patients

THRESHOLD_PROBABILITIES = np.arange(1, 100) / 100


@dataclass(frozen=True)
class PredictiveValues:
    """ppv: share with pneumonia among the positive; npv: share without among the negative; see
    `predictive_values`.
    """

    ppv: Interval
    npv: Interval


@dataclass(frozen=True)
class PerThousand:
    """Of 1,000 children: found + missed have pneumonia, false_alarms + cleared have not; the four add up to
    1,000.
    """

    found: int
    missed: int
    false_alarms: int
    cleared: int


@dataclass(frozen=True)
class DecisionCurve:
    """Net benefit a child, in true positives, at each threshold probability; float arrays (k,)."""

    threshold: np.ndarray
    model: np.ndarray
    treat_all: np.ndarray
    treat_none: np.ndarray

    @property
    def useful(self) -> tuple[float, float] | None:
        """The stretch at which the model is worth it, see `above`.

        >>> decision_curve([0, 1], [0.2, 0.6], prevalence=0.1, thresholds=[0.0, 0.1, 0.5, 0.6, 0.9]).useful
        (0.5, 0.6)
        """
        return self.above(self.model)

    def above(self, gain: np.ndarray) -> tuple[float, float] | None:
        """The lowest and the highest threshold probability of the longest stretch at which a net benefit, float (k,),
        is above that of treating all and that of treating none; None where it never is. Give the model's own, or the
        low end of its interval.
        """
        # Rounded, so that a model that treats all does not gain more than treating all by a rounding.
        gains = np.round(gain - np.maximum(self.treat_all, self.treat_none), 12) > 0
        edges = np.flatnonzero(np.diff(np.concatenate([[False], gains, [False]]).astype(int)))
        stretches = list(zip(edges[::2], edges[1::2] - 1, strict=True))
        if not stretches:
            return None
        first, last = max(stretches, key=lambda ends: ends[1] - ends[0])
        return float(self.threshold[first]), float(self.threshold[last])


@dataclass(frozen=True)
class Band:
    """The 95 % interval of a model's net benefit at each threshold probability; float arrays (k,)."""

    low: np.ndarray
    high: np.ndarray


def predictive_values(
    label: ArrayLike,
    score: ArrayLike,
    patient: ArrayLike,
    *,
    threshold: float,
    prevalence: float,
    resamples: int = 2000,
    seed: int = 0,
) -> PredictiveValues:
    """PPV and NPV at a prevalence by Bayes' rule, with 95 % patient bootstrap intervals of sensitivity and
    specificity; where no resample differs, the ends come from the `where_all_agree` intervals of both.

    NaN where nobody is positive (PPV), nobody is negative (NPV), or a class is missing. Raises ValueError
    unless 0 <= prevalence <= 1, and TableRefused as `scores.checked_of_patients` does.

    >>> rows = [0, 0, 0, 0, 1], [0.1, 0.2, 0.3, 0.7, 0.9], ["a", "b", "c", "d", "e"]
    >>> round(predictive_values(*rows, threshold=0.5, prevalence=0.1).ppv.value, 4)
    0.3077
    """
    _check(prevalence)
    label, score, patient = checked_of_patients(label, score, patient)
    weight = bootstrap.row_weights(patient, resamples=resamples, seed=seed)
    counted = confusion(label, score, threshold)
    resampled = resampled_confusion(label, score >= threshold, weight)

    def value(of: Callable[[ArrayLike, ArrayLike, float], np.ndarray]) -> Interval:
        it = percentile_interval(
            of(counted.sensitivity, counted.specificity, prevalence),
            of(resampled.sensitivity, resampled.specificity, prevalence),
        )
        if np.isnan(it.value) or it.low < it.high:
            return it
        rates = intervals.at_threshold(label, score, patient, threshold=threshold, resamples=resamples, seed=seed)
        # Both values rise with either rate.
        low, high = (
            float(of(getattr(rates["sensitivity"], end), getattr(rates["specificity"], end), prevalence))
            for end in ("low", "high")
        )
        return Interval(it.value, low, high)

    return PredictiveValues(ppv=value(_ppv), npv=value(_npv))


def per_thousand(sensitivity: float, specificity: float, *, prevalence: float) -> PerThousand:
    """Counts of 1,000 children, rounded half up within the ill and within the well, so that they add up.

    Raises ValueError unless all three lie in [0, 1]: of a NaN nothing can be counted.

    >>> per_thousand(0.9, 0.8, prevalence=0.1)
    PerThousand(found=90, missed=10, false_alarms=180, cleared=720)
    """
    for share in (sensitivity, specificity, prevalence):
        _check(share)
    ill = _rounded(1000 * prevalence)
    found = _rounded(ill * sensitivity)
    cleared = _rounded((1000 - ill) * specificity)
    return PerThousand(found=found, missed=ill - found, false_alarms=1000 - ill - cleared, cleared=cleared)


def probability(
    logit_of_picture: ArrayLike, *, temperature: float, prevalence: float, validation_share: float
) -> np.ndarray:
    """Probability of pneumonia at a prevalence: float in (0, 1), of the logits' shape.

    sigmoid(logit / temperature + log-odds(prevalence) - log-odds(validation_share)), where validation_share
    is the share of pneumonias in the rows that the temperature was fitted on (prior shift: Saerens, Latinne &
    Decaestecker 2002). Raises ValueError unless temperature > 0 and both shares lie strictly between 0 and 1.

    >>> float(probability(0.0, temperature=1.3, prevalence=0.1, validation_share=0.5).round(3))
    0.1
    """
    for share in (prevalence, validation_share):
        if not 0 < share < 1:
            raise ValueError(f"A prevalence must lie strictly between 0 and 1 here, not {share}.")
    if not temperature > 0:
        raise ValueError(f"A temperature must be above 0, not {temperature}.")
    log_odds = np.asarray(logit_of_picture, dtype=np.float64) / temperature
    return expit(log_odds + logit(prevalence) - logit(validation_share))


def decision_curve(
    label: ArrayLike,
    probability: ArrayLike,
    *,
    prevalence: float,
    thresholds: ArrayLike = THRESHOLD_PROBABILITIES,
) -> DecisionCurve:
    """Net benefit of treating children whose probability is at least the threshold (Vickers & Elkin 2006):
    sensitivity * prevalence - (1 - specificity) * (1 - prevalence) * t / (1 - t), against treating all and
    none.

    Give `probability` at the same prevalence; thresholds lie in [0, 1). A model is NaN for rows of one class
    only. Raises ValueError for other thresholds or prevalences, and TableRefused as `scores.checked` does.

    >>> decision_curve([0, 1], [0.2, 0.6], prevalence=0.1, thresholds=[0.5]).model
    array([0.1])
    """
    _check(prevalence)
    thresholds = np.asarray(thresholds, dtype=np.float64)
    if not ((thresholds >= 0) & (thresholds < 1)).all():
        raise ValueError("A threshold probability must be at least 0 and below 1.")
    every = at_all_thresholds(label, probability)
    odds = thresholds / (1 - thresholds)
    gain = [_net_benefit(every.at(it), prevalence, ratio) for it, ratio in zip(thresholds, odds, strict=True)]
    return DecisionCurve(
        threshold=thresholds,
        model=np.array(gain),
        treat_all=prevalence - (1 - prevalence) * odds,
        treat_none=np.zeros_like(thresholds),
    )


def decision_band(
    label: ArrayLike,
    probability: ArrayLike,
    patient: ArrayLike,
    *,
    prevalence: float,
    thresholds: ArrayLike = THRESHOLD_PROBABILITIES,
    resamples: int = 2000,
    seed: int = 0,
) -> Band:
    """The patient bootstrap interval around `decision_curve`'s model at each threshold; NaN for rows of one class.

    Raises ValueError as `decision_curve` does, and TableRefused as `scores.checked_of_patients` does.
    """
    _check(prevalence)
    label, probability, patient = checked_of_patients(label, probability, patient)
    weight = bootstrap.row_weights(patient, resamples=resamples, seed=seed)
    every, tp, fp = bootstrap.positives_from_the_top(label, probability, weight)
    low, high = [], []
    for threshold in np.asarray(thresholds, dtype=np.float64):
        index = int(np.searchsorted(-every, -threshold, side="right")) - 1
        positives = Confusion(
            tp=tp[:, index], fp=fp[:, index], fn=tp[:, -1] - tp[:, index], tn=fp[:, -1] - fp[:, index]
        )
        gain = _net_benefit(positives, prevalence, threshold / (1 - threshold))
        ends = bootstrap.percentiles(gain, (0.025, 0.975))
        low.append(ends[0])
        high.append(ends[1])
    return Band(np.array(low), np.array(high))


def _net_benefit(counts: Confusion, prevalence: float, odds: float | np.ndarray) -> np.ndarray:
    return counts.sensitivity * prevalence - (1 - counts.specificity) * (1 - prevalence) * odds


def _ppv(sensitivity: ArrayLike, specificity: ArrayLike, prevalence: float) -> np.ndarray:
    return _share(sensitivity * prevalence, (1 - specificity) * (1 - prevalence))


def _npv(sensitivity: ArrayLike, specificity: ArrayLike, prevalence: float) -> np.ndarray:
    return _share(specificity * (1 - prevalence), (1 - sensitivity) * prevalence)


def _share(part: ArrayLike, rest: ArrayLike) -> np.ndarray:
    whole = np.asarray(part + rest)
    return np.divide(part, whole, out=np.full(whole.shape, np.nan), where=whole > 0)


def _check(share: float) -> None:
    if not 0 <= share <= 1:
        raise ValueError(f"A share must lie between 0 and 1, not {share}.")


def _rounded(count: float) -> int:
    # Python rounds halves to the even number, which a reader who checks by hand would not expect.
    return int(np.floor(count + 0.5))
