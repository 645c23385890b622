"""Which pictures a model gets wrong and how wrong, where models disagree, and what one model lost against another.

>>> table = pd.DataFrame({"file": ["a", "b"], "split": "test", "label": [1, 0], "subtype": ["virus", "normal"],
...                       "patient": ["p", "q"], "student": [-2.0, -1.0], "resnet50": [3.0, -4.0]})
>>> points = {"student": Point(1.0, 0.5), "resnet50": Point(1.0, 0.5)}
>>> seen = judge(table, points, split="test")
>>> of_kind(seen, "student", "missed").tolist()
[0]
>>> patterns(seen)
                pneumonia  normal
(False, True)           1       0
(True, False)           0       0
(False, False)          0       1
(True, True)            0       0
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product

import numpy as np
import pandas as pd

from cxr_models.evaluation import scores
from cxr_models.evaluation.summary import Point

# kind → (label, verdict)
KINDS = {"missed": (1, False), "false_alarm": (0, True), "found": (1, True), "correct_normal": (0, False)}
FATES = ("lost", "gained", "kept", "wrong in both")


@dataclass(frozen=True)
class Judged:
    """The n pictures of one split and what each model said of them.

    points: by model, where it was read.
    rows: file, label, subtype, patient, index 0 … n - 1; score: (n, models) float64; positive: (n, models) bool.
    Columns of both are model names.
    """

    points: Mapping[str, Point]
    rows: pd.DataFrame
    score: pd.DataFrame
    positive: pd.DataFrame


def judge(table: pd.DataFrame, points: Mapping[str, Point], *, split: str) -> Judged:
    """Every model's score and verdict on a split, in the order of the table. Raises TableRefused as `scores.rows`."""
    score = {
        model: scores.score(scores.rows(table, split, model).logit, point.temperature)
        for model, point in points.items()
    }
    positive = {model: score[model] >= point.threshold for model, point in points.items()}
    rows = table.loc[table["split"] == split, ["file", "label", "subtype", "patient"]].reset_index(drop=True)
    return Judged(points, rows, pd.DataFrame(score, index=rows.index), pd.DataFrame(positive, index=rows.index))


def of_kind(judged: Judged, model: str, kind: str) -> np.ndarray:
    """Row numbers of a model's pictures of one of `KINDS`, the most wrong, or the nearest to it, first.

    That is by rising score among pneumonias and by falling score among normals.
    """
    label, verdict = KINDS[kind]
    chosen = np.flatnonzero((judged.rows["label"] == label) & (judged.positive[model] == verdict))
    score = judged.score[model].to_numpy()[chosen]
    return chosen[np.argsort(score if label else -score, kind="stable")]


def patterns(judged: Judged) -> pd.DataFrame:
    """How often each pattern of verdicts occurs: a row a pattern (index: a tuple of bool in the order of the models),
    columns pneumonia and normal. All 2 ** models patterns; those on which the models disagree come first.
    """
    counted = {
        pattern: [int((followed & (judged.rows["label"] == label)).sum()) for label in (1, 0)]
        for pattern in product((False, True), repeat=judged.positive.shape[1])
        for followed in [_follows(judged, pattern)]
    }
    table = pd.DataFrame(counted.values(), columns=["pneumonia", "normal"])
    table.index = pd.Index(list(counted), tupleize_cols=False)
    return table.loc[sorted(counted, key=lambda pattern: len(set(pattern)) == 1)]


def of_pattern(judged: Judged, pattern: tuple[bool, ...], label: int) -> np.ndarray:
    """Row numbers of the pictures of a label with that pattern of verdicts; first those where the models' distances
    from their own thresholds differ most."""
    rows = np.flatnonzero(_follows(judged, pattern) & (judged.rows["label"] == label))
    margins = judged.score.to_numpy()[rows] - [judged.points[name].threshold for name in judged.score]
    return rows[np.argsort(-np.ptp(margins, axis=1), kind="stable")]


def fates(label: np.ndarray, before: np.ndarray, after: np.ndarray) -> np.ndarray:
    """Each picture's fate, one of `FATES`, from the verdicts of a first model and of the one that replaces it.

    label: int (n,); before, after: bool (n,), positive or not.

    >>> fates(np.array([1, 1, 0]), np.array([True, False, False]), np.array([False, True, False])).tolist()
    ['lost', 'gained', 'kept']
    """
    right = label == 1
    was, is_ = before == right, after == right
    return np.select([was & ~is_, ~was & is_, was & is_], FATES[:3], FATES[3])


def _follows(judged: Judged, pattern: tuple[bool, ...]) -> np.ndarray:
    return (judged.positive.to_numpy() == np.array(pattern)).all(axis=1)
