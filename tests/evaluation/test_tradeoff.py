"""The sentence of a model follows its numbers."""

from dataclasses import replace

from cxr_models.evaluation.comparison import Difference
from cxr_models.evaluation.confusion import Confusion
from cxr_models.evaluation.intervals import Interval
from cxr_models.evaluation.tradeoff import Candidate, sentences

SMALL = Candidate("Small", Interval(0.95, 0.93, 0.97), 90_000, 180_000, Confusion(tp=90, fn=10, fp=1, tn=49))
LARGE = Candidate("Large", Interval(0.98, 0.97, 0.99), 23_000_000, 47_000_000, Confusion(tp=99, fn=1, fp=5, tn=45))


def auc_difference(p_holm: float) -> Difference:
    return Difference("auc", "small", "large", 150, -0.03, -0.05, -0.01, 0.01, 0.01, p_holm=p_holm, pairs=1)


def test_size_auc_and_errors_are_said():
    said = sentences({"small": SMALL, "large": LARGE}, [auc_difference(0.01)])
    assert said["small"] == (
        "Small is the smallest (90,000 parameters, 0.18 MB); its AUC of 0.950 is 0.030 below that of Large, more than "
        "chance explains; it misses 10 of 100 pneumonias and raises 1 false alarm on 50 normals."
    )
    assert said["large"] == (
        "Large has 256 times the parameters of Small (47 MB); it has the highest AUC, 0.980; it misses 1 of 100 "
        "pneumonias and raises 5 false alarms on 50 normals."
    )


def test_a_difference_within_chance_is_called_so():
    assert (
        "not more than chance explains" in sentences({"small": SMALL, "large": LARGE}, [auc_difference(0.2)])["small"]
    )


def test_without_a_comparison_nothing_is_said_of_chance():
    assert "chance" not in sentences({"small": SMALL, "large": LARGE}, [])["small"]


def test_the_numbers_decide_who_is_best():
    better = replace(SMALL, auc=Interval(0.99, 0.98, 1.0))
    assert "Small is the smallest" in sentences({"small": better, "large": LARGE}, [])["small"]
    assert "it has the highest AUC, 0.990" in sentences({"small": better, "large": LARGE}, [])["small"]
