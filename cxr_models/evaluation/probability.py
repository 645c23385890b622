"""How likely pneumonia is at a score, where a stated share of children has it, and how sure that is.

A logistic regression of the label on the logit gives the log-odds of pneumonia (Cox 1958; Platt 1999). It holds for the
share of pneumonias in its own rows; another prevalence shifts it as `decision.probability` does.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields

import numpy as np
import statsmodels.api as sm
from numpy.typing import ArrayLike
from scipy.stats import norm

from cxr_models.evaluation import decision
from cxr_models.evaluation.calibration import no_finite_slope
from cxr_models.evaluation.intervals import Interval
from cxr_models.evaluation.scores import checked_of_patients

METADATA = "probability_"  # and the name of a field of `Line`: its key in a checkpoint's metadata
WIDEST = 0.3  # a wider interval of a probability does not help a reader to decide


@dataclass(frozen=True)
class Line:
    """Log-odds of pneumonia = scale × logit + offset, where ``share`` of the images, in (0, 1), show pneumonia.

    scale_variance, offset_variance, covariance: of scale and offset, clustered by patient.
    """

    scale: float
    offset: float
    share: float
    scale_variance: float
    offset_variance: float
    covariance: float

    def at(self, logit: ArrayLike, prevalence: float) -> np.ndarray:
        """Probability of pneumonia at logits and a prevalence; of the logits' shape.

        Raises ValueError unless 0 < prevalence < 1.
        """
        return self._shifted(self.scale * np.asarray(logit, dtype=np.float64) + self.offset, prevalence)

    def interval(self, logit: float, prevalence: float) -> Interval:
        """`at` one logit, with the 95 % interval that other patients of the same kind would give (Wald); NaN for an
        infinite logit. Raises ValueError unless 0 < prevalence < 1."""
        if not np.isfinite(logit):
            return Interval(np.nan, np.nan, np.nan)
        log_odds = self.scale * logit + self.offset
        variance = logit**2 * self.scale_variance + 2 * logit * self.covariance + self.offset_variance
        reach = norm.ppf(0.975) * np.sqrt(variance)
        ends = (log_odds, log_odds - reach, log_odds + reach)
        return Interval(*(float(self._shifted(end, prevalence)) for end in ends))

    def _shifted(self, log_odds: ArrayLike, prevalence: float) -> np.ndarray:
        return decision.probability(log_odds, temperature=1.0, prevalence=prevalence, validation_share=self.share)


def is_useful(likely: Interval) -> bool:
    """Whether the interval of a probability is at most `WIDEST` wide."""
    return bool(likely.high - likely.low <= WIDEST)


def fit(label: ArrayLike, logit: ArrayLike, patient: ArrayLike) -> Line | None:
    """The line of these rows, by a binomial GLM with errors clustered by patient.

    None where no finite line fits best: a threshold separates the classes, all logits are equal, or there is one class
    only. Raises TableRefused as `scores.checked_of_patients` does.
    """
    label, logit, patient = checked_of_patients(label, logit, patient)
    if label.min() == label.max() or no_finite_slope(label, logit):
        return None
    _, cluster = np.unique(patient, return_inverse=True)
    design = np.column_stack([logit, np.ones_like(logit)])
    model = sm.GLM(label, design, family=sm.families.Binomial())
    found = model.fit(tol=1e-10, cov_type="cluster", cov_kwds={"groups": cluster})
    (scale_variance, covariance), (_, offset_variance) = found.cov_params()
    numbers = (*found.params, label.mean(), scale_variance, offset_variance, covariance)
    return Line(*(float(number) for number in numbers))


def to_metadata(line: Line | None) -> dict[str, str]:
    """The line as `train.calibrate` stores it; empty texts for None, which replace a former line."""
    numbers = asdict(line) if line else dict.fromkeys((field.name for field in fields(Line)), None)
    return {f"{METADATA}{key}": "" if number is None else f"{number:.6g}" for key, number in numbers.items()}


def from_metadata(metadata: Mapping[str, str]) -> Line | None:
    """The line of a checkpoint; None where its metadata hold none.

    >>> line = Line(1.5, -0.25, 0.75, 0.01, 0.04, -0.001)
    >>> from_metadata(to_metadata(line)) == line, from_metadata(to_metadata(None)), from_metadata({})
    (True, None, None)
    """
    texts = [metadata.get(f"{METADATA}{field.name}") for field in fields(Line)]
    return Line(*(float(text) for text in texts)) if all(texts) else None
