import time
import tracemalloc

import numpy as np
import pytest

from cxr_models.errors import TableRefused
from cxr_models.evaluation import bootstrap
from cxr_models.evaluation.confusion import at_all_thresholds
from cxr_models.evaluation.operating_point import (
    NAMED,
    RESAMPLES,
    Rule,
    at_sensitivity,
    at_specificity,
    bootstrap_threshold,
    least_cost,
    youden,
)


def on_the_rows(label: list[int], score: list[float], rule: Rule) -> float:
    """The rule's threshold on the rows themselves: one patient, who is in every resample once."""
    return bootstrap_threshold(label, score, ["a"] * len(label), rule, resamples=1).value


LABEL = [0, 0, 0, 1, 0, 1, 1, 1]
SCORE = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8]


@pytest.mark.parametrize(
    ("rule", "threshold"),
    [
        (youden, 0.4),  # .4 and .6 both reach .75: the lower one misses fewer
        (at_sensitivity(0.75), 0.6),
        (at_sensitivity(0.76), 0.4),
        (at_sensitivity(0.0), 0.8),
        (at_sensitivity(1.0), 0.4),
        (at_specificity(0.75), 0.4),
        (at_specificity(0.76), 0.6),
        (at_specificity(0.0), 0.1),
        (at_specificity(1.0), 0.6),
        (least_cost(1.0, prevalence=0.5), 0.4),
        (least_cost(1.0, prevalence=0.1), 0.6),
        (least_cost(100.0, prevalence=0.5), 0.4),
        (least_cost(9.0, prevalence=0.1), 0.4),  # .1 * 9 = .9: the same weights as at even odds, so a tie
    ],
)
def test_rule_by_hand(rule, threshold):
    assert on_the_rows(LABEL, SCORE, rule) == threshold


def brute_force(label: np.ndarray, score: np.ndarray, name: str) -> float:
    """A named point on the rows themselves, by trying every score."""
    scores = np.unique(score)
    sensitivity = np.array([(score[label == 1] >= threshold).mean() for threshold in scores])
    specificity = np.array([(score[label == 0] < threshold).mean() for threshold in scores])
    gain = sensitivity + specificity
    balanced = scores[gain >= gain.max() - 1e-12].min()
    if name == "sensitive":
        return min(balanced, scores[sensitivity >= 0.97].max())
    if name == "specific":
        reaching = scores[specificity >= 0.97]
        return max(balanced, reaching.min() if reaching.size else scores.max())
    return balanced


@pytest.mark.parametrize("noise", [0.0, 1.0, 3.0])
@pytest.mark.parametrize("name", NAMED)
def test_named_points_are_those_of_brute_force_in_every_draw(sample, name, noise):
    """Two copies of each picture, as stressed and restyled ones are, of which a draw holds both or neither."""
    random = np.random.default_rng(4)
    label, patient = np.tile(sample.label, 2), np.tile(sample.patient, 2)
    score = np.concatenate([sample.logit, sample.logit - 0.3]) + noise * random.normal(size=label.size)
    chosen = []
    for weight in bootstrap.row_weights(patient, resamples=150, seed=3):
        assert (weight[: sample.label.size] == weight[sample.label.size :]).all()
        drawn = np.repeat(np.arange(weight.size), weight)
        chosen.append(brute_force(label[drawn], score[drawn], name))
    found = bootstrap_threshold(label, score, patient, NAMED[name], resamples=150, seed=3)
    assert [found.low, found.value, found.high] == np.quantile(chosen, [0.05, 0.5, 0.95]).tolist()


@pytest.mark.parametrize("noise", [0.0, 1.0, 3.0])
def test_named_points_keep_their_order(sample, noise):
    score = sample.logit + noise * np.random.default_rng(5).normal(size=sample.label.size)
    sensitive, balanced, specific = (
        bootstrap_threshold(sample.label, score, sample.patient, NAMED[name], resamples=300)
        for name in ("sensitive", "balanced", "specific")
    )
    for end in ("low", "value", "high"):
        assert getattr(sensitive, end) <= getattr(balanced, end) <= getattr(specific, end)


@pytest.mark.parametrize(
    "rule",
    [youden, at_sensitivity(0.97), at_sensitivity(0), at_specificity(0.9), at_specificity(1)]
    + [least_cost(5, prevalence=0.1), least_cost(1e-6, prevalence=0.1)],
)
def test_bootstrap_is_the_naive_one(sample, rule):
    """Repeat the rows of each resample for real, choose there, and take the percentiles."""
    chosen = []
    for weight in bootstrap.row_weights(sample.patient, resamples=60, seed=3):
        drawn = np.repeat(np.arange(weight.size), weight)
        chosen.append(on_the_rows(sample.label[drawn], sample.logit[drawn], rule))
    found = bootstrap_threshold(sample.label, sample.logit, sample.patient, rule, resamples=60, seed=3)
    assert [found.low, found.value, found.high] == np.quantile(chosen, [0.05, 0.5, 0.95]).tolist()


def test_equals_that_rounding_parts_are_equals():
    """.3 + 1.0 at .9 and .6 + .7 at .5 are both 1.3, but not in floating point: the lower one still wins."""
    label = [1] * 3 + [1] * 3 + [0] * 3 + [1] * 4 + [0] * 7
    score = [0.9] * 3 + [0.5] * 6 + [0.1] * 11
    assert 0.3 + 1.0 > 0.6 + 0.7
    assert on_the_rows(label, score, youden) == 0.5


@pytest.mark.parametrize("wish", [0.5, 0.9, 0.97, 0.999, 1.0])
def test_wish_is_reached_and_the_next_threshold_would_not_do(sample, wish):
    every = at_all_thresholds(sample.label, sample.logit)
    threshold = on_the_rows(sample.label, sample.logit, at_sensitivity(wish))
    assert every.at(threshold).sensitivity >= wish
    assert every.at(np.nextafter(threshold, np.inf)).sensitivity < wish


def test_unreachable_wish_is_said_with_the_nearest():
    label, score = [0, 1, 0, 1, 0], [0.1, 0.2, 0.3, 0.4, 0.95]
    found = bootstrap_threshold(label, score, ["a"] * 5, at_specificity(0.9))
    assert found.value == 0.95
    assert found.note == (
        "No threshold reaches a specificity of at least 0.9 on these 5 pictures; "
        "the nearest is 0.667 at the threshold 0.950."
    )


def test_wish_that_costs_everything_is_said():
    label, score = [1, 0, 0, 1], [0.1, 0.2, 0.3, 0.4]
    found = bootstrap_threshold(label, score, ["a"] * 4, at_sensitivity(0.97))
    assert found.value == 0.1
    assert found.note == (
        "A sensitivity of at least 0.97 is reached on these 4 pictures only at the price of a specificity of 0."
    )


@pytest.mark.parametrize("rule", [youden, at_sensitivity(0.97), at_sensitivity(1.0), at_specificity(0.75)])
def test_no_note_for_a_wish_that_is_reached_if_only_just(rule):
    assert bootstrap_threshold(LABEL, SCORE, ["a"] * 8, rule, resamples=10).note == ""


@pytest.mark.parametrize("rule", [youden, at_sensitivity(0.97), at_specificity(0.97), least_cost(1, prevalence=0.1)])
def test_all_scores_equal_leave_one_threshold(rule):
    found = bootstrap_threshold([0, 1, 0, 1], [0.3] * 4, list("abcd"), rule)
    assert (found.low, found.value, found.high) == (0.3, 0.3, 0.3)


@pytest.mark.parametrize(("label", "name"), [(0, "normals"), (1, "pneumonias")])
def test_one_class_is_refused(label, name):
    with pytest.raises(TableRefused, match=f"these 3 pictures are all {name}"):
        bootstrap_threshold([label] * 3, [0.1, 0.2, 0.3], list("abc"), youden)


@pytest.mark.parametrize("make", [at_sensitivity, at_specificity, lambda it: least_cost(1, prevalence=it)])
@pytest.mark.parametrize("share", [-0.1, 1.1, float("nan")])
def test_share_out_of_range_is_an_error(make, share):
    with pytest.raises(ValueError, match="between 0 and 1"):
        make(share)


def test_a_miss_costs_something():
    with pytest.raises(ValueError, match="more than 0 false alarms"):
        least_cost(0, prevalence=0.1)


def test_the_interval_repeats_with_its_seed(sample):
    label, logit = (
        sample.label,
        sample.logit + np.linspace(0, 0.01, sample.label.size),
    )  # no ties: it can move
    once, again, other = (bootstrap_threshold(label, logit, sample.patient, youden, seed=seed) for seed in (1, 1, 2))
    assert once == again != other
    assert once.low <= once.value <= once.high


def test_a_dial_can_afford_it():
    random = np.random.default_rng(0)
    label, score, patient = random.integers(0, 2, 630), random.random(630), random.integers(0, 450, 630)
    start = time.perf_counter()
    bootstrap_threshold(label, score, patient, at_sensitivity(0.97), resamples=1000)
    assert time.perf_counter() - start < 3


def test_a_named_point_of_two_copies_of_validation_takes_seconds_and_little_memory():
    random = np.random.default_rng(0)
    label, score, patient = random.integers(0, 2, 1340), random.random(1340), random.integers(0, 370, 1340)
    start = time.perf_counter()
    tracemalloc.start()
    bootstrap_threshold(label, score, patient, NAMED["sensitive"], resamples=RESAMPLES)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert time.perf_counter() - start < 20 and peak < 100e6
