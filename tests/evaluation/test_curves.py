import numpy as np
import pytest
from sklearn.metrics import average_precision_score, roc_auc_score, roc_curve

from cxr_models.evaluation.confusion import confusion
from cxr_models.evaluation.curves import SHARES, precision_recall, roc


def test_roc_is_sklearns(sample):
    found = roc(sample.label, sample.logit)
    fpr, tpr, thresholds = roc_curve(sample.label, sample.logit, drop_intermediate=False)
    np.testing.assert_allclose(found.fpr, fpr, atol=1e-15)
    np.testing.assert_array_equal(found.tpr, tpr)
    np.testing.assert_array_equal(found.thresholds, thresholds)
    assert found.auc == pytest.approx(roc_auc_score(sample.label, sample.logit))


def test_average_precision_is_sklearns(sample):
    found = precision_recall(sample.label, sample.logit)
    assert found.average_precision == pytest.approx(average_precision_score(sample.label, sample.logit))
    assert found.share == sample.label.mean()


def test_every_counted_point_lies_on_the_curves(sample):
    curve, precision = roc(sample.label, sample.logit), precision_recall(sample.label, sample.logit)
    for threshold in np.unique(sample.logit):
        counts = confusion(sample.label, sample.logit, threshold)
        at = np.flatnonzero(curve.thresholds == threshold)
        assert (curve.tpr[at], curve.fpr[at]) == (counts.sensitivity, 1 - counts.specificity)
        at = np.flatnonzero(precision.thresholds == threshold)
        assert (precision.recall[at], precision.precision[at]) == (counts.sensitivity, counts.ppv)


def test_all_scores_equal_is_guessing():
    curve = roc([0, 1, 0, 1], [0.3] * 4)
    assert curve.auc == 0.5
    assert curve.fpr.tolist() == curve.tpr.tolist() == [0, 1]
    assert precision_recall([0, 1, 0, 1], [0.3] * 4).average_precision == 0.5


@pytest.mark.parametrize("label", [0, 1])
def test_one_class_has_no_area(label):
    curve, precision = roc([label] * 3, [0.1, 0.2, 0.3]), precision_recall([label] * 3, [0.1, 0.2, 0.3])
    assert np.isnan(curve.auc)
    assert np.isnan(curve.tpr).all() == (label == 0) and np.isnan(curve.fpr).all() == (label == 1)
    assert np.isnan(precision.average_precision) == (label == 0)


@pytest.mark.parametrize(("low", "high"), [(-1.0, 1.0), (0.05, 0.31), (-99.0, 99.0), (0.5, 0.5)])
def test_a_stretch_of_the_curve_is_what_its_thresholds_count(sample, low, high):
    part = roc(sample.label, sample.logit).between(low, high)
    counted = {
        (1 - it.specificity, it.sensitivity)
        for it in (confusion(sample.label, sample.logit, threshold) for threshold in np.linspace(low, high, 2000))
    }
    assert set(zip(part.fpr, part.tpr, strict=True)) == counted


@pytest.mark.parametrize("share", SHARES)
def test_a_curve_is_read_where_enough_is_found_and_one_threshold_higher_would_not_do(sample, share):
    for curve, other in (
        (roc(sample.label, sample.logit), lambda it: 1 - it.specificity),
        (precision_recall(sample.label, sample.logit), lambda it: it.ppv),
    ):
        at = curve.reaching(share)
        counts = confusion(sample.label, sample.logit, at.threshold)
        assert at.found == counts.sensitivity >= share and at.other == other(counts)
        assert confusion(sample.label, sample.logit, np.nextafter(at.threshold, np.inf)).sensitivity < share


def test_without_pneumonias_no_share_of_them_is_reached():
    for curve in (roc([0, 0], [0.1, 0.2]), precision_recall([0, 0], [0.1, 0.2])):
        assert curve.reaching(0.5) is None
    with pytest.raises(ValueError, match="between 0 and 1"):
        roc([0, 1], [0.1, 0.2]).reaching(1.1)


def test_a_share_that_is_found_exactly_is_reached():
    label, score = [0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]
    assert roc(label, score).reaching(0.5).threshold == precision_recall(label, score).reaching(0.5).threshold == 0.8
