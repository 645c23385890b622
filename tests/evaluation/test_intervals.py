import numpy as np
import pytest
from scipy.stats import binomtest, norm
from sklearn.metrics import f1_score, roc_auc_score

from cxr_models.errors import TableRefused
from cxr_models.evaluation import bootstrap, intervals
from cxr_models.evaluation.confusion import Confusion, confusion
from cxr_models.evaluation.intervals import Interval


def test_a_draw_is_remembered_and_cannot_be_changed_behind_the_next_reader():
    drawn = bootstrap.row_weights(["a", "b"], resamples=3, seed=0)
    kept, drawn[0, 0] = drawn.copy(), 5
    remembered = bootstrap._drawn.cache_info().hits
    assert (bootstrap.row_weights(np.array(["a", "b"]), resamples=3, seed=0) == kept).all()
    assert bootstrap._drawn.cache_info().hits == remembered + 1


def test_chunks_are_the_rows_of_the_whole(sample):
    whole = bootstrap.row_weights(sample.patient, resamples=250, seed=2)
    chunks = list(bootstrap.row_weight_chunks(sample.patient, resamples=250, seed=2))
    assert [len(chunk) for chunk in chunks] == [100, 100, 50]
    assert (np.concatenate(chunks) == whole).all()


def test_patients_are_drawn_and_not_pictures(sample):
    weight = bootstrap.row_weights(sample.patient, resamples=50, seed=0)
    assert weight.shape == (50, sample.label.size)
    for patient in np.unique(sample.patient):
        of_patient = weight[:, sample.patient == patient]
        assert (of_patient == of_patient[:, :1]).all()
    _, first = np.unique(sample.patient, return_index=True)
    assert (weight[:, first].sum(axis=1) == first.size).all()


def test_every_patient_is_drawn_once_on_average():
    weight = bootstrap.row_weights(range(50), resamples=4000, seed=0)
    np.testing.assert_allclose(weight.mean(axis=0), 1, atol=0.08)


def test_resampled_auc_is_sklearns_on_repeated_rows(sample):
    weight = bootstrap.row_weights(sample.patient, resamples=25, seed=0)
    expected = [roc_auc_score(sample.label, sample.logit, sample_weight=row) for row in weight]
    np.testing.assert_allclose(bootstrap.auc(sample.label, sample.logit, weight), expected)


def test_interval_is_the_naive_one(sample):
    expected = []
    for row in bootstrap.row_weights(sample.patient, resamples=200, seed=5):
        drawn = np.repeat(np.arange(row.size), row)
        expected.append(f1_score(sample.label[drawn], sample.logit[drawn] >= 0.4))
    found = intervals.at_threshold(sample.label, sample.logit, sample.patient, threshold=0.4, resamples=200, seed=5)
    assert found["f1"].value == f1_score(sample.label, sample.logit >= 0.4)
    np.testing.assert_allclose([found["f1"].low, found["f1"].high], np.quantile(expected, [0.025, 0.975]))


def test_every_measure_is_there_and_is_that_of_the_rows(sample):
    found = intervals.at_threshold(sample.label, sample.logit, sample.patient, threshold=0.0)
    counts = confusion(sample.label, sample.logit, 0.0)
    assert tuple(found) == intervals.MEASURES
    for measure, it in found.items():
        assert it.value == getattr(counts, measure) and it.low < it.value < it.high


def test_patients_with_many_like_pictures_widen_the_interval(sample):
    """Each picture ten times: nothing is learnt, and only the bootstrap by patient knows it."""
    tenfold = [np.repeat(values, 10) for values in (sample.label, sample.logit, sample.patient)]
    once = intervals.auc(sample.label, sample.logit, sample.patient)
    by_patient = intervals.auc(*tenfold)
    by_picture = intervals.auc(*tenfold[:2], range(tenfold[0].size))
    assert by_patient.high - by_patient.low == pytest.approx(once.high - once.low)
    assert by_picture.high - by_picture.low < 0.6 * (once.high - once.low)


def test_auc_of_equal_scores_has_no_width():
    assert intervals.auc([0, 1, 0, 1], [0.3] * 4, list("abcd")) == Interval(0.5, 0.5, 0.5)


def test_a_measure_without_an_error_gets_the_width_that_its_patients_allow():
    label, score = [0, 0, 0, 1, 1, 1, 1], [0.1, 0.2, 0.3, 0.7, 0.8, 0.9, 0.9]
    found = intervals.at_threshold(label, score, list("abcdeff"), threshold=0.5)
    assert (
        found["sensitivity"] == found["ppv"] == found["f1"] == intervals.wilson(3, 3)
    )  # four pictures, three patients
    assert found["specificity"] == intervals.wilson(3, 3) and found["accuracy"] == intervals.wilson(6, 6)
    nobody = intervals.at_threshold(label, score, list("abcdeff"), threshold=1)
    assert nobody["sensitivity"] == intervals.wilson(0, 3)
    one_missed = intervals.at_threshold(label, score, list("abcdeff"), threshold=0.75)
    assert one_missed["sensitivity"].value == 0.75 and one_missed["sensitivity"].high == 1


@pytest.mark.parametrize(("ill", "well"), [(1, 1), (3, 200), (50, 50), (390, 234)])
def test_a_perfect_order_gets_the_width_of_hanley_and_mcneil_s_errors_at_its_end(ill, well):
    """Newcombe's fifth method: at the low end 1 lies 1.96 of the errors that an AUC of that size would have."""
    it = intervals.newcombe(1.0, ill, well)
    q1, q2, others = it.low / (2 - it.low), 2 * it.low**2 / (1 + it.low), (ill + well) / 2 - 1
    variance = (it.low * (1 - it.low) + others * (q1 - it.low**2) + others * (q2 - it.low**2)) / (ill * well)
    assert 1 - it.low == pytest.approx(norm.ppf(0.975) * np.sqrt(variance))
    assert (it.value, it.high) == (1, 1)
    mirrored = intervals.newcombe(0.0, ill, well)
    assert (mirrored.value, mirrored.low, mirrored.high) == (0, 0, 1 - it.low)


def test_a_perfect_order_counts_patients_and_not_their_pictures():
    label, score, patient = [0, 0, 0, 1, 1, 1], [0.1, 0.2, 0.3, 0.7, 0.8, 0.9], list("abbcdd")
    assert intervals.auc(label, score, patient) == intervals.newcombe(1.0, 2, 2)
    assert intervals.auc([1 - it for it in label], score, patient) == intervals.newcombe(0.0, 2, 2)
    assert intervals.auc(label, [0.1, 0.2, 0.75, 0.7, 0.8, 0.9], patient).value < 1


def test_two_pictures_of_one_patient_are_no_two_patients():
    found = intervals.at_threshold([1, 1], [0.1, 0.9], ["a", "a"], threshold=0.5)["sensitivity"]
    assert found.value == 0.5 and found.low < 0.1 and found.high > 0.9


@pytest.mark.parametrize(
    ("patient", "sentence"),
    [
        (["a"], "2 pictures and 1"),
        ("ab", "2 pictures and 1"),
        (["a", None], "row 2 is missing"),
        (["a", np.nan], "row 2 is missing"),
        ([" ", "b"], "row 1 is missing"),
    ],
)
def test_every_picture_needs_its_patient(patient, sentence):
    for count in (intervals.auc, lambda *rows: intervals.at_threshold(*rows, threshold=0.5)):
        with pytest.raises(TableRefused, match=sentence):
            count([0, 1], [0.1, 0.9], patient)


@pytest.mark.parametrize(("count", "total"), [(0, 10), (3, 10), (390, 390), (1, 1)])
def test_wilson_is_scipys(count, total):
    expected = binomtest(count, total).proportion_ci(method="wilson")
    it = intervals.wilson(count, total)
    np.testing.assert_allclose([it.low, it.high], [expected.low, expected.high], atol=1e-12)
    assert it.value == count / total


def test_wilson_of_nothing_is_undefined():
    assert np.isnan(intervals.wilson(0, 0).value) and np.isnan(intervals.wilson(0, 0).low)


def test_wilson_counts_each_measure_among_its_own_pictures():
    counts = Confusion(tp=6, fp=1, fn=2, tn=3)
    found = intervals.wilson_at_threshold(counts)
    assert set(found) == set(intervals.MEASURES) - {"f1"}
    for measure, it in found.items():
        assert it.value == pytest.approx(getattr(counts, measure))
    assert found["sensitivity"] == intervals.wilson(6, 8) and found["npv"] == intervals.wilson(3, 5)
