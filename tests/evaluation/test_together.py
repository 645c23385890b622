import numpy as np
import pandas as pd
import pytest

from cxr_models.errors import TableRefused
from cxr_models.evaluation import comparison, scores, summary, together
from cxr_models.evaluation.operating_point import at_sensitivity, bootstrap_threshold, youden
from cxr_models.evaluation.summary import Point

TEMPERATURES = {"base_cnn": 2.0, "student": 1.0, "resnet50": 0.5}


@pytest.fixture
def with_stress(table):
    """The test rows once more as stressed validation, with other logits."""
    stressed = table.assign(split="stressed", base_cnn=table["base_cnn"] - 0.4)
    return together.with_column(pd.concat([table, stressed], ignore_index=True), TEMPERATURES)


def test_the_mean_is_of_calibrated_logits(table):
    found = together.with_column(table, TEMPERATURES)[together.NAME]
    expected = (table["base_cnn"] / 2 + table["student"] + 2 * table["resnet50"]) / 3
    np.testing.assert_allclose(found, expected)
    assert together.NAME not in table


def test_its_score_is_the_geometric_mean_of_the_odds(table):
    found = scores.score(together.with_column(table, TEMPERATURES)[together.NAME], together.TEMPERATURE)
    odds = [p / (1 - p) for p in (scores.score(table[model], t) for model, t in TEMPERATURES.items())]
    np.testing.assert_allclose(found / (1 - found), np.prod(odds, axis=0) ** (1 / 3))


def test_its_threshold_is_chosen_on_the_rows_that_choose_every_threshold(with_stress):
    rows = scores.choosing_rows(with_stress, together.NAME)
    for rule in (youden, at_sensitivity(0.95)):
        expected = bootstrap_threshold(rows.label, scores.score(rows.logit, 1.0), rows.patient, rule)
        assert together.point(with_stress, rule=rule) == Point(together.TEMPERATURE, expected.value)
    moved = with_stress.copy()
    moved.loc[moved["split"] == "test", together.NAME] += 5
    assert together.point(moved) == together.point(with_stress)


def test_existing_functions_read_the_column(with_stress):
    points = {"base_cnn": Point(2.0, 0.5), together.NAME: together.point(with_stress)}
    tidy = summary.measures(with_stress, points, split="test", resamples=50)
    assert tidy.loc[tidy["model"] == together.NAME, "value"].notna().all()
    pairs = comparison.differences(with_stress, points, split="test", resamples=50)
    assert [(it.first, it.second) for it in pairs] == [("base_cnn", together.NAME)] * 3


def test_a_model_that_was_not_run_leaves_the_column_empty(table):
    found = together.with_column(table, TEMPERATURES | {"teacher": 1.0})
    assert found[together.NAME].isna().all() and not scores.was_run(found, "test", together.NAME)


def test_what_has_no_mean_is_refused(table):
    with pytest.raises(TableRefused, match="no column nobody"):
        together.with_column(table, {"nobody": 1.0})
    with pytest.raises(ValueError, match="at least one"):
        together.with_column(table, {})
    with pytest.raises(ValueError, match="above 0"):
        together.with_column(table, {"base_cnn": 0.0})
