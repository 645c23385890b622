import numpy as np
import pytest
from MLstatkit import Delong_test
from scipy.special import logit
from scipy.stats import norm

from cxr_models.evaluation import delong


@pytest.fixture
def second(sample) -> np.ndarray:
    return (sample.logit + np.random.default_rng(1).normal(0, 1.5, sample.logit.size)).round(1)


def test_interval_by_hand():
    """Pneumonias have 1/2 and 1 of the normals below them, normals 1 and 1/2 of the pneumonias above them.

    Each class has the variance 1/8, over 2 pictures, so the AUC's is 1/8.
    """
    it = delong.interval([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8])
    half = norm.ppf(0.975) * np.sqrt(1 / 8) / (0.75 * 0.25)
    np.testing.assert_allclose([logit(it.low), logit(it.high)], [np.log(3) - half, np.log(3) + half])


def test_paired_test_by_hand():
    """The second model's pneumonias have 1/2 and 1/2 of the normals below, its normals 1 and 0 of them above.

    The two models' placements differ by 0 and 1/2 in either class: variance 1/8, over 2 pictures, twice.
    """
    found = delong.paired_test([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8], [0.1, 0.9, 0.4, 0.5])
    assert found.difference == 0.25
    assert found.z == pytest.approx(0.25 / np.sqrt(1 / 8))
    assert found.p == pytest.approx(2 * norm.sf(found.z))


def test_paired_test_is_mlstatkits(sample, second):
    z, p, auc_first, auc_second = Delong_test(sample.label, sample.logit, second, return_ci=False, return_auc=True)
    found = delong.paired_test(sample.label, sample.logit, second)
    assert found.difference == pytest.approx(auc_first - auc_second)
    assert found.z == pytest.approx(-z)  # theirs is second minus first
    assert found.p == pytest.approx(p)
    assert 0.0001 < p < 0.2


def test_variance_is_mlstatkits(sample, second):
    """Their interval is value ± 1.96 errors on the plain scale; ours has that error on the logit scale."""
    _, _, interval, _ = Delong_test(sample.label, sample.logit, second, return_ci=True, return_auc=False)
    error = (interval[1] - interval[0]) / 2 / norm.ppf(0.975)
    it = delong.interval(sample.label, sample.logit)
    on_logit_scale = (logit(it.high) - logit(it.low)) / 2 / norm.ppf(0.975)
    assert interval[1] < 1
    assert on_logit_scale * it.value * (1 - it.value) == pytest.approx(error)


def test_interval_stays_within_0_and_1():
    it = delong.interval([0] * 5 + [1] * 5, [1, 2, 3, 4, 6, 5, 7, 8, 9, 10])
    assert 0.5 < it.low < it.value == 0.96 < it.high < 1


def test_order_is_all_that_counts(sample):
    assert delong.interval(sample.label, sample.logit) == delong.interval(sample.label, np.exp(sample.logit))
    found = delong.paired_test(sample.label, sample.logit, np.exp(sample.logit))
    assert (found.difference, found.z, found.p) == (0, 0, 1)


@pytest.mark.parametrize(
    ("label", "score", "auc"),
    [
        ([0, 0, 1, 1], [1, 2, 3, 4], 1.0),
        ([0, 0, 1, 1], [4, 3, 2, 1], 0.0),
        ([0, 1, 1], [1, 0, 2], 0.5),
        ([1, 1, 1], [1, 2, 3], np.nan),
    ],
)
def test_no_bounds_where_delong_has_no_variance(label, score, auc):
    it = delong.interval(label, score)
    np.testing.assert_equal([it.value, it.low, it.high], [auc, np.nan, np.nan])


def test_difference_without_variance_has_no_p():
    found = delong.paired_test([0, 0, 1, 1], [1, 2, 3, 4], [4, 3, 2, 1])
    assert found.difference == 1 and np.isnan(found.z) and np.isnan(found.p)


def test_one_picture_of_a_class_has_no_p():
    found = delong.paired_test([0, 1, 1], [1, 2, 3], [3, 2, 1])
    assert found.difference == 1 and np.isnan(found.p)


def test_all_scores_equal_is_guessing_for_certain():
    it = delong.interval([0, 0, 1, 1], [0.3] * 4)
    assert (it.value, it.low, it.high) == (0.5, 0.5, 0.5)
