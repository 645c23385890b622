"""Styles by class and errors by style are counts of the tables."""

import numpy as np
import pandas as pd
import pytest

from cxr_models.errors import TableRefused
from cxr_models.evaluation import intervals, mistakes, styles
from cxr_models.evaluation.summary import Point


@pytest.fixture
def table() -> pd.DataFrame:
    """Style 1: 6 normal, 2 pneumonia; style 2: 1 and 3; style 10: training only."""
    style = ["1"] * 8 + ["2"] * 4 + ["10"]
    label = [0] * 6 + [1] * 2 + [0] + [1] * 3 + [1]
    rows = pd.DataFrame({"file": [f"{place}.jpeg" for place in range(13)], "style": style, "label": label})
    marker = np.where(rows["style"] == "2", "text", "none")
    return rows.assign(split=["test"] * 12 + ["train"], subtype="x", patient=rows["file"], marker=marker)


def judged(table: pd.DataFrame, logit: list[float]) -> mistakes.Judged:
    rows = table[table["split"] == "test"].assign(student=logit)
    return mistakes.judge(rows, {"student": Point(1.0, 0.5)}, split="test")


def test_every_style_has_a_row_on_every_split_in_the_order_of_its_number(table):
    found = styles.by_class(table, split="test")
    assert found.index.tolist() == ["1", "2", "10"]
    assert found[["normal", "pneumonia"]].to_numpy().tolist() == [[6, 2], [1, 3], [0, 0]]
    wanted = intervals.wilson(3, 4)
    assert tuple(found.loc["2", ["value", "low", "high"]]) == (wanted.value, wanted.low, wanted.high)
    assert np.isnan(found.loc["10", "value"])


def test_markers_are_counted_in_the_same_way(table):
    found = styles.by_class(table, split="test", by="marker")
    assert found["normal"].to_dict() == {"none": 6, "text": 1}


def test_errors_are_counted_by_style_with_an_interval(table):
    logit = [-1, -1, -1, -1, 1, 1, 1, -1, 1, 1, 1, 1]
    found = styles.errors(table, judged(table, logit)).set_index(["kind", "group"])
    assert found["errors"].to_dict() == {
        ("false_alarm", "1"): 2, ("false_alarm", "2"): 1, ("missed", "1"): 1, ("missed", "2"): 0,
    }  # fmt: skip
    assert found["images"].to_dict()[("false_alarm", "1")] == 6
    some = found.loc[("false_alarm", "1")]
    assert some["low"] <= some["value"] == pytest.approx(2 / 6) and some["value"] <= some["high"]
    none, wanted = found.loc[("missed", "2")], intervals.wilson(0, 3)
    assert (none["value"], none["low"]) == (0, 0) and none["high"] == pytest.approx(wanted.high)


def test_an_image_without_a_style_is_refused(table):
    with pytest.raises(TableRefused, match="lacks 1 of the 12 images, the first of them 0.jpeg"):
        styles.errors(table.iloc[1:], judged(table, [0.0] * 12))
