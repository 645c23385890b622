"""The models side by side, as the compare page shows them."""

from collections.abc import Mapping

import pandas as pd

from cxr_models import checkpoints, zoo
from cxr_models.evaluation import tradeoff
from cxr_models.evaluation.summary import Point
from cxr_models.evaluation.tradeoff import Candidate
from ui import cached, words

SPLIT = "test"
MEASURES = {"accuracy": "Accuracy", "precision": "Precision", "recall": "Recall", "f1": "F1", "auc": "AUC-ROC"}
PREVALENCE = 0.1


def at_half(points: Mapping[str, Point]) -> dict[str, Point]:
    """The same models read at the brief's own threshold, a score of .5."""
    return {name: Point(point.temperature, 0.5) for name, point in points.items()}


def table(points: Mapping[str, Point]) -> pd.DataFrame:
    """A row a model: parameters, file size, the brief's five measures with 95 % intervals.

    Raises TableRefused and CheckpointRefused.
    """
    rows = {}
    for name, point in points.items():
        found = cached.measures(name, SPLIT, point.threshold, PREVALENCE)
        path = zoo.spec(name).checkpoint
        rows[zoo.spec(name).title] = {
            "Parameters": words.many(checkpoints.parameters(path)),
            "File": words.megabytes(path.stat().st_size),
            **{title: words.share_interval(found[measure]) for measure, title in MEASURES.items()},
        }
    return pd.DataFrame.from_dict(rows, orient="index")


def candidates(points: Mapping[str, Point]) -> dict[str, Candidate]:
    """By model, what the trade-off is made of. Raises TableRefused and CheckpointRefused."""
    return {name: _candidate(name, point) for name, point in points.items()}


def sentences(points: Mapping[str, Point]) -> dict[str, str]:
    """By model, its trade-off in one sentence. Raises TableRefused and CheckpointRefused."""
    return tradeoff.sentences(candidates(points), cached.differences(points, SPLIT))


def takeaway(points: Mapping[str, Point]) -> str:
    """AUC and size of every model, for those who do not see the figure."""
    said = (f"{it.title}: AUC {it.auc.value:.3f}, {it.parameters:,} parameters" for it in candidates(points).values())
    return f"{'; '.join(said)}."


def _candidate(name: str, point: Point) -> Candidate:
    path = zoo.spec(name).checkpoint
    return Candidate(
        title=zoo.spec(name).title,
        auc=cached.measures(name, SPLIT, point.threshold, PREVALENCE)["auc"],
        parameters=checkpoints.parameters(path),
        size=path.stat().st_size,
        counts=cached.counts(name, SPLIT, point.threshold),
    )
