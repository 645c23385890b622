import numpy as np
import pytest
from scipy.stats import binomtest
from sklearn.metrics import roc_auc_score

from cxr_models.evaluation import bootstrap, comparison, delong
from cxr_models.evaluation.comparison import Difference
from cxr_models.evaluation.summary import Point

POINT = Point(temperature=1.0, threshold=0.5)
POINTS = dict.fromkeys(("base_cnn", "teacher", "student", "resnet50"), POINT)
TITLES = {"base_cnn": "the custom CNN", "student": "the student", "resnet50": "ResNet-50"}


@pytest.fixture
def found(table) -> dict[tuple[str, str, str], Difference]:
    listed = comparison.differences(table, POINTS, split="test")
    return {(it.measure, it.first, it.second): it for it in listed}


def test_every_pair_that_was_run_once_a_measure(found):
    pairs = [("base_cnn", "student"), ("base_cnn", "resnet50"), ("student", "resnet50")]
    assert list(found) == [(measure, *pair) for measure in comparison.MEASURES for pair in pairs]


def test_value_and_n_are_those_of_the_rows(found, table):
    label = table["label"]
    expected = roc_auc_score(label, table["base_cnn"]) - roc_auc_score(label, table["resnet50"])
    assert found["auc", "base_cnn", "resnet50"].value == pytest.approx(expected)
    ill = table[label == 1]
    expected = (ill["base_cnn"] >= 0).mean() - (ill["resnet50"] >= 0).mean()
    assert found["sensitivity", "base_cnn", "resnet50"].value == pytest.approx(expected)
    n = [found[measure, "base_cnn", "student"].n for measure in comparison.MEASURES]
    assert n == [label.size, label.sum(), label.size - label.sum()]


def test_interval_is_paired_and_by_patient(table):
    points = {"base_cnn": POINT, "student": POINT}
    it = comparison.differences(table, points, split="test", resamples=200, seed=4)[0]
    expected = [
        roc_auc_score(table["label"], table["base_cnn"], sample_weight=row)
        - roc_auc_score(table["label"], table["student"], sample_weight=row)
        for row in bootstrap.row_weights(table["patient"], resamples=200, seed=4)
    ]
    expected = np.round(expected, 12)
    np.testing.assert_allclose([it.low, it.high], np.quantile(expected, [0.025, 0.975]), atol=1e-12)
    smaller = min(np.sum(expected <= 0), np.sum(expected >= 0))
    assert it.p == pytest.approx(min(1, 2 * (smaller + 1) / 201))


def test_independent_tests_are_delongs_and_mcnemars(found, table):
    auc = found["auc", "base_cnn", "resnet50"]
    assert auc.p_independent == delong.paired_test(table["label"], table["base_cnn"], table["resnet50"]).p
    for measure, label in (("sensitivity", 1), ("specificity", 0)):
        rows = table[table["label"] == label]
        one, other = rows["base_cnn"] >= 0, rows["resnet50"] >= 0
        only_one, only_other = (one & ~other).sum(), (~one & other).sum()
        expected = binomtest(int(only_one), int(only_one + only_other)).pvalue
        assert found[measure, "base_cnn", "resnet50"].p_independent == pytest.approx(expected)


def test_holm_by_hand():
    def pair(p: float) -> Difference:
        return Difference("auc", "a", "b", 9, 0.1, 0.0, 0.2, p=p, p_independent=np.nan)

    adjusted = comparison._holm([pair(0.02), pair(0.01), pair(0.04)])
    assert [it.p_holm for it in adjusted] == pytest.approx([0.04, 0.03, 0.04])
    assert all(np.isnan(it.p_independent_holm) and it.pairs == 3 for it in adjusted)


def test_a_model_does_not_differ_from_itself(table):
    table["resnet50"] = table["base_cnn"]
    for it in comparison.differences(table, {"base_cnn": POINT, "resnet50": POINT}, split="test"):
        assert (it.value, it.low, it.high, it.p, it.p_independent, it.p_holm) == (0, 0, 0, 1, 1, 1)


def test_so_few_patients_prove_nothing(table):
    """One ill and one well patient, whom the first model tells apart and the second turns round."""
    rows = table.drop_duplicates("label").assign(base_cnn=[-1.0, 1.0], resnet50=[1.0, -1.0], patient=["a", "b"])
    rows["label"] = [0, 1]
    auc, sensitivity, _ = comparison.differences(rows, {"base_cnn": POINT, "resnet50": POINT}, split="test")
    assert (auc.value, auc.low, auc.high) == (1, 1, 1) and auc.p == 0.5 and sensitivity.p == 1
    assert comparison.words(auc, TITLES) == (
        "The custom CNN and ResNet-50 cannot be told apart on these 2 pictures: AUC difference 1.000, the same "
        "whichever of the patients are drawn."
    )


def test_thresholds_and_temperatures_are_each_models_own(table):
    """At a threshold of 0 everybody is positive, whatever the temperature."""
    points = {"base_cnn": Point(2.0, 0.0), "resnet50": Point(1.0, 1.0)}
    found = {it.measure: it.value for it in comparison.differences(table, points, split="test", resamples=10)}
    assert found["sensitivity"] == 1 and found["specificity"] == -1


def test_one_model_has_no_pairs(table):
    assert comparison.differences(table, {"base_cnn": POINT, "teacher": POINT}, split="test") == []


def test_one_class_leaves_what_can_be_compared(table):
    rows = table[table["label"] == 1]
    found = comparison.differences(rows, {"base_cnn": POINT, "resnet50": POINT}, split="test", resamples=50)
    auc, sensitivity, specificity = found
    assert np.isnan([auc.value, auc.p, auc.p_independent, auc.p_holm]).all()
    assert np.isnan([specificity.value, specificity.p, specificity.p_independent]).all()
    assert np.isfinite([sensitivity.value, sensitivity.p_holm]).all()
    assert comparison.words(auc, TITLES) == (
        "the custom CNN and ResNet-50 cannot be compared by AUC: that takes pneumonias and normals."
    )
    assert comparison.words(specificity, TITLES).endswith("by specificity: that takes normals.")


@pytest.mark.parametrize(
    ("measure", "n", "numbers", "p_holm", "sentence"),
    [
        (
            "auc",
            624,
            (0.0031, -0.0041, 0.0099),
            0.4,
            "ResNet-50 and the custom CNN cannot be told apart on these 624 pictures: "
            "AUC difference .003, 95 % −.004 to .010.",
        ),
        (
            "auc",
            624,
            (0.02, 0.001, 0.04),
            0.06,
            "ResNet-50 and the custom CNN cannot be told apart on these 624 pictures: "
            "AUC difference .020, 95 % .001 to .040, not enough once 3 pairs are compared.",
        ),
        (
            "sensitivity",
            390,
            (0.05, 0.02, 0.08),
            0.003,
            "ResNet-50 has a higher sensitivity than the custom CNN on these 390 pneumonias: "
            "sensitivity difference .050, 95 % .020 to .080.",
        ),
        (
            "specificity",
            234,
            (-0.05, -0.08, -0.0004),
            0.04,
            "The custom CNN has a higher specificity than ResNet-50 on these 234 normals: "
            "specificity difference .050, 95 % .000 to .080.",
        ),
    ],
)
def test_words(measure, n, numbers, p_holm, sentence):
    value, low, high = numbers
    difference = Difference(
        measure,
        "resnet50",
        "base_cnn",
        n,
        value,
        low,
        high,
        p=0.01,
        p_independent=0.5,
        p_holm=p_holm,
        pairs=3,
    )
    assert comparison.words(difference, TITLES) == sentence


@pytest.mark.parametrize(
    ("only_first", "only_second", "p"), [(0, 0, 1.0), (5, 0, 0.0625), (0, 6, 0.03125), (4, 4, 1.0)]
)
def test_mcnemar_looks_only_at_disagreements(only_first, only_second, p):
    first = np.array([True] * only_first + [False] * only_second + [True] * 7, dtype=bool)
    second = np.array([False] * only_first + [True] * only_second + [True] * 7, dtype=bool)
    assert comparison.mcnemar_exact(first, second) == pytest.approx(p)
