"""What is said of a model follows its numbers."""

from dataclasses import replace

import pytest

from cxr_models.evaluation.calibration import Calibration
from cxr_models.evaluation.comparison import Difference
from cxr_models.evaluation.confusion import Confusion
from cxr_models.evaluation.intervals import Interval
from cxr_models.evaluation.speed import Speed, Spread
from cxr_models.evaluation.tradeoff import Candidate, characters, front, front_in_words

GOOD = Calibration(Interval(0.05, 0.04, 0.06), Interval(1.0, 0.9, 1.1), Interval(0.0, -0.2, 0.2))


def candidate(title: str, auc: float, size: int, milliseconds: float | None, counts: Confusion) -> Candidate:
    spread = milliseconds and Spread(milliseconds, milliseconds, milliseconds)
    rate = Interval(0.9, 0.8, 1.0)
    return Candidate(
        title=title,
        threshold=0.5,
        sensitivity=rate,
        specificity=rate,
        auc=Interval(auc, auc - 0.01, auc + 0.01),
        counts=counts,
        calibration=GOOD,
        parameters=size // 2,
        size=size,
        speed=spread and Speed(spread, spread, 10),
    )


SMALL = candidate("Small", 0.95, 180_000, 10, Confusion(tp=90, fn=10, fp=1, tn=49))
LARGE = candidate("Large", 0.98, 48_000_000, 100, Confusion(tp=99, fn=1, fp=5, tn=45))
WORSE = candidate("Worse", 0.94, 60_000_000, 200, Confusion(tp=80, fn=20, fp=9, tn=41))
ALL = {"small": SMALL, "large": LARGE, "worse": WORSE}


def difference(measure: str, p_holm: float) -> Difference:
    return Difference(measure, "small", "large", 150, -0.03, -0.05, -0.01, 0.01, 0.01, p_holm=p_holm, pairs=1)


@pytest.mark.parametrize(("cost", "cheaper"), [("size", "smaller"), ("milliseconds", "faster")])
def test_the_front_is_whom_nobody_beats_on_both_counts(cost, cheaper):
    assert front(ALL, cost) == ("small", "large")
    said = front_in_words(ALL, cost)
    assert (
        "than Small and Large." in said
        and f"Worse is neither {cheaper} nor higher in AUC than Small and Large." in said
    )


def test_a_model_that_is_better_and_cheaper_stands_alone_on_the_front():
    best = replace(SMALL, auc=Interval(0.99, 0.98, 1.0))
    assert front({**ALL, "small": best}, "size") == ("small",)


def test_equals_share_the_front():
    assert set(front({"one": SMALL, "other": SMALL}, "size")) == {"one", "other"}


def test_an_unknown_cost_is_left_out():
    unknown = replace(WORSE, speed=None)
    assert "Worse" not in front_in_words({**ALL, "worse": unknown}, "milliseconds")
    assert front_in_words({"worse": unknown}, "milliseconds") == ""


def test_size_and_speed_are_led_by_one_model_only():
    said = characters(ALL, [])
    assert said["small"].strengths == (
        "the smallest, 90,000 parameters in 0.18 MB",
        "the fastest, 10 ms a verdict",
        "its scores are calibrated as far as these pictures can tell",
    )
    assert said["large"].strengths == said["small"].strengths[2:]


@pytest.mark.parametrize(
    ("measure", "word"), [("auc", "AUC"), ("sensitivity", "sensitivity"), ("specificity", "specificity")]
)
@pytest.mark.parametrize(("value", "higher", "lower"), [(-0.03, "large", "small"), (0.03, "small", "large")])
def test_a_significant_difference_speaks_for_one_and_against_the_other(measure, word, value, higher, lower):
    said = characters(ALL, [replace(difference(measure, 0.01), value=value)])
    titles = {"small": "Small", "large": "Large"}
    for_it = f"a higher {word} than {titles[lower]} (p < .05 after Holm's correction)"
    assert for_it in said[higher].strengths and for_it.replace("higher", "lower") not in said[higher].weaknesses
    against = f"a lower {word} than {titles[higher]} (p < .05 after Holm's correction)"
    assert against in said[lower].weaknesses and not any("higher" in it for it in said[lower].strengths)
    assert not any("higher" in it or "lower" in it for it in said["worse"].strengths + said["worse"].weaknesses[1:])


@pytest.mark.parametrize("p_holm", [0.05, 0.2, float("nan")])
def test_a_difference_that_is_not_significant_speaks_for_and_against_nobody(p_holm):
    tested = characters(ALL, [difference(measure, p_holm) for measure in ("auc", "sensitivity", "specificity")])
    assert tested == characters(ALL, [])


def test_those_it_differs_from_in_one_measure_are_named_together():
    pairs = [difference("sensitivity", 0.01), replace(difference("sensitivity", 0.02), second="worse", value=0.2)]
    pairs.append(replace(difference("sensitivity", 0.03), first="worse", second="large", value=-0.2))
    said = characters(ALL, pairs)
    assert said["large"].strengths[0].startswith("a higher sensitivity than Small and Worse (")
    assert said["small"].weaknesses[0].startswith("a lower sensitivity than Large (")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"elsewhere": Interval(0.45, 0.4, 0.52)}, "not shown to be better than a coin toss"),
        ({"elsewhere": Interval(0.55, 0.49, 0.62)}, "not shown to be better than a coin toss"),
        ({"elsewhere": Interval(0.42, 0.36, 0.49)}, "gives normals the higher scores"),
        ({"lungs_black": Interval(0.8, 0.7, 0.9)}, "chest blacked out"),
        ({"calibration": replace(GOOD, slope=Interval(0.8, 0.7, 0.9))}, "too sure"),
        ({"calibration": replace(GOOD, intercept=Interval(-0.5, -0.8, -0.2))}, "too high"),
        ({"calibration": replace(GOOD, intercept=Interval(0.5, 0.2, 0.8))}, "too low"),
    ],
)
def test_weaknesses_follow_the_intervals(change, words):
    assert not any(words in it for it in characters(ALL, [])["small"].weaknesses)
    assert any(words in it for it in characters({**ALL, "small": replace(SMALL, **change)}, [])["small"].weaknesses)
