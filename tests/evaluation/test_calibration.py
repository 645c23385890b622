import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import brier_score_loss, log_loss

from cxr_models.errors import TableRefused
from cxr_models.evaluation import calibration, intervals, scores


@pytest.fixture
def honest() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """20,000 pictures, two a patient, whose labels are drawn with the probability that the logit says."""
    random = np.random.default_rng(3)
    logit = random.normal(1, 1.5, size=20_000)
    return (random.random(20_000) < scores.score(logit, 1.0)).astype(int), logit, np.arange(20_000) // 2


def test_temperature_recovers_what_the_logits_were_multiplied_by(honest):
    label, logit, _ = honest
    assert calibration.fit_temperature(label, logit) == pytest.approx(1, rel=0.05)
    fitted = calibration.fit_temperature(label, logit)
    assert calibration.fit_temperature(label, 3 * logit) == pytest.approx(3 * fitted, rel=1e-4)


def test_no_other_temperature_has_a_smaller_loss(sample):
    fitted = calibration.fit_temperature(sample.label, sample.logit)
    smallest = log_loss(sample.label, scores.score(sample.logit, fitted))
    for other in fitted * np.array([0.5, 0.98, 1.02, 2]):
        assert log_loss(sample.label, scores.score(sample.logit, other)) > smallest


@pytest.mark.parametrize(("logit", "bound"), [([-1, -2, 1, 2], 0.01), ([1, 2, -1, -2], 100)])
def test_temperature_stays_in_its_range(logit, bound):
    assert calibration.fit_temperature([0, 0, 1, 1], logit) == pytest.approx(bound, rel=1e-3)


@pytest.mark.parametrize(("label", "name"), [(0, "normals"), (1, "pneumonias")])
def test_one_class_is_refused(label, name):
    with pytest.raises(TableRefused, match=f"these 3 pictures are all {name}"):
        calibration.fit_temperature([label] * 3, [1, 2, 3])
    with pytest.raises(TableRefused, match=f"these 3 pictures are all {name}"):
        calibration.assess([label] * 3, [1, 2, 3], list("abc"), temperature=1)


def test_honest_scores_are_found_calibrated(honest):
    label, logit, patient = honest
    found = calibration.assess(label, logit, patient, temperature=1.0, resamples=200)
    assert found.slope.low < 1 < found.slope.high and found.slope.high - found.slope.low < 0.1
    assert found.intercept.low < 0 < found.intercept.high and found.intercept.high - found.intercept.low < 0.1


def test_too_sure_and_too_high_scores_are_found_so(honest):
    label, logit, patient = honest
    too_sure = calibration.assess(label, logit, patient, temperature=0.5, resamples=10)
    too_high = calibration.assess(label, logit + 1, patient, temperature=1.0, resamples=10)
    assert too_sure.slope.high < 1 and too_sure.slope.value == pytest.approx(0.5, abs=0.03)
    assert too_high.intercept.high < 0 and too_high.intercept.value == pytest.approx(-1, abs=0.05)


def test_slope_is_sklearns_and_brier_too(sample):
    found = calibration.assess(sample.label, sample.logit, sample.patient, temperature=1.7)
    regression = LogisticRegression(C=np.inf, tol=1e-10).fit(sample.logit[:, np.newaxis] / 1.7, sample.label)
    assert found.slope.value == pytest.approx(regression.coef_[0, 0], rel=1e-4)
    assert found.brier.value == pytest.approx(brier_score_loss(sample.label, scores.score(sample.logit, 1.7)))
    for it in (found.brier, found.slope, found.intercept):
        assert it.low < it.value < it.high


def test_slope_counts_patients_and_not_pictures(sample):
    """Each picture ten times: nothing is learnt."""
    tenfold = [np.repeat(values, 10) for values in (sample.label, sample.logit, sample.patient)]
    once = calibration.assess(sample.label, sample.logit, sample.patient, temperature=1).slope
    again = calibration.assess(*tenfold, temperature=1).slope
    assert again.high - again.low == pytest.approx(once.high - once.low, rel=0.02)


@pytest.mark.parametrize("logit", [[-1, -2, 1, 2], [-1, 1, 1, 2], [1, 2, -1, -2], [3, 3, 3, 3]])
def test_no_slope_where_none_fits_best(logit):
    found = calibration.assess([0, 0, 1, 1], logit, list("abcd"), temperature=1)
    assert np.isnan([found.slope.value, found.slope.low, found.slope.high]).all()
    assert np.isfinite([found.brier.value, found.intercept.value]).all()


@pytest.mark.parametrize("wrong", [1, 4])
def test_scores_next_to_0_and_1_with_mistakes_among_them_are_assessed(wrong):
    label, place = np.tile([0, 1], 20), np.arange(40)
    log_odds = np.where((label == 1) ^ (place < wrong), 13.8, -13.8)
    intercept = calibration.assess(label, log_odds, place.astype(str), temperature=1).intercept
    assert scores.score(log_odds + intercept.value, 1.0).sum() == pytest.approx(label.sum())
    assert intercept.low < intercept.value < intercept.high


def test_a_fitted_share_that_rounds_to_1_has_an_interval(sample):
    found = calibration.assess([0, 0, 1, 0, 1, 1], [-90, -80, 0.1, 0.2, 80, 90], list("abcdef"), temperature=1)
    assert np.isfinite([found.slope.low, found.slope.high]).all()


def test_reliability_by_hand():
    found = calibration.reliability([0, 1, 1, 0, 1, 1], [0.0, 0.19, 0.2, 0.39, 0.95, 1.0], bins=5)
    np.testing.assert_allclose(found.mean_score, [0.095, 0.295, 0.975])
    assert found.share.tolist() == [0.5, 0.5, 1.0]
    assert found.n.tolist() == [2, 2, 2]
    wilson = intervals.wilson(1, 2)
    assert (found.low[0], found.high[0]) == (wilson.low, wilson.high)


def test_reliability_wants_scores_and_not_logits():
    with pytest.raises(ValueError, match="between 0 and 1"):
        calibration.reliability([0, 1], [-2.0, 3.0])


def test_a_departure_is_told_only_where_the_interval_leaves_the_calibrated_value_out():
    Interval = intervals.Interval
    fine, none = Interval(0.9, 0.8, 1.1), Interval(0.1, -0.1, 0.3)
    brier = Interval(0.1, 0.1, 0.1)
    assert calibration.Calibration(brier, fine, none).departures() == []
    sure = calibration.Calibration(brier, Interval(0.9, 0.8, 0.99), Interval(-0.3, -0.5, -0.1)).departures()
    assert ["too sure" in sure[0], "too high" in sure[1], len(sure)] == [True, True, 2]
    shy = calibration.Calibration(brier, Interval(1.2, 1.1, 1.3), Interval(0.3, 0.1, 0.5)).departures()
    assert ["less sure" in shy[0], "too low" in shy[1], len(shy)] == [True, True, 2]
