"""What each model costs and what one gets for it, in words that are derived from the numbers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cxr_models.evaluation.calibration import Calibration
from cxr_models.evaluation.comparison import SIGNIFICANT, Difference
from cxr_models.evaluation.confusion import Confusion
from cxr_models.evaluation.intervals import Interval
from cxr_models.evaluation.speed import Speed

COSTS = ("milliseconds", "size")
AXES = {"milliseconds": "Milliseconds a verdict", "size": "File in MB"}
UNITS = {"milliseconds": (1, "ms"), "size": (1e6, "MB")}
COIN_TOSS = 0.5


@dataclass(frozen=True)
class Candidate:
    """One model to choose between others, all judged on the same pictures.

    sensitivity, specificity, counts: at the threshold in question. parameters: numbers it learned; size: its file in
    bytes; core_hours: of training. None where its table does not exist or it was not stated: elsewhere, lungs_black
    (the AUC at the other hospital, and with the lungs blacked out), speed, core_hours.
    """

    title: str
    threshold: float
    sensitivity: Interval
    specificity: Interval
    auc: Interval
    counts: Confusion
    calibration: Calibration
    parameters: int
    size: int
    core_hours: float | None = None
    elsewhere: Interval | None = None
    lungs_black: Interval | None = None
    speed: Speed | None = None

    def cost(self, of: str) -> float | None:
        """One of `COSTS`: median milliseconds for a verdict without heat map, or bytes."""
        return self.size if of == "size" else self.speed and self.speed.score.median


@dataclass(frozen=True)
class Character:
    """What speaks for a model and what against it, a sentence each."""

    strengths: tuple[str, ...]
    weaknesses: tuple[str, ...]


def front(candidates: Mapping[str, Candidate], cost: str) -> tuple[str, ...]:
    """The models for which no other has at least their AUC at no more cost and is better in one of the two (the Pareto
    front), cheapest first. A model without that cost is left out.
    """
    places = {name: (it.cost(cost), -it.auc.value) for name, it in candidates.items() if it.cost(cost) is not None}

    def beaten(name: str) -> bool:
        mine = places[name]
        return any(other != mine and all(a <= b for a, b in zip(other, mine, strict=True)) for other in places.values())

    return tuple(sorted((name for name in places if not beaten(name)), key=lambda name: places[name]))


def front_in_words(candidates: Mapping[str, Candidate], cost: str) -> str:
    """Which models are on the front, and which are beaten by which; empty where the cost is known of none.

    Intervals of the AUC are wide: the sentence is about the values, and `comparison` says what chance explains.
    """
    on = front(candidates, cost)
    if not on:
        return ""
    cheaper = {"milliseconds": "faster", "size": "smaller"}[cost]
    titles = _listed([candidates[name].title for name in on])
    said = f"By the values alone, no model is both {cheaper} and higher in AUC than {titles}."
    for name, it in candidates.items():
        if name not in on and it.cost(cost) is not None:
            by = [candidates[other].title for other in on if _beats(candidates[other], it, cost)]
            said += f" {it.title} is neither {cheaper} nor higher in AUC than {_listed(by)}."
    return said


def characters(candidates: Mapping[str, Candidate], differences: Sequence[Difference]) -> dict[str, Character]:
    """By model, its strengths and weaknesses against the others.

    differences: from `comparison.differences` on the same images. Of AUC, sensitivity and specificity only a difference
    that was tested and is significant after Holm's correction speaks for one model and against the other.
    """
    return {
        name: Character(
            strengths=tuple(_leads(name, candidates, differences)),
            weaknesses=tuple(_lacks(name, candidates, differences)),
        )
        for name in candidates
    }


def _leads(name: str, candidates: Mapping[str, Candidate], differences: Sequence[Difference]) -> list[str]:
    it, said = candidates[name], _differs(name, "higher", candidates, differences)
    if _is_most(name, {other: -c.parameters for other, c in candidates.items()}):
        said.append(f"the smallest, {it.parameters:,} parameters in {it.size / 1e6:.3g} MB")
    if it.speed and _is_most(name, {other: -c.speed.score.median for other, c in candidates.items() if c.speed}):
        said.append(f"the fastest, {it.speed.score.median:.0f} ms a verdict")
    if _contains(it.calibration.slope, 1) and _contains(it.calibration.intercept, 0):
        said.append("its scores are calibrated as far as these pictures can tell")
    return said


def _lacks(name: str, candidates: Mapping[str, Candidate], differences: Sequence[Difference]) -> list[str]:
    it, said = candidates[name], _differs(name, "lower", candidates, differences)
    smallest = min(candidates.values(), key=lambda other: other.parameters)
    if it.parameters == max(other.parameters for other in candidates.values()) > smallest.parameters:
        times = it.parameters / smallest.parameters
        said.append(f"{times:.{0 if times >= 10 else 1}f} times the parameters of {smallest.title}")
    said += it.calibration.departures()
    if it.elsewhere and it.elsewhere.high < COIN_TOSS:
        said.append(f"gives normals the higher scores at the other hospital, AUC {_share(it.elsewhere)}")
    elif it.elsewhere and it.elsewhere.low <= COIN_TOSS:
        said.append(f"not shown to be better than a coin toss at the other hospital, AUC {_share(it.elsewhere)}")
    if it.lungs_black and it.lungs_black.low > COIN_TOSS:
        said.append(f"still tells the classes apart with the chest blacked out, AUC {_share(it.lungs_black)}")
    return said


def _beats(one: Candidate, other: Candidate, cost: str) -> bool:
    return one.cost(cost) <= other.cost(cost) and one.auc.value >= other.auc.value


def _is_most(name: str, values: Mapping[str, float]) -> bool:
    """Whether nobody else has as much; a shared lead is nobody's."""
    return all(values[name] > value for other, value in values.items() if other != name)


def _differs(
    name: str, direction: str, candidates: Mapping[str, Candidate], differences: Sequence[Difference]
) -> list[str]:
    """'a higher AUC than A and B (p < .05 after Holm's correction)', for each measure in which the model is 'higher' or
    'lower' than others by a significant difference."""
    others: dict[str, list[str]] = {}
    for it in differences:
        if name in (it.first, it.second) and it.p_holm < SIGNIFICANT:
            if ((it.value > 0) == (it.first == name)) == (direction == "higher"):
                others.setdefault(it.measure, []).append(it.second if it.first == name else it.first)
    return [
        f"a {direction} {'AUC' if measure == 'auc' else measure} than "
        f"{_listed([candidates[other].title for other in beaten])} (p < .05 after Holm's correction)"
        for measure, beaten in others.items()
    ]


def _contains(it: Interval, value: float) -> bool:
    return it.low <= value <= it.high


def _share(it: Interval) -> str:
    return f"{it.value:.3f}".removeprefix("0")


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
