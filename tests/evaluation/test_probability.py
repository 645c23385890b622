from dataclasses import astuple

import numpy as np
import pytest
import statsmodels.api as sm
from scipy.optimize import minimize
from scipy.special import expit
from scipy.special import logit as log_odds_of

from cxr_models.evaluation import bootstrap, decision, probability
from cxr_models.evaluation.intervals import Interval
from cxr_models.evaluation.probability import Line

LINE = Line(scale=1.5, offset=-0.25, share=0.75, scale_variance=0.04, offset_variance=0.09, covariance=-0.01)


def test_the_line_is_the_optimum_of_the_log_loss(sample):
    def log_loss(line: np.ndarray) -> float:
        return np.logaddexp(0, -(2 * sample.label - 1) * (line[0] * sample.logit + line[1])).sum()

    found = probability.fit(sample.label, sample.logit, sample.patient)
    best = minimize(log_loss, [1.0, 0.0], method="Nelder-Mead", options={"xatol": 1e-8, "fatol": 1e-12})
    assert (found.scale, found.offset) == pytest.approx(best.x, abs=1e-5)
    assert found.share == sample.label.mean()


def test_its_errors_are_clustered_by_patient(sample):
    """Every image twice under its patient's name is no news: the errors stay, and those by image would shrink."""
    once = probability.fit(sample.label, sample.logit, sample.patient)
    twice = probability.fit(*(np.tile(it, 2) for it in (sample.label, sample.logit, sample.patient)))
    assert astuple(twice) == pytest.approx(astuple(once), rel=1e-2)
    design = np.column_stack([sample.logit, np.ones_like(sample.logit)])
    by_image = sm.GLM(sample.label, design, family=sm.families.Binomial()).fit()
    assert once.scale_variance != pytest.approx(by_image.cov_params()[0, 0], rel=0.02)


def test_its_interval_is_near_that_of_a_patient_bootstrap(sample):
    line = probability.fit(sample.label, sample.logit, sample.patient)
    design, family = np.column_stack([sample.logit, np.ones_like(sample.logit)]), sm.families.Binomial()
    lines = [
        sm.GLM(sample.label, design, family=family, freq_weights=weight).fit().params
        for weight in bootstrap.row_weights(sample.patient, resamples=400, seed=1)
    ]
    for logit in (-1.0, 0.0, 2.0):
        drawn = np.array([scale * logit + offset for scale, offset in lines])
        it = line.interval(logit, line.share)
        low, high = np.quantile(drawn, [0.025, 0.975])
        assert log_odds_of([it.low, it.high]) == pytest.approx([low, high], abs=0.25)


@pytest.mark.parametrize("prevalence", [0.02, 0.1, 0.75])
@pytest.mark.parametrize("logit", [-3.0, 0.0, 1.2])
def test_a_probability_is_the_line_carried_to_a_prevalence(logit, prevalence):
    shift = log_odds_of(prevalence) - log_odds_of(0.75)
    spread = 1.959964 * np.sqrt(0.04 * logit**2 - 2 * 0.01 * logit + 0.09)
    middle = 1.5 * logit - 0.25 + shift
    it = LINE.interval(logit, prevalence)
    assert [it.value, it.low, it.high] == pytest.approx(expit([middle, middle - spread, middle + spread]))
    assert LINE.at([logit, 0.0], prevalence) == pytest.approx(expit([middle, shift - 0.25]))


def test_at_its_own_share_a_line_of_scale_1_is_the_score():
    line = Line(1.0, 0.0, 0.6, 0.0, 0.0, 0.0)
    expected = decision.probability(1.3, temperature=1.0, prevalence=0.1, validation_share=0.6)
    assert line.interval(1.3, 0.6).value == pytest.approx(expit(1.3))
    assert line.interval(1.3, 0.1).value == pytest.approx(float(expected))


@pytest.mark.parametrize(
    ("label", "logit"),
    [
        ([0, 0, 1, 1], [-2, -1, 1, 2]),
        ([1, 1, 0, 0], [-2, -1, 1, 2]),
        ([1, 1, 1, 1], [-2, -1, 1, 2]),
        ([0, 1] * 2, [3] * 4),
    ],
    ids=["separated", "reversed", "one class", "equal logits"],
)
def test_rows_without_a_finite_line_have_none(label, logit):
    assert probability.fit(label, logit, list("abcd")) is None


@pytest.mark.parametrize("logit", [np.inf, -np.inf, np.nan])
def test_a_certain_score_has_no_probability(logit):
    it = LINE.interval(logit, 0.1)
    assert np.isnan([it.value, it.low, it.high]).all()


@pytest.mark.parametrize("prevalence", [0.0, 1.0, -0.1])
def test_a_prevalence_has_odds(prevalence):
    with pytest.raises(ValueError, match="strictly between 0 and 1"):
        LINE.interval(0.0, prevalence)


@pytest.mark.parametrize(
    ("low", "high", "useful"), [(0.2, 0.45, True), (0.2, 0.51, False), (0.03, 0.92, False), (np.nan, np.nan, False)]
)
def test_an_interval_that_is_too_wide_is_not_shown(low, high, useful):
    assert probability.is_useful(Interval(0.4, low, high)) is useful


def test_a_later_fit_without_a_line_replaces_a_former_one():
    known = probability.to_metadata(LINE) | probability.to_metadata(None)
    assert probability.from_metadata(known) is None
