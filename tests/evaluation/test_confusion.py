import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from cxr_models.errors import TableRefused
from cxr_models.evaluation import intervals
from cxr_models.evaluation.confusion import Confusion, at_all_thresholds, confusion
from cxr_models.evaluation.curves import precision_recall, roc

CASES = json.loads((Path(__file__).parent / "evaluation_cases.json").read_text())
ACCEPTED = [case for case in CASES if case["expected"] == "accept"]
REFUSED = [case for case in CASES if case["expected"] == "refuse"]


def numbers(scores: list) -> list[float]:
    return [np.nan if score is None else score for score in scores]


@pytest.mark.parametrize("case", ACCEPTED, ids=lambda case: case["name"])
def test_case_is_counted(case):
    counts = confusion(case["labels"], case["scores"], case["threshold"])
    assert counts == Confusion(tp=case["tp"], fp=case["fp"], fn=case["fn"], tn=case["tn"])
    for measure in ("sensitivity", "specificity", "ppv", "npv"):
        expected = np.nan if case[measure] is None else case[measure]
        np.testing.assert_equal(float(getattr(counts, measure)), expected)


@pytest.mark.parametrize("case", ACCEPTED, ids=lambda case: case["name"])
def test_case_has_its_auc_or_none(case):
    auc = np.nan if case["auc"] is None else case["auc"]
    patients = range(len(case["labels"]))
    np.testing.assert_allclose(roc(case["labels"], case["scores"]).auc, auc)
    np.testing.assert_allclose(intervals.auc(case["labels"], case["scores"], patients).value, auc)


@pytest.mark.parametrize("case", ACCEPTED, ids=lambda case: case["name"])
def test_case_has_an_interval_where_it_has_a_value(case):
    patients = range(len(case["labels"]))
    found = intervals.at_threshold(case["labels"], case["scores"], patients, threshold=case["threshold"])
    for measure in ("sensitivity", "specificity", "ppv", "npv"):
        it = found[measure]
        if case[measure] is None:
            assert np.isnan([it.value, it.low, it.high]).all()
        else:
            assert 0 <= it.low <= it.value <= it.high <= 1 or case[measure] in (0, 1)


SENTENCES = {
    "empty": "no pictures",
    "NaN score": "row 2 is missing or infinite",
    "labels are words": "must be 0 .* or 1",
    "label 2": "must be 0 .* or 1",
    "lengths differ": "these have 2 and 3",
}


@pytest.mark.parametrize("function", [at_all_thresholds, roc, precision_recall], ids=lambda it: it.__name__)
@pytest.mark.parametrize("case", REFUSED, ids=lambda case: case["name"])
def test_case_is_refused_with_a_sentence(case, function):
    with pytest.raises(TableRefused, match=SENTENCES[case["name"]]):
        function(case["labels"], numbers(case["scores"]))


NO_NUMBERS = "must be lists of numbers"
LIKE_THEM = {
    "infinite score": ([0, 1, 1], [0.1, np.inf, 0.9], "row 2 is missing or infinite"),
    "minus infinity": ([0, 1], [-np.inf, 0.9], "row 1 is missing or infinite"),
    "a word among the scores": ([0, 1], [0.1, "high"], NO_NUMBERS),
    "too large for a number": ([0, 1], [0.1, 10**400], NO_NUMBERS),
    "complex": ([0, 1], [0.1, 1j], NO_NUMBERS),
    "rows of different length": ([0, [1, 1]], [0.1, 0.9], NO_NUMBERS),
    "missing in a column of pandas": ([0, 1], pd.array([0.1, pd.NA], dtype="Float64"), "numbers|missing"),
    "missing label": ([0, None], [0.1, 0.9], "must be 0 .* or 1"),
    "label NaN": ([0, np.nan], [0.1, 0.9], "must be 0 .* or 1"),
    "label -1": ([-1, 1], [0.1, 0.9], "must be 0 .* or 1"),
    "half a label": ([0, 0.5], [0.1, 0.9], "must be 0 .* or 1"),
    "numbers written as text": (["0", "1"], [0.1, 0.9], "must be 0 .* or 1"),
    "one number and no list": (1, 0.9, "lists of one length"),
    "a table": ([[0, 1]], [[0.1, 0.9]], "lists of one length"),
}


@pytest.mark.parametrize("function", [at_all_thresholds, roc, precision_recall], ids=lambda it: it.__name__)
@pytest.mark.parametrize("name", LIKE_THEM)
def test_what_is_like_them_is_refused_too(name, function):
    labels, scores, sentence = LIKE_THEM[name]
    with pytest.raises(TableRefused, match=sentence):
        function(labels, scores)


def test_every_row_twice_is_the_same_share_and_the_same_curve(sample):
    once, twice = (roc(*(np.tile(it, times) for it in (sample.label, sample.logit))) for times in (1, 2))
    assert once.auc == twice.auc and (once.tpr == twice.tpr).all() and (once.fpr == twice.fpr).all()
    counts = confusion(np.tile(sample.label, 2), np.tile(sample.logit, 2), 0.3)
    assert counts.sensitivity == confusion(sample.label, sample.logit, 0.3).sensitivity


def test_a_threshold_that_is_no_number_is_an_error():
    with pytest.raises(ValueError, match="must be a number"):
        confusion([0, 1], [0.1, 0.9], np.nan)


def test_single_precision_scores_are_compared_as_they_are():
    assert confusion([1], np.array([0.7], dtype=np.float32), 0.7).tp == 0
    assert confusion([1], np.array([0.7], dtype=np.float32), float(np.float32(0.7))).tp == 1


@pytest.mark.parametrize("threshold", [-1.0, 0.0, 0.25, 0.5, 0.500001, 0.99, 1.0, 2.0, np.inf])
def test_looking_up_is_counting(sample, threshold):
    score = 1 / (1 + np.exp(-sample.logit))
    positive = score >= threshold
    assert at_all_thresholds(sample.label, score).at(threshold) == Confusion(
        tp=(positive & (sample.label == 1)).sum(),
        fp=(positive & (sample.label == 0)).sum(),
        fn=(~positive & (sample.label == 1)).sum(),
        tn=(~positive & (sample.label == 0)).sum(),
    )


def test_a_higher_threshold_never_calls_more_positive(sample):
    every = at_all_thresholds(sample.label, sample.logit)
    assert (np.diff(every.threshold) < 0).all()
    assert (np.diff(every.confusion.tp) >= 0).all() and (np.diff(every.confusion.fp) >= 0).all()
    assert every.threshold[0] == np.inf and every.confusion.tp[0] == every.confusion.fp[0] == 0


def test_measures_by_hand():
    counts = Confusion(tp=6, fp=1, fn=2, tn=3)
    assert counts.sensitivity == counts.recall == 6 / 8
    assert counts.specificity == 3 / 4
    assert counts.ppv == counts.precision == 6 / 7
    assert counts.npv == 3 / 5
    assert counts.accuracy == 9 / 12
    assert counts.f1 == 12 / 15


def test_f1_is_undefined_only_when_there_is_nothing_to_find_and_nothing_found():
    assert np.isnan(Confusion(tp=0, fp=0, fn=0, tn=5).f1)
    assert Confusion(tp=0, fp=1, fn=0, tn=5).f1 == 0
