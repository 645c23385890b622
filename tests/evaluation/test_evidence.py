import numpy as np
import pandas as pd
import pytest

from cxr_models.errors import TableRefused
from cxr_models.evaluation import evidence
from cxr_models.evaluation.summary import Point

PATIENT = np.array([f"p{place}" for place in range(200)])
LABEL = np.tile([0, 1], 100)


def test_a_number_that_only_tells_the_label_does_not_go_with_the_logit_within_classes():
    rng = np.random.default_rng(0)
    number, logit = LABEL + 0.01 * rng.normal(size=200), 4.0 * LABEL + rng.normal(size=200)
    assert abs(np.corrcoef(number, logit)[0, 1]) > 0.8
    found = evidence.within_class(number, logit, LABEL, PATIENT)
    assert found.low < 0 < found.high and abs(found.value) < 0.2


def test_within_class_is_spearman_s_coefficient_and_its_interval_holds_it():
    logit = np.random.default_rng(1).normal(size=200)
    found = evidence.within_class(np.exp(logit), logit, LABEL, PATIENT)
    assert found.value == pytest.approx(1) and found.low == pytest.approx(1)
    assert evidence.within_class(-logit, logit, LABEL, PATIENT).value == pytest.approx(-1)


def test_a_class_of_two_pictures_has_no_correlation():
    assert np.isnan(evidence.within_class(np.arange(4.0), np.arange(4.0), np.array([0, 0, 1, 1]), PATIENT[:4]).value)


def test_subtypes_are_counted_apart():
    table = pd.DataFrame(
        {"split": "test", "label": [1, 1, 1, 0], "subtype": ["virus", "bacteria", "bacteria", "normal"],
         "patient": list("abcd"), "student": [-1.0, 1.0, 1.0, 5.0]}
    )  # fmt: skip
    found = evidence.sensitivity_by_subtype(table, "student", Point(1.0, 0.5), split="test")
    assert {name: it.value for name, it in found.items()} == {"virus": 0.0, "bacteria": 1.0}


def test_a_model_that_was_not_run_is_left_out():
    table = pd.DataFrame(
        {"split": "test", "label": [0, 1], "patient": list("ab"), "student": [0.0, 1.0], "teacher": np.nan}
    )
    assert list(evidence.aucs(table, ("student", "teacher"), split="test")) == ["student"]


def test_a_table_without_global_numbers_is_refused():
    with pytest.raises(TableRefused, match="global numbers"):
        evidence.global_numbers(pd.DataFrame(columns=["file", "split", "subtype", "patient", "label", "baseline"]))
