"""Does a score of .8 mean 80 %?

One temperature brings it as near to that on the plain validation rows as it can, which for scores that are too low or
too high on the whole is not near; the rest measures how far off it is, there and elsewhere.
"""

from dataclasses import dataclass

import numpy as np
import statsmodels.api as sm
from numpy.typing import ArrayLike
from scipy.optimize import minimize_scalar

from cxr_models.errors import TableRefused
from cxr_models.evaluation import bootstrap, scores
from cxr_models.evaluation.intervals import Interval, percentile_interval, wilson
from cxr_models.evaluation.scores import checked, checked_of_patients

TEMPERATURES = (0.01, 100.0)  # perfectly separated rows would ask for 0, reversed ones for infinity


@dataclass(frozen=True)
class Calibration:
    """brier: mean squared error of the score, 0 best, [0, 1]. slope: 1 when calibrated, below 1 when too
    sure.

    intercept: calibration in the large, 0 when calibrated, below 0 when scores are too high on the whole.
    """

    brier: Interval
    slope: Interval
    intercept: Interval

    def departures(self) -> list[str]:
        """In words, where the interval of slope or intercept leaves out the calibrated value; empty where neither
        does."""
        said = []
        if self.slope.high < 1:
            said.append("its scores lie too far from the middle: too sure of itself")
        if self.slope.low > 1:
            said.append("its scores lie too near the middle: less sure than it could be")
        if self.intercept.high < 0:
            said.append("its scores are too high on the whole")
        if self.intercept.low > 0:
            said.append("its scores are too low on the whole")
        return said


@dataclass(frozen=True)
class Reliability:
    """One entry for each bin that holds pictures, by rising score, arrays (bins,).

    mean_score: of the pictures of the bin; share, low, high: of pneumonias among them with its Wilson
    interval; n: how many they are.
    """

    mean_score: np.ndarray
    share: np.ndarray
    low: np.ndarray
    high: np.ndarray
    n: np.ndarray


def fit_temperature(label: ArrayLike, logit: ArrayLike) -> float:
    """The temperature T in [0.01, 100] that minimises the log loss of sigmoid(logit / T) (Guo et al. 2017).

    One parameter, so the order of the pictures and the AUC stay. Raises TableRefused as `scores.checked`
    does, and for rows of one class only.

    >>> round(fit_temperature([0, 1, 1, 0, 1], [-4.0, 4.0, 4.0, 4.0, 4.0]), 2)
    2.89
    """
    label, logit = checked(label, logit)
    _refuse_one_class(label)
    signed = np.where(label == 1, logit, -logit)

    def log_loss(log_temperature: float) -> float:
        return float(np.logaddexp(0, -signed / np.exp(log_temperature)).mean())

    # In log(T) the search is equally fine for 0.1 and for 10.
    found = minimize_scalar(log_loss, bounds=tuple(np.log(TEMPERATURES)), method="bounded", options={"xatol": 1e-9})
    return float(np.exp(found.x))


def assess(
    label: ArrayLike,
    logit: ArrayLike,
    patient: ArrayLike,
    *,
    temperature: float,
    resamples: int = 2000,
    seed: int = 0,
) -> Calibration:
    """Brier score, calibration slope and intercept of sigmoid(logit / temperature), with 95 % intervals by
    patient.

    Brier: patient bootstrap. Slope: logistic regression of the label on logit / temperature; intercept: the
    same with the slope held at 1 (Cox 1958; Van Calster et al. 2019); both with errors clustered by patient.
    The slope is NaN where a threshold separates the classes or all logits are equal: no finite slope fits
    best. Raises TableRefused as `scores.checked_of_patients` does, and for rows of one class only; ValueError
    unless temperature > 0.
    """
    label, logit, patient = checked_of_patients(label, logit, patient)
    _refuse_one_class(label)
    squared_error = (scores.score(logit, temperature) - label) ** 2
    weight = bootstrap.row_weights(patient, resamples=resamples, seed=seed)
    brier = percentile_interval(float(squared_error.mean()), weight @ squared_error / weight.sum(axis=1))
    log_odds = logit / temperature
    _, cluster = np.unique(patient, return_inverse=True)
    ones = np.ones_like(log_odds)
    return Calibration(
        brier=brier,
        slope=Interval(np.nan, np.nan, np.nan)
        if no_finite_slope(label, logit)
        else _coefficient(label, np.column_stack([log_odds, ones]), cluster, offset=0 * ones),
        intercept=_coefficient(label, ones[:, np.newaxis], cluster, offset=log_odds),
    )


def no_finite_slope(label: np.ndarray, logit: np.ndarray) -> bool:
    """Whether no finite slope of a logistic regression fits best: a threshold separates the classes, or all logits are
    equal. Both classes must occur."""
    diseased, normal = logit[label == 1], logit[label == 0]
    return bool(diseased.min() >= normal.max() or diseased.max() <= normal.min())


def reliability(label: ArrayLike, score: ArrayLike, *, bins: int = 10) -> Reliability:
    """The share of pneumonias among pictures of like score, in ``bins`` bins of equal width over [0, 1].

    A score on an edge belongs to the bin above, a score of 1 to the last. Empty bins are left out. Raises
    TableRefused as `scores.checked` does, ValueError for a score outside [0, 1].

    >>> reliability([0, 1, 1], [0.05, 0.5, 0.55]).share
    array([0., 1.])
    """
    label, score = checked(label, score)
    if not ((score >= 0) & (score <= 1)).all():
        raise ValueError("Reliability is a matter of scores between 0 and 1; these are something else.")
    member = np.minimum((score * bins).astype(int), bins - 1)
    filled = np.unique(member)
    pictures = np.array([(member == number).sum() for number in filled])
    diseased = np.array([label[member == number].sum() for number in filled])
    share = [wilson(int(count), int(total)) for count, total in zip(diseased, pictures, strict=True)]
    return Reliability(
        mean_score=np.array([score[member == number].mean() for number in filled]),
        share=np.array([it.value for it in share]),
        low=np.array([it.low for it in share]),
        high=np.array([it.high for it in share]),
        n=pictures,
    )


def _coefficient(label: np.ndarray, design: np.ndarray, cluster: np.ndarray, *, offset: np.ndarray) -> Interval:
    """The first coefficient of a logistic regression, with its Wald interval clustered by patient."""
    model = sm.Logit(label, design, offset=offset)
    fit = model.fit(start_params=_fitted(model), disp=False, cov_type="cluster", cov_kwds={"groups": cluster})
    low, high = fit.conf_int()[0]
    return Interval(float(fit.params[0]), float(low), float(high))


def _fitted(model: sm.Logit) -> np.ndarray:
    """The coefficients, by steps that cannot leap past the answer: Newton's do where scores lie next to 0 and 1, and so
    do a GLM's."""
    return model.fit(method="minimize", min_method="trust-exact", disp=False).params


def _refuse_one_class(label: np.ndarray) -> None:
    if label.min() == label.max():
        only = "pneumonias" if label[0] else "normals"
        raise TableRefused(f"Calibration needs pneumonias and normals; these {label.size} pictures are all {only}.")
