"""What a teacher changed: the AUC of the taught student minus that of the untaught one with the same seed.

The best of several taught students beside one untaught student would show the choice and not the teacher.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import ttest_1samp

from cxr_models.evaluation import bootstrap, scores
from cxr_models.evaluation.curves import roc
from cxr_models.evaluation.intervals import Interval, percentile_interval

TAUGHT, UNTAUGHT = "student", "student_alone"  # columns of logits in scores_seed_N.csv
KIND = ("epochs", "views")  # what a taught and an untaught student must share
TEACHING = ("taught_by", "temperature", "alpha")


@dataclass(frozen=True)
class SeedBySeed:
    """differences: seed → AUC of the taught student minus that of the untaught one. mean: over the seeds, with its 95 %
    interval."""

    differences: Mapping[int, float]
    mean: Interval


def on_images(tables: Mapping[int, pd.DataFrame], *, split: str) -> SeedBySeed | None:
    """From logits. tables: seed → its table of scores (`scores.of_seeds`), in which both columns are filled on the
    split for at least one seed; else None. Interval of the mean: patient bootstrap.

    Raises TableRefused as `scores.rows` does.
    """
    differences, resampled = {}, []
    for seed, table in tables.items():
        if UNTAUGHT not in table:
            continue
        table = table.assign(**{UNTAUGHT: pd.to_numeric(table[UNTAUGHT], errors="coerce")})
        if not all(scores.was_run(table, split, column) for column in (TAUGHT, UNTAUGHT)):
            continue
        taught, untaught = (scores.rows(table, split, column) for column in (TAUGHT, UNTAUGHT))
        differences[seed] = roc(taught.label, taught.logit).auc - roc(untaught.label, untaught.logit).auc
        weight = bootstrap.row_weights(taught.patient, resamples=2000, seed=0)
        resampled.append(np.subtract(*(bootstrap.auc(it.label, it.logit, weight) for it in (taught, untaught))))
    if not differences:
        return None
    return SeedBySeed(
        differences, percentile_interval(float(np.mean(list(differences.values()))), np.mean(resampled, axis=0))
    )


def on_figures(students: pd.DataFrame, taught_like: Mapping[str, str], *, measure: str) -> SeedBySeed | None:
    """From distillation.csv, a row a student. taught_like: `KIND` and `TEACHING` of the taught students in question;
    the untaught ones have the same `KIND`. Interval of the mean: Student's t over the seeds, NaN ends for one seed.
    None where no seed has both.
    """
    alike = pd.Series(True, index=students.index)
    for column in KIND:
        alike &= students[column].astype(float) == float(taught_like[column])
    softened = (students[column].astype(float) == float(taught_like[column]) for column in TEACHING[1:])
    taught = alike & (students["taught_by"] == taught_like["taught_by"]) & np.logical_and(*softened)
    untaught = alike & (students["taught_by"] == "none")
    by_seed = students.set_index("seed")[measure].astype(float)
    differences = by_seed[taught.to_numpy()].sub(by_seed[untaught.to_numpy()]).dropna().sort_index()
    if differences.empty:
        return None
    ends = ttest_1samp(differences, 0).confidence_interval() if len(differences) > 1 else (np.nan, np.nan)
    return SeedBySeed(
        {int(seed): float(value) for seed, value in differences.items()},
        Interval(float(differences.mean()), *(float(end) for end in ends)),
    )
