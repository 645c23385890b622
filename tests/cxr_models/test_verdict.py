"""The words of a verdict."""

import pytest

from cxr_models.evaluation.operating_point import Threshold
from cxr_models.verdict import agreement, judge


def test_the_threshold_itself_is_positive():
    assert judge(0.5, Threshold(0.5, 0.4, 0.6)).positive


def test_a_negative_says_that_nothing_else_was_looked_for():
    said = judge(0.2, Threshold(0.5, 0.4, 0.6))
    assert said.words == "No pneumonia suspected; nothing else was looked for · score 0.20 · threshold 0.50"
    assert said.flip == "0.30 below the threshold; becomes suspected at a threshold of 0.20 or lower."


@pytest.mark.parametrize(("score", "close"), [(0.39, False), (0.4, True), (0.6, True), (0.61, False)])
def test_too_close_inside_the_interval_ends_included(score, close):
    said = judge(score, Threshold(0.5, 0.4, 0.6))
    assert said.too_close is close
    assert said.closeness.startswith("Too close to call") is close


def test_a_threshold_set_by_hand_has_no_interval():
    assert not judge(0.5, Threshold(0.5, 0.5, 0.5)).too_close


def test_a_score_just_below_the_threshold_does_not_look_equal():
    assert judge(0.6199, Threshold(0.6201, 0, 1)).numbers == "score 0.6199 · threshold 0.6201"


@pytest.mark.parametrize(
    ("score", "threshold", "numbers", "flip"),
    [
        (0.999997, 0.599, "score above 0.99 · threshold 0.60",
         "more than 0.40 above the threshold; stays suspected up to a threshold above 0.99."),
        (0.9999999999, 0.6, "score above 0.99 · threshold 0.60",
         "more than 0.39 above the threshold; stays suspected up to a threshold above 0.99."),
        (0.00001, 0.6, "score below 0.01 · threshold 0.60",
         "more than 0.59 below the threshold; becomes suspected at a threshold below 0.01."),
        (0.004, 0.0, "score below 0.01 · threshold 0.00",
         "less than 0.01 above the threshold; stays suspected up to a threshold below 0.01."),
        (0.9996, 0.9984, "score above 0.999 · threshold 0.998",
         "more than 0.001 above the threshold; stays suspected up to a threshold above 0.999."),
    ],
)  # fmt: skip
def test_a_score_near_its_end_is_short_and_never_certain(score, threshold, numbers, flip):
    said = judge(score, Threshold(threshold, threshold, threshold))
    assert (said.numbers, said.flip) == (numbers, flip)


def test_disagreement_and_closeness_in_one_line():
    yes, no = judge(0.9, Threshold(0.5, 0.4, 0.6)), judge(0.45, Threshold(0.5, 0.4, 0.6))
    assert agreement({"A": yes, "B": no, "C": no}) == (
        "The models disagree: A suspects pneumonia, B and C do not. Too close to call for B and C."
    )
    assert agreement({"A": yes, "B": yes, "C": yes}) == "All 3 models suspect pneumonia."
    assert agreement({"A": yes, "B": yes}) == "Both models suspect pneumonia."
    assert agreement({"A": yes}) == "A suspects pneumonia."
