import numpy as np
import pandas as pd
import pytest
from dcurves import dca

from cxr_models.evaluation import bootstrap, decision, intervals, scores
from cxr_models.evaluation.confusion import confusion
from cxr_models.evaluation.decision import PerThousand


@pytest.mark.parametrize("prevalence", [0.01, 0.1, 0.5, 0.73])
def test_decision_curve_is_dcurves(sample, prevalence):
    probability = scores.score(sample.logit, 1.5)
    found = decision.decision_curve(sample.label, probability, prevalence=prevalence)
    expected = dca(
        data=pd.DataFrame({"label": sample.label, "model": probability}),
        outcome="label",
        modelnames=["model"],
        thresholds=found.threshold,
        prevalence=prevalence,
    ).set_index("model")["net_benefit"]
    np.testing.assert_allclose(found.model, expected["model"], atol=1e-12)
    np.testing.assert_allclose(found.treat_all, expected["all"], atol=1e-12)
    np.testing.assert_allclose(found.treat_none, expected["none"], atol=1e-12)


def test_decision_curve_at_the_rows_own_prevalence_is_the_textbook_count(sample):
    """Vickers & Elkin: tp / n - fp / n * t / (1 - t)."""
    probability, n = scores.score(sample.logit, 1.0), sample.label.size
    found = decision.decision_curve(sample.label, probability, prevalence=sample.label.mean(), thresholds=[0.2])
    counts = confusion(sample.label, probability, 0.2)
    assert found.model[0] == pytest.approx(counts.tp / n - counts.fp / n * 0.25)


def test_at_the_lowest_threshold_the_model_treats_all(sample):
    found = decision.decision_curve(sample.label, scores.score(sample.logit, 1), prevalence=0.1, thresholds=[0])
    assert found.model.tolist() == found.treat_all.tolist() == [0.1]


def test_decision_curve_of_one_class_is_undefined():
    assert np.isnan(decision.decision_curve([1, 1], [0.2, 0.8], prevalence=0.1).model).all()


@pytest.mark.parametrize("prevalence", [0.1, 0.5])
def test_the_band_is_the_naive_interval_of_the_curve(sample, prevalence):
    probability, thresholds = scores.score(sample.logit, 1.5), [0.05, 0.3, 0.8]
    gains = []
    for row in bootstrap.row_weights(sample.patient, resamples=100, seed=4):
        drawn = np.repeat(np.arange(row.size), row)
        curve = decision.decision_curve(
            sample.label[drawn], probability[drawn], prevalence=prevalence, thresholds=thresholds
        )
        gains.append(curve.model)
    found = decision.decision_band(
        sample.label, probability, sample.patient, prevalence=prevalence, thresholds=thresholds, resamples=100, seed=4
    )
    np.testing.assert_allclose([found.low, found.high], np.quantile(gains, [0.025, 0.975], axis=0), atol=1e-12)


def test_a_band_of_one_class_is_undefined():
    assert np.isnan(decision.decision_band([1, 1], [0.2, 0.8], ["a", "b"], prevalence=0.1, resamples=5).low).all()


@pytest.mark.parametrize(
    ("model", "useful"),
    [
        ([0.1, 0.1, 0.05, 0.01, -0.1], (0.1, 0.3)),
        ([0.1, 0.0, -0.1, -0.1, -0.1], None),
        ([0.1, 0.05, 0.0, 0.01, 0.01], (0.3, 0.4)),
        ([0.1, 0.05, 0.0, 0.0, 0.0], (0.1, 0.1)),
        ([np.nan] * 5, None),
    ],
)
def test_useful_is_the_longest_stretch_above_treating_all_and_none(model, useful):
    threshold = np.array([0, 0.1, 0.2, 0.3, 0.4])
    curve = decision.DecisionCurve(threshold, np.array(model), np.array([0.1, 0, -0.1, -0.3, -0.5]), np.zeros(5))
    assert curve.useful == useful


@pytest.mark.parametrize("threshold", [-0.1, 1.0, np.nan])
def test_threshold_probability_out_of_range_is_an_error(threshold):
    with pytest.raises(ValueError, match="at least 0 and below 1"):
        decision.decision_curve([0, 1], [0.1, 0.9], prevalence=0.1, thresholds=[threshold])


def test_predictive_values_by_hand():
    """Sensitivity 3/4 and specificity 4/5 at 10 %: .075 of .255 positives, .72 of .745 negatives."""
    label, score = [1, 1, 1, 1, 0, 0, 0, 0, 0], [0.9, 0.8, 0.7, 0.2, 0.6, 0.1, 0.1, 0.1, 0.1]
    found = decision.predictive_values(label, score, range(9), threshold=0.5, prevalence=0.1)
    assert found.ppv.value == pytest.approx(0.075 / 0.255)
    assert found.npv.value == pytest.approx(0.72 / 0.745)


def test_predictive_values_at_the_rows_own_prevalence_are_those_counted(sample):
    counts = confusion(sample.label, sample.logit, 0.3)
    found = decision.predictive_values(
        sample.label, sample.logit, sample.patient, threshold=0.3, prevalence=sample.label.mean()
    )
    assert found.ppv.value == pytest.approx(counts.ppv)
    assert found.npv.value == pytest.approx(counts.npv)


def test_predictive_intervals_are_the_naive_ones(sample):
    expected = []
    for row in bootstrap.row_weights(sample.patient, resamples=150, seed=2):
        drawn = np.repeat(np.arange(row.size), row)
        counts = confusion(sample.label[drawn], sample.logit[drawn], 0.3)
        true, false = counts.sensitivity * 0.1, (1 - counts.specificity) * 0.9
        expected.append(true / (true + false))
    found = decision.predictive_values(
        sample.label, sample.logit, sample.patient, threshold=0.3, prevalence=0.1, resamples=150, seed=2
    )
    np.testing.assert_allclose([found.ppv.low, found.ppv.high], np.quantile(expected, [0.025, 0.975]))


@pytest.mark.parametrize(
    ("label", "threshold", "ppv", "npv"),
    [
        ([0, 1], 0.95, np.nan, 0.9),  # nobody positive
        ([0, 1], 0.0, 0.1, np.nan),  # nobody negative
        ([1, 1], 0.5, np.nan, np.nan),  # no normals, no specificity
        ([0, 0], 0.5, np.nan, np.nan),
    ],
)
def test_undefined_predictive_values(label, threshold, ppv, npv):
    found = decision.predictive_values(label, [0.1, 0.9], list("ab"), threshold=threshold, prevalence=0.1)
    np.testing.assert_allclose([found.ppv.value, found.npv.value], [ppv, npv])


@pytest.mark.parametrize("threshold", [0.95, 0.0], ids=["nobody positive", "nobody negative"])
def test_predictive_values_in_which_no_resample_differs_have_a_width_nevertheless(threshold):
    label, score = [0] * 20 + [1] * 20, np.linspace(0.1, 0.9, 40)
    found = decision.predictive_values(label, score, range(40), threshold=threshold, prevalence=0.1)
    it = found.npv if threshold else found.ppv
    assert it.value == pytest.approx(0.9 if threshold else 0.1) and it.low < it.value < it.high


def test_the_interval_s_low_end_is_above_for_no_longer_than_the_value(sample):
    likely = scores.score(sample.logit, 1.5)
    curve = decision.decision_curve(sample.label, likely, prevalence=0.3)
    band = decision.decision_band(sample.label, likely, sample.patient, prevalence=0.3, resamples=200)
    surely = curve.above(band.low)
    assert curve.useful[0] <= surely[0] <= surely[1] <= curve.useful[1] and surely != curve.useful
    assert curve.above(curve.treat_all) is None


def test_predictive_values_without_an_error_get_the_width_that_the_patients_allow():
    label, score = [0] * 20 + [1] * 30, [0.2] * 20 + [0.8] * 30
    found = decision.predictive_values(label, score, range(50), threshold=0.5, prevalence=0.1)
    sensitivity, specificity = intervals.wilson(30, 30).low, intervals.wilson(20, 20).low
    assert (found.ppv.value, found.ppv.high, found.npv.value, found.npv.high) == (1, 1, 1, 1)
    assert found.ppv.low == pytest.approx(sensitivity * 0.1 / (sensitivity * 0.1 + (1 - specificity) * 0.9))
    assert found.npv.low == pytest.approx(specificity * 0.9 / (specificity * 0.9 + (1 - sensitivity) * 0.1))


def test_predictive_values_move_with_prevalence(sample):
    ppv, npv = np.array(
        [
            [it.ppv.value, it.npv.value]
            for it in (
                decision.predictive_values(
                    sample.label,
                    sample.logit,
                    sample.patient,
                    threshold=0,
                    prevalence=prevalence,
                    resamples=2,
                )
                for prevalence in (0.0, 0.01, 0.1, 0.5, 0.9, 1.0)
            )
        ]
    ).T
    assert (np.diff(ppv) > 0).all() and (np.diff(npv) < 0).all()
    assert (ppv[0], npv[0], ppv[-1], npv[-1]) == (0, 1, 1, 0)


@pytest.mark.parametrize(
    ("sensitivity", "specificity", "prevalence", "expected"),
    [
        (0.9, 0.8, 0.1, PerThousand(found=90, missed=10, false_alarms=180, cleared=720)),
        (0.5, 0.5, 0.001, PerThousand(found=1, missed=0, false_alarms=499, cleared=500)),  # halves go up
        (1.0, 1.0, 0.0005, PerThousand(found=1, missed=0, false_alarms=0, cleared=999)),
        (1.0, 0.0, 0.0, PerThousand(found=0, missed=0, false_alarms=1000, cleared=0)),
        (0.0, 1.0, 1.0, PerThousand(found=0, missed=1000, false_alarms=0, cleared=0)),
    ],
)
def test_per_thousand_by_hand(sensitivity, specificity, prevalence, expected):
    assert decision.per_thousand(sensitivity, specificity, prevalence=prevalence) == expected


@pytest.mark.parametrize("prevalence", np.linspace(0, 1, 31))
@pytest.mark.parametrize("sensitivity", [0, 1 / 3, 0.985, 1])
def test_per_thousand_adds_up(sensitivity, prevalence):
    it = decision.per_thousand(sensitivity, 0.7777, prevalence=prevalence)
    counts = (it.found, it.missed, it.false_alarms, it.cleared)
    assert sum(counts) == 1000 and min(counts) >= 0
    assert abs(it.found + it.missed - 1000 * prevalence) <= 0.5


@pytest.mark.parametrize("share", [-0.1, 1.1, np.nan])
def test_nothing_is_counted_from_what_is_undefined(share):
    for shares in [(share, 0.5, 0.1), (0.5, share, 0.1), (0.5, 0.5, share)]:
        with pytest.raises(ValueError, match="between 0 and 1"):
            decision.per_thousand(*shares[:2], prevalence=shares[2])


def test_probability_is_bayes_rule():
    """A score of .9 where 73 % are ill: the same odds against the prior, at a prior of 10 %."""
    likelihood_ratio = 9 / (0.73 / 0.27)
    odds = likelihood_ratio * (0.1 / 0.9)
    found = decision.probability(2 * np.log(9), temperature=2, prevalence=0.1, validation_share=0.73)
    assert found == pytest.approx(odds / (1 + odds))


def test_probability_at_the_validation_share_is_the_score():
    logit = np.array([-3.0, 0.0, 5.0])
    found = decision.probability(logit, temperature=1.5, prevalence=0.73, validation_share=0.73)
    np.testing.assert_allclose(found, scores.score(logit, 1.5))


@pytest.mark.parametrize(
    "wrong", [{"prevalence": 0.0}, {"prevalence": 1.0}, {"validation_share": 1.0}, {"temperature": 0.0}]
)
def test_probability_refuses_what_has_no_odds(wrong):
    with pytest.raises(ValueError, match="must"):
        decision.probability(1.0, **{"temperature": 1.0, "prevalence": 0.1, "validation_share": 0.7} | wrong)
