"""The brief's figures: every compared model, and what their counts say about how they came about."""

import pytest

from cxr_models import zoo
from cxr_models.errors import TableRefused
from cxr_models.evaluation import published
from cxr_models.paths import PUBLISHED


def test_every_compared_model_has_figures_with_a_source():
    figures = published.load(PUBLISHED)
    assert set(figures) == set(zoo.COMPARED)
    for it in figures.values():
        assert set(it.values) == set(published.MEASURES) and all(0 < value < 1 for value in it.values.values())
        assert it.auc_from in ("scores", published.HARD_LABELS) and it.recall_of in ("pneumonia", "normal")
        assert it.source


def test_two_aucs_came_from_hard_labels_and_the_student_was_large():
    figures = published.load(PUBLISHED)
    assert [it.auc_from for it in figures.values()].count(published.HARD_LABELS) == 2
    assert round(figures["student"].parameters / 1e6) == 103


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(TableRefused, match="published figures"):
        published.load(tmp_path / "published.csv")
