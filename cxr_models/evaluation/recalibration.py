"""What another hospital could do by itself: choose the threshold anew on some of its patients.

>>> table = pd.DataFrame({"split": "external", "label": [0, 1] * 4, "patient": list("abcdefgh"),
...                       "student": [2.0, 4.0, 2.1, 4.1, 2.2, 4.2, 2.3, 4.3]})
>>> found = recalibrated(table, {"student": Point(1.0, 0.5)}, split="external")["student"]
>>> found.before["specificity"].value, found.after["specificity"].value
(0.0, 1.0)
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from cxr_models.errors import TableRefused
from cxr_models.evaluation import intervals, operating_point, scores
from cxr_models.evaluation.intervals import Interval
from cxr_models.evaluation.summary import Point


@dataclass(frozen=True)
class Recalibrated:
    """One model on the half of the patients that chose nothing.

    threshold: chosen on the other half. before, after: sensitivity and specificity of the half shown at the threshold
    that the model came with, and at the new one. patients, images: of the half shown.
    """

    threshold: float
    before: dict[str, Interval]
    after: dict[str, Interval]
    patients: int
    images: int


def recalibrated(
    table: pd.DataFrame, points: Mapping[str, Point], *, split: str, seed: int = 0
) -> dict[str, Recalibrated]:
    """By model: the balanced threshold of one half of the patients, measured on the other half.

    The halves are drawn by the seed and are the same for all models. Intervals are 95 %, by patient bootstrap.
    Raises TableRefused as `scores.rows` does, and where a half has one class only.
    """
    found = {}
    for model, point in points.items():
        rows = scores.rows(table, split, model)
        score = scores.score(rows.logit, point.temperature)
        patients = np.unique(rows.patient.astype(str))
        chosen_by = np.random.default_rng(seed).permutation(patients)[: patients.size // 2]
        choosing = np.isin(rows.patient.astype(str), chosen_by)
        shown = rows.label[~choosing]
        if len(set(shown)) < 2:
            raise TableRefused("Half of the patients have one class only, so that nothing can be measured on them.")
        threshold = operating_point.bootstrap_threshold(
            rows.label[choosing], score[choosing], rows.patient[choosing], operating_point.youden
        ).value
        given = shown, score[~choosing], rows.patient[~choosing]
        before, after = (intervals.at_threshold(*given, threshold=one) for one in (point.threshold, threshold))
        found[model] = Recalibrated(
            threshold,
            {measure: before[measure] for measure in ("sensitivity", "specificity")},
            {measure: after[measure] for measure in ("sensitivity", "specificity")},
            patients.size - chosen_by.size,
            shown.size,
        )
    return found
