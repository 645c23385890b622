import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from cxr_models.errors import TableRefused
from cxr_models.evaluation import decision, intervals, scores, summary
from cxr_models.evaluation.confusion import confusion
from cxr_models.evaluation.summary import Point

POINTS = {"base_cnn": Point(temperature=1.5, threshold=0.4), "teacher": Point(1.0, 0.5)}


@pytest.fixture
def tidy(table):
    return summary.measures(table, POINTS, split="test")


def test_columns_and_measures(tidy):
    assert tuple(tidy.columns) == summary.COLUMNS == ("split", "model", "measure", "value", "low", "high", "n")
    measures = ["tp", "fp", "fn", "tn", *intervals.MEASURES, "auc", "ppv_at_10%", "npv_at_10%"]
    assert tidy["measure"].tolist() == 2 * measures
    assert tidy["model"].unique().tolist() == ["base_cnn", "teacher"] and set(tidy["split"]) == {"test"}


def test_each_number_is_that_of_its_module(table, tidy):
    rows, found = (
        scores.rows(table, "test", "base_cnn"),
        tidy[tidy["model"] == "base_cnn"].set_index("measure"),
    )
    score = scores.score(rows.logit, 1.5)
    counts = confusion(rows.label, score, 0.4)
    for count in summary.COUNTS:
        assert found.loc[count, "value"] == getattr(counts, count)
    expected = intervals.at_threshold(rows.label, score, rows.patient, threshold=0.4)
    expected["auc"] = intervals.auc(rows.label, rows.logit, rows.patient)
    at_prevalence = decision.predictive_values(rows.label, score, rows.patient, threshold=0.4, prevalence=0.1)
    expected |= {"ppv_at_10%": at_prevalence.ppv, "npv_at_10%": at_prevalence.npv}
    for measure, it in expected.items():
        assert found.loc[measure, ["value", "low", "high"]].tolist() == [it.value, it.low, it.high]


def test_n_is_the_denominator(tidy):
    found = tidy[tidy["model"] == "base_cnn"].set_index("measure")
    tp, fp, fn, tn = found.loc[list(summary.COUNTS), "value"]
    right = {"sensitivity": tp, "specificity": tn, "ppv": tp, "npv": tn, "accuracy": tp + tn}
    for measure, count in right.items():
        assert found.loc[measure, "value"] == pytest.approx(count / found.loc[measure, "n"])
    assert found.loc[["tp", "auc", "ppv_at_10%"], "n"].tolist() == [200] * 3
    assert found.loc[["precision", "recall", "f1"], "n"].tolist() == [tp + fp, tp + fn, tp + fp + fn]


def test_a_model_that_was_not_run_keeps_its_rows(tidy):
    missing = tidy[tidy["model"] == "teacher"]
    assert missing[["value", "low", "high"]].isna().all(axis=None) and (missing["n"] == 0).all()


def test_auc_is_that_of_the_logits_where_scores_saturate(table):
    table["student"] = table["base_cnn"] + 1000
    found = summary.measures(table, {"student": Point(1.0, 0.5), "base_cnn": Point(1.0, 0.5)}, split="test")
    one, other = found.loc[found["measure"] == "auc", "value"]
    assert one == pytest.approx(other) and one > 0.6


def test_a_column_of_the_callers_own_can_be_summed_up(table):
    together = table.assign(together=table[["base_cnn", "student"]].mean(axis=1))
    found = summary.measures(together, {"together": Point(1.0, 0.5)}, split="test", prevalence=0.025)
    assert found["measure"].iloc[-1] == "npv_at_2.5%" and found["value"].notna().all()


def test_an_unknown_split_is_refused(table):
    with pytest.raises(TableRefused, match="no rows of the split val; it has test."):
        summary.measures(table, POINTS, split="val")


def test_the_same_table_gives_the_same_numbers(table, tidy):
    assert tidy.equals(summary.measures(table, POINTS, split="test"))
    other = summary.measures(table, POINTS, split="test", seed=1)
    assert not np.array_equal(tidy["low"], other["low"], equal_nan=True)


def test_evaluation_needs_neither_networks_nor_screens():
    folder = Path(summary.__file__).parent
    imports = ", ".join(f"cxr_models.evaluation.{file.stem}" for file in folder.glob("[a-z]*.py"))
    code = f"import sys, {imports}; print([it for it in ('torch', 'streamlit', 'plotly') if it in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
