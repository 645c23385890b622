"""False alarms of models at the same sensitivity on the same images.

A threshold chosen elsewhere gives each model another sensitivity here, so a difference at one operating point is partly
the threshold's transfer. Here every model has its own threshold on these images, in every resample again.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd

from cxr_models.evaluation import bootstrap, scores
from cxr_models.evaluation.intervals import Interval, percentile_interval, where_all_agree
from cxr_models.evaluation.operating_point import Rule, at_sensitivity

TARGETS = (0.97, 0.98, 0.99)


@dataclass(frozen=True)
class AtSensitivity:
    """Each model at its highest threshold with sensitivity >= target on the images in question.

    false_alarms: by model, flagged normals / normals, with its 95 % interval by patient bootstrap. differences: by pair
    of models, false alarms of the first minus those of the second, paired.
    """

    target: float
    false_alarms: Mapping[str, Interval]
    differences: Mapping[tuple[str, str], Interval]


def at_targets(
    table: pd.DataFrame,
    models: Iterable[str],
    *,
    split: str,
    targets: Iterable[float] = TARGETS,
    resamples: int = 2000,
    seed: int = 0,
) -> list[AtSensitivity]:
    """One `AtSensitivity` a target, of the models that were run on the split; NaN where the split lacks a class.

    Raises TableRefused as `scores.rows` does, ValueError unless 0 <= target <= 1.
    """
    rows = {model: scores.rows(table, split, model) for model in models if scores.was_run(table, split, model)}
    return [_at_target(rows, target, resamples=resamples, seed=seed) for target in targets]


def _at_target(rows: Mapping[str, scores.Rows], target: float, *, resamples: int, seed: int) -> AtSensitivity:
    rule, values, resampled, false_alarms = at_sensitivity(target), {}, {}, {}
    for model, of_model in rows.items():
        (values[model],) = _rates(of_model, np.ones((1, of_model.label.size), dtype=np.int32), rule)
        weights = bootstrap.row_weight_chunks(of_model.patient, resamples=resamples, seed=seed)
        resampled[model] = np.concatenate([_rates(of_model, weight, rule) for weight in weights])
        it = percentile_interval(float(values[model]), resampled[model])
        normals = np.unique(of_model.patient[of_model.label == 0]).size
        false_alarms[model] = it if np.isnan(it.value) else where_all_agree(it, normals)
    differences = {
        (one, other): percentile_interval(float(values[one] - values[other]), resampled[one] - resampled[other])
        for one, other in combinations(rows, 2)
    }
    return AtSensitivity(target, false_alarms, differences)


def _rates(rows: scores.Rows, weight: np.ndarray, rule: Rule) -> np.ndarray:
    """False alarms / normals at the rule's threshold of each resample, float (resamples,); NaN where a class lacks."""
    _, tp, fp = bootstrap.positives_from_the_top(rows.label, rows.logit, weight)
    both_classes = (tp[:, -1] > 0) & (fp[:, -1] > 0)
    tp, fp = tp[both_classes], fp[both_classes]
    found = np.full(both_classes.shape, np.nan)
    found[both_classes] = fp[np.arange(len(fp)), rule.pick(tp, fp)] / fp[:, -1]
    return found
