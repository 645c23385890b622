"""A model card tells what was measured, and what was not."""

import pandas as pd
import pytest

from cxr_models.evaluation import scores
from cxr_models.paths import RESULTS
from train import cards, report


@pytest.fixture
def card():
    tidy, table = pd.read_csv(report.METRICS), scores.load(RESULTS / "scores.csv")
    return lambda: cards.model_card("student", tidy, table)


def test_another_hospital_is_a_row_where_it_was_read_and_unmet_where_not(card, monkeypatch, tmp_path):
    assert f"| {cards.OTHER} |" in card() and "| Test against other hospitals | met" in card()
    monkeypatch.setattr(cards, "EXTERNAL", tmp_path / "missing.csv")
    assert cards.OTHER not in card() and "| Test against other hospitals | not met" in card()
