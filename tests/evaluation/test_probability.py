import numpy as np
import pytest
from scipy.special import logit as logit_of
from sklearn.linear_model import LogisticRegression

from cxr_models.evaluation import bootstrap, decision, probability, scores
from cxr_models.evaluation.calibration import fit_temperature


@pytest.fixture
def fitted(sample) -> float:
    return fit_temperature(sample.label, sample.logit)


def test_every_resample_gets_the_temperature_of_its_own_rows(sample, fitted):
    found, shares = probability.resampled_fits(
        sample.label, sample.logit, sample.patient, temperature=fitted, resamples=40, seed=3
    )
    for weight, temperature, share in zip(
        bootstrap.row_weights(sample.patient, resamples=40, seed=3), found, shares, strict=True
    ):
        drawn = np.repeat(np.arange(weight.size), weight)
        assert temperature == pytest.approx(fit_temperature(sample.label[drawn], sample.logit[drawn]), rel=1e-4)
        assert share == sample.label[drawn].mean()


def test_the_interval_is_the_naive_one(sample, fitted):
    resampled = probability.resampled_fits(sample.label, sample.logit, sample.patient, temperature=fitted, resamples=99)
    expected = [
        decision.probability(1.3, temperature=temperature, prevalence=0.2, validation_share=share)
        for temperature, share in zip(*resampled, strict=True)
    ]
    share, score = sample.label.mean(), scores.score(1.3, fitted)
    it = probability.at_score(
        score, temperature=fitted, validation_share=share, resampled=resampled, lines=(), prevalence=0.2
    )
    np.testing.assert_allclose([it.low, it.high], np.quantile(expected, [0.025, 0.975]))
    expected = decision.probability(1.3, temperature=fitted, prevalence=0.2, validation_share=share)
    assert it.value == pytest.approx(float(expected))
    assert it.low < it.value < it.high


def test_the_interval_spans_what_every_set_of_pictures_gives(sample, fitted):
    resampled = probability.resampled_fits(sample.label, sample.logit, sample.patient, temperature=fitted, resamples=99)
    given = {"temperature": fitted, "validation_share": sample.label.mean(), "resampled": resampled, "prevalence": 0.2}
    alone = probability.at_score(0.6, lines=(), **given)
    low, high = probability.Line(1.0, -6.0, share=0.5), probability.Line(1.0, 6.0, share=0.5)
    both = probability.at_score(0.6, lines=(low, high), **given)
    of_picture = fitted * logit_of(0.6)
    assert (both.low, both.high) == (low.at(of_picture, 0.2), high.at(of_picture, 0.2))
    assert both.value == alone.value and both.low < alone.low and alone.high < both.high
    own = probability.line(sample.label, sample.logit)
    assert probability.at_score(0.6, lines=(own,), **given).high >= own.at(of_picture, 0.2)


def test_a_line_is_the_logistic_regression_carried_to_a_prevalence(sample):
    found = probability.line(sample.label, sample.logit)
    expected = LogisticRegression(C=np.inf).fit(sample.logit[:, np.newaxis], sample.label)
    assert found.slope == pytest.approx(expected.coef_[0, 0], rel=1e-3)
    assert found.intercept == pytest.approx(expected.intercept_[0], abs=1e-3)
    likely = expected.predict_proba([[1.3]])[0, 1]
    assert found.at(1.3, found.share) == pytest.approx(likely, abs=1e-3)
    assert found.at(1.3, 0.5 * found.share) < likely


@pytest.mark.parametrize("label", [[0, 0, 1, 1], [1, 1, 1, 1]])
def test_no_line_fits_separated_rows_or_one_class(label):
    assert probability.line(label, [-2.0, -1.0, 1.0, 2.0]) is None


@pytest.mark.parametrize(("logit", "low", "high"), [([-1, -2, 1, 2], 0.01, 0.05), ([1, 2, -1, -2], 100, 100)])
def test_separated_rows_stay_in_range(logit, low, high):
    found, _ = probability.resampled_fits([0, 0, 1, 1], logit, ["a"] * 4, temperature=1.0, resamples=3)
    assert (found >= low).all() and (found <= high).all()


def test_a_resample_of_one_class_counts_for_nothing():
    resampled = probability.resampled_fits([0, 1, 1], [-1, 2, -1], ["a", "b", "b"], temperature=1.0, resamples=50)
    assert np.isnan(resampled[0]).any() and (np.isnan(resampled[0]) == np.isnan(resampled[1])).all()
    it = probability.at_score(
        0.6, temperature=1.0, validation_share=2 / 3, resampled=resampled, lines=(), prevalence=0.1
    )
    assert np.isfinite([it.value, it.low, it.high]).all()


@pytest.mark.parametrize("score", [0.0, 1.0, float("nan")])
def test_a_certain_score_has_no_probability(score):
    resampled = np.ones(3), np.full(3, 0.5)
    it = probability.at_score(score, temperature=1, validation_share=0.7, resampled=resampled, lines=(), prevalence=0.1)
    assert np.isnan([it.value, it.low, it.high]).all()
