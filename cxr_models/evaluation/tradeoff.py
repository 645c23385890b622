"""What each model costs and what one gets for it, in a sentence that is derived from the numbers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cxr_models.evaluation.comparison import SIGNIFICANT, Difference
from cxr_models.evaluation.confusion import Confusion
from cxr_models.evaluation.intervals import Interval


@dataclass(frozen=True)
class Candidate:
    """One model to choose between others. parameters: numbers it learned; size: its file in bytes; counts: at the
    threshold in question, on the same pictures for all."""

    title: str
    auc: Interval
    parameters: int
    size: int
    counts: Confusion


def sentences(candidates: Mapping[str, Candidate], differences: Sequence[Difference]) -> dict[str, str]:
    """By model: its size against the smallest, its AUC against the highest and whether that difference is more than
    chance, and its errors.

    differences: from `comparison.differences` on the same pictures; only those of the AUC are looked at. Where the pair
    was not compared, nothing is said of chance.
    """
    largest_auc = max(candidates, key=lambda name: candidates[name].auc.value)
    smallest = min(candidates, key=lambda name: candidates[name].parameters)
    pairs = {frozenset((it.first, it.second)): it for it in differences if it.measure == "auc"}
    return {
        name: f"{it.title} {_size(it, candidates[smallest])}; "
        f"{_auc(name, it, candidates[largest_auc], pairs.get(frozenset((name, largest_auc))))}; {_errors(it.counts)}."
        for name, it in candidates.items()
    }


def _size(it: Candidate, smallest: Candidate) -> str:
    if it.parameters == smallest.parameters:
        return f"is the smallest ({it.parameters:,} parameters, {it.size / 1e6:.3g} MB)"
    times = it.parameters / smallest.parameters
    return f"has {times:.{0 if times >= 10 else 1}f} times the parameters of {smallest.title} ({it.size / 1e6:.3g} MB)"


def _auc(name: str, it: Candidate, best: Candidate, pair: Difference | None) -> str:
    if it is best:
        return f"it has the highest AUC, {it.auc.value:.3f}"
    gap = f"its AUC of {it.auc.value:.3f} is {best.auc.value - it.auc.value:.3f} below that of {best.title}"
    if pair is None:
        return gap
    return f"{gap}, {'more' if pair.p_holm < SIGNIFICANT else 'not more'} than chance explains"


def _errors(counts: Confusion) -> str:
    return (
        f"it misses {counts.fn} of {counts.fn + counts.tp} pneumonias and raises {counts.fp} false "
        f"alarm{'s' if counts.fp != 1 else ''} on {counts.fp + counts.tn} normals"
    )
