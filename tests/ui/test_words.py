"""Numbers as they stand on screen."""

import math

import pytest

from cxr_models.evaluation.intervals import Interval
from ui import words

UNDEFINED = Interval(math.nan, math.nan, math.nan)


def test_an_undefined_measure_is_a_dash():
    assert words.percent(math.nan) == words.percent_interval(UNDEFINED) == words.share_interval(UNDEFINED) == "–"


def test_intervals_stand_in_brackets():
    it = Interval(0.9307, 0.904, 1.0)
    assert words.percent_interval(it) == "93.1 % (90.4 to 100.0)"
    assert words.share_interval(it) == ".931 (.904 to 1.000)"


def test_a_share_of_all_or_none_says_whose_interval_it_has():
    assert words.percent_interval(Interval(1.0, 0.981, 1.0)) == "100.0 % (98.1 to 100.0, Wilson)"
    assert words.per_hundred_interval(Interval(0.0, 0.0, 0.019)) == "0.0 (0.0 to 1.9, Wilson)"


def test_an_auc_of_one_says_whose_interval_it_has():
    assert words.auc_interval(Interval(1.0, 0.985, 1.0)) == "1.000 (.985 to 1.000, Newcombe)"
    assert words.auc_interval(Interval(0.9307, 0.904, 1.0)) == ".931 (.904 to 1.000)"


def test_an_interval_without_width_or_ends_is_none():
    assert words.auc_interval(Interval(0.5, 0.5, 0.5)) == ".500 (no interval)"
    assert words.share_interval(Interval(1.0, math.nan, math.nan)) == "1.000 (no interval)"
    assert words.percent_interval(Interval(0.5, 0.5, 0.5)) == "50.0 % (no interval)"
    assert words.number_interval(Interval(0.0, 0.0, 0.0)) == "0.00 (no interval)"


def test_a_number_has_a_true_minus_and_zero_has_none():
    assert (words.number(-0.644), words.number(-0.001), words.number(12.6, decimals=0)) == ("−0.64", "0.00", "13")


def test_sizes_and_counts():
    assert words.megabytes(180_354) == "0.18 MB"
    assert words.megabytes(47_158_386) == "47.2 MB"
    assert words.many(23_508_032) == "23,508,032"
    assert (words.plain_percent(0.07), words.plain_percent(0.975)) == ("7 %", "97.5 %")
    assert (words.roughly(89_281), words.roughly(1_845_737), words.roughly(4_087_138_304)) == (
        "89,281",
        "1.85 million",
        "4,087 million",
    )


@pytest.mark.parametrize(
    ("p", "said"),
    [
        (0.0312, "p = .031"),
        (0.0004, "p < .001"),
        (0.04998, "p = .04998"),
        (0.0503, "p = .050"),
        (1.0, "p = 1.0"),
        (float("nan"), "p undefined"),
    ],
)
def test_a_p_value_is_written_as_papers_do(p, said):
    assert words.p_value(p) == said
