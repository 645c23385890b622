"""How likely pneumonia is at a score, where a stated share of children has it, and how sure that is.

The temperature and the share of pneumonias come from validation rows; other patients would have given others, and so
both are made again for every resample of patients. A temperature alone cannot mend scores that are too low or too high
on the whole, so each set of pictures is asked besides what line, slope and intercept, fits it best. The interval spans
what all of these give.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import expit, logit

from cxr_models.evaluation import bootstrap
from cxr_models.evaluation.calibration import TEMPERATURES, best_line
from cxr_models.evaluation.decision import probability
from cxr_models.evaluation.intervals import Interval, percentile_interval
from cxr_models.evaluation.scores import checked_of_patients

STEPS = 25  # of Newton, at most; from the fitted temperature it takes five
CLOSE = 1e-6


@dataclass(frozen=True)
class Line:
    """What fits one set of pictures best: log-odds of pneumonia = slope × logit + intercept, where ``share`` of the
    pictures, in (0, 1), are pneumonias."""

    slope: float
    intercept: float
    share: float

    def at(self, of_picture: float, prevalence: float) -> float:
        """Probability of pneumonia at a logit and a prevalence, the prior shifted as in `decision.probability`."""
        return float(expit(self.slope * of_picture + self.intercept + logit(prevalence) - logit(self.share)))


def line(label: ArrayLike, logit_of_picture: ArrayLike) -> Line | None:
    """The line of these pictures; None where a threshold separates the classes, or there is one class only."""
    label = np.asarray(label)
    found = best_line(label, logit_of_picture)
    return None if found is None else Line(*found, share=float(label.mean()))


def resampled_fits(
    label: ArrayLike,
    logit_of_picture: ArrayLike,
    patient: ArrayLike,
    *,
    temperature: float,
    resamples: int = 2000,
    seed: int = 0,
) -> tuple[np.ndarray, np.ndarray]:
    """The temperature fitted on each resample of patients, and its share of pneumonias: two float arrays (resamples,).

    temperature: that of the rows themselves, where the search starts. As `calibration.fit_temperature`, for all
    resamples at once; where a threshold separates the classes the search ends on its way to the end of the range. A
    resample of one class is NaN in both. Raises TableRefused as
    `scores.checked_of_patients` does.
    """
    label, of_picture, patient = checked_of_patients(label, logit_of_picture, patient)
    weight = bootstrap.row_weights(patient, resamples=resamples, seed=seed)
    share = weight @ label / weight.sum(axis=1)
    signed = np.where(label == 1, of_picture, -of_picture)
    slope = np.full(resamples, 1 / temperature)
    lowest, highest = 1 / TEMPERATURES[1], 1 / TEMPERATURES[0]
    for _ in range(STEPS):
        wrong = expit(-signed * slope[:, np.newaxis])  # (resamples, n)
        gradient = -(weight * wrong) @ signed
        curvature = (weight * wrong * (1 - wrong)) @ signed**2
        step = np.divide(gradient, curvature, out=np.sign(gradient) * highest, where=curvature > 0)
        before, slope = slope, np.clip(slope - step, lowest, highest)
        if np.allclose(slope, before, rtol=CLOSE, atol=0):
            break
    one_class = (share == 0) | (share == 1)
    return np.where(one_class, np.nan, 1 / slope), np.where(one_class, np.nan, share)


def at_score(
    score: float,
    *,
    temperature: float,
    validation_share: float,
    resampled: tuple[np.ndarray, np.ndarray],
    lines: Sequence[Line],
    prevalence: float,
) -> Interval:
    """`decision.probability` of a score in [0, 1] at a prevalence; NaN for a score of 0 or 1.

    Its interval is the 95 % one by patient, widened to what each of the lines gives. score: sigmoid(logit /
    temperature). resampled: from `resampled_fits`. Raises ValueError as `decision.probability` does.
    """
    if not 0 < score < 1:
        return Interval(np.nan, np.nan, np.nan)
    of_picture = temperature * logit(score)
    value = probability(of_picture, temperature=temperature, prevalence=prevalence, validation_share=validation_share)
    temperatures, shares = (it[np.isfinite(it)] for it in resampled)
    chance = percentile_interval(float(value), expit(of_picture / temperatures + logit(prevalence) - logit(shares)))
    elsewhere = [it.at(of_picture, prevalence) for it in lines]
    return Interval(chance.value, min(chance.low, *elsewhere), max(chance.high, *elsewhere)) if lines else chance
