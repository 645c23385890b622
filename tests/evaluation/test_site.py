import json
from itertools import zip_longest
from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import average_precision_score, roc_auc_score

from cxr_models.errors import TableRefused
from cxr_models.evaluation import confusion, intervals, operating_point, own_analysis, own_table, own_truth, site
from cxr_models.evaluation.site import Column


def made(n: int = 300, *, of=lambda values: values) -> site.Site:
    rng = np.random.default_rng(0)
    label = rng.integers(0, 2, n)
    patient = [f"p{place // 2}" for place in range(n)]
    good, bad = label + rng.normal(scale=0.6, size=n), label + rng.normal(scale=3, size=n)
    return site.site(label, patient, [Column("good", of(good)), Column("bad", bad)])


def test_a_patient_is_in_one_half_only_and_the_cut_is_the_same_every_time():
    it = made()
    assert not set(it.patient[it.judged]) & set(it.patient[~it.judged])
    assert (made().half == it.half).all()
    assert 0.4 < it.judged.mean() < 0.6


def test_thresholds_come_from_one_half_and_counts_from_the_other():
    it = made()
    chosen = site.thresholds(it, operating_point.youden)
    tidy = site.measures(it, {key: at.value for key, at in chosen.items()}).set_index(["model", "measure"])["value"]
    on = it.judged
    for key, column in it.columns.items():
        assert chosen[key].value == pytest.approx(
            operating_point.bootstrap_threshold(
                it.label[~on], column.values[~on], it.patient[~on], operating_point.youden, resamples=site.RESAMPLES
            ).value
        )
        counted = confusion.confusion(it.label[on], column.values[on], chosen[key].value)
        for count in ("tp", "fp", "fn", "tn"):
            assert tidy[key, count] == getattr(counted, count)


@pytest.mark.parametrize("of", [np.exp, lambda values: 1e6 * values, lambda values: values / 1e9 + 5], ids=str)
def test_only_the_order_of_a_column_counts(of):
    plain, changed = made(), made(of=of)
    at = [site.thresholds(it, operating_point.at_sensitivity(0.9)) for it in (plain, changed)]
    rows = [
        site.measures(it, {key: one.value for key, one in found.items()})
        for it, found in zip((plain, changed), at, strict=True)
    ]
    np.testing.assert_allclose(rows[0]["value"], rows[1]["value"])
    assert site.aucs(plain) == site.aucs(changed)


def test_a_threshold_beyond_every_score_calls_nobody():
    it = made()
    tidy = site.measures(it, {"column_1": 1e9}).set_index("measure")["value"]
    assert tidy["tp"] == tidy["fp"] == 0


def test_the_good_column_beats_the_bad_one():
    it = made()
    chosen = site.thresholds(it, operating_point.youden)
    auc = site.differences(it, {key: at.value for key, at in chosen.items()})[0]
    assert auc.measure == "auc" and auc.low > 0 and auc.p_holm < 0.05


def test_only_a_column_between_0_and_1_has_a_calibration():
    it = made(of=lambda values: 1 / (1 + np.exp(-values)))
    assert list(site.calibrations(it)) == ["column_1"]


@pytest.mark.parametrize("of", [lambda values: values, np.exp, lambda values: 1e6 * values], ids=str)
def test_the_decision_curve_is_learned_on_one_half_and_counted_on_the_other(of):
    it = made(of=of)
    (curve, band), (bad, _) = site.decision_curves(it, prevalence=0.2).values()
    assert (band.low <= curve.model).all() and (curve.model <= band.high).all()
    assert curve.model.max() <= 0.2 and curve.useful is not None
    assert curve.model[:50].sum() > bad.model[:50].sum()
    other = np.where(it.judged, it.label, 1 - it.label)  # the half that chooses says the opposite
    turned = site.decision_curves(site.Site(other, it.patient, it.half, it.columns), prevalence=0.2)["column_1"][0]
    assert turned.model[:50].sum() < curve.model[:50].sum()
    same = site.decision_curves(made(), prevalence=0.2)["column_1"][0]
    np.testing.assert_array_equal(curve.model, same.model)  # only the order of a column counts


def test_both_curves_are_those_of_the_half_that_judges():
    it = made()
    label = it.label[it.judged]
    assert label.mean() != it.label.mean()
    precisions, rocs = site.precision_recalls(it), site.curves(it)
    for key, column in it.columns.items():
        score = column.values[it.judged]
        assert precisions[key].share == label.mean()
        assert precisions[key].average_precision == pytest.approx(average_precision_score(label, score))
        assert rocs[key].auc == pytest.approx(roc_auc_score(label, score))


def test_a_column_that_points_the_wrong_way_gains_nothing():
    curve, _ = site.decision_curves(made(of=lambda values: -values), prevalence=0.2)["column_1"]
    assert curve.useful is None


def test_an_inverted_column_is_reported_and_not_flipped():
    assert site.aucs(made(of=lambda values: -values))["column_1"].value < 0.5
    it = made()
    assert site.aucs(it)["column_1"] == intervals.auc(it.label, it.columns["column_1"].values, it.patient)


@pytest.mark.parametrize(
    ("label", "patient", "sentence"),
    [
        ([1, 1], ["a", "b"], "with and pictures without"),
        ([], [], "no pictures"),
        ([0, 1], ["a", "b"], "too few patients"),
        ([0, 1, 0, 1], ["a", "a", "a", "a"], "too few patients"),
    ],
)
def test_too_little_is_refused(label, patient, sentence):
    with pytest.raises(TableRefused, match=sentence):
        site.site(np.array(label), patient, [])


CASES = json.loads(Path(__file__).with_name("evaluation_cases.json").read_text())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_every_hostile_table_is_analysed_or_refused_with_a_sentence(case):
    rows = zip_longest(case["labels"], ["nan" if it is None else it for it in case["scores"]], fillvalue="")
    text = "truth,score\n" + "".join(f"{label},{score}\n" for label, score in rows)
    try:
        table = own_table.read(text.encode())
        found = tuple(own_truth.answers(table.cells["truth"]))
        roles = own_analysis.Roles("truth", found[:1], found[-1:], (("score", ""),))
        it = own_analysis.prepared(table, roles, titles={"score": "score"}, temperatures={}).site
        values = {key: at.value for key, at in site.thresholds(it, operating_point.youden).items()}
        assert len(site.measures(it, values)) and site.curves(it) and site.aucs(it)
        assert site.decision_curves(it, prevalence=0.1)
    except TableRefused as refusal:
        assert str(refusal).endswith(".") and len(str(refusal)) > 20
