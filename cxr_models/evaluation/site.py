"""A site's own check: thresholds chosen on one half of its patients and judged on the other."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import logit
from sklearn.isotonic import IsotonicRegression

from cxr_models.errors import TableRefused
from cxr_models.evaluation import calibration, comparison, decision, intervals, operating_point, scores, summary
from cxr_models.evaluation.calibration import Calibration, Reliability
from cxr_models.evaluation.comparison import Difference
from cxr_models.evaluation.curves import PrecisionRecall, Roc, precision_recall, roc
from cxr_models.evaluation.decision import Band, DecisionCurve
from cxr_models.evaluation.intervals import Interval
from cxr_models.evaluation.operating_point import Rule, Threshold
from cxr_models.evaluation.summary import Point

CHOSEN_ON, JUDGED_ON = "chosen on", "judged on"
ENOUGH = 100  # of each class: below, intervals of a sensitivity are wider than a tenth
SEED = 0
RESAMPLES = 1000  # a table may be large, and its reader waits
CLIP = 1e-6


@dataclass(frozen=True)
class Column:
    """A column of scores. values: float (n,), higher means pneumonia. model: the shipped network whose scores they are,
    or empty."""

    title: str
    values: np.ndarray
    model: str = ""

    @property
    def is_share(self) -> bool:
        """Whether it can be read as a probability."""
        return bool(((self.values >= 0) & (self.values <= 1)).all())


@dataclass(frozen=True)
class Site:
    """n pictures. label: int (n,); patient: text (n,); half: text (n,), `CHOSEN_ON` or `JUDGED_ON`; columns: by key."""

    label: np.ndarray
    patient: np.ndarray
    half: np.ndarray
    columns: Mapping[str, Column]

    @property
    def judged(self) -> np.ndarray:
        return self.half == JUDGED_ON

    @property
    def ill(self) -> int:
        return int(self.label.sum())

    @property
    def well(self) -> int:
        return self.label.size - self.ill


def site(label: np.ndarray, patient: Sequence[str], columns: Sequence[Column]) -> Site:
    """Cut the patients in two by a fixed seed, those with and those without a pneumonia apart.

    Raises TableRefused for a label that is not 0 or 1, and where a half would lack pneumonias or normals.
    """
    label, _ = scores.checked(label, np.zeros(len(label)))
    patient = np.asarray(patient, dtype=str)
    if label.min() == label.max():
        raise TableRefused("The table needs pictures with and pictures without pneumonia.")
    half = np.full(label.size, JUDGED_ON, dtype=object)
    generator = np.random.default_rng(SEED)
    with_pneumonia = set(patient[label == 1])
    everyone = sorted(set(patient))
    for group in ([it for it in everyone if it in with_pneumonia], [it for it in everyone if it not in with_pneumonia]):
        chosen = generator.permutation(group)[: len(group) // 2]
        half[np.isin(patient, chosen)] = CHOSEN_ON
    for name in (CHOSEN_ON, JUDGED_ON):
        if len(set(label[half == name])) < 2:
            raise TableRefused(
                f"There are too few patients, {len(everyone)} for {label.size} pictures: each half needs pictures with "
                "and without pneumonia, one half to choose the threshold and the other to judge it."
            )
    keyed = {column.model or f"column_{place}": column for place, column in enumerate(columns, start=1)}
    return Site(label, patient, half, keyed)


def aucs(it: Site) -> dict[str, Interval]:
    """AUC of each column over all pictures: nothing is chosen for it."""
    return {key: intervals.auc(it.label, column.values, it.patient) for key, column in it.columns.items()}


def thresholds(it: Site, rule: Rule) -> dict[str, Threshold]:
    """The rule's threshold of each column, on the half that chooses, in the column's own units."""
    on = ~it.judged
    return {
        key: operating_point.bootstrap_threshold(
            it.label[on], column.values[on], it.patient[on], rule, resamples=RESAMPLES
        )
        for key, column in it.columns.items()
    }


def measures(it: Site, values: Mapping[str, float]) -> pd.DataFrame:
    """`summary.measures` of each column at its threshold, on the half that judges."""
    return summary.measures(_table(it), _points(it, values), split=JUDGED_ON)


def differences(it: Site, values: Mapping[str, float]) -> list[Difference]:
    """Every pair of columns at their thresholds, paired, on the half that judges."""
    return comparison.differences(_table(it), _points(it, values), split=JUDGED_ON)


def curves(it: Site) -> dict[str, Roc]:
    """ROC of each column, on the half that judges, where the points are counted."""
    on = it.judged
    return {key: roc(it.label[on], column.values[on]) for key, column in it.columns.items()}


def precision_recalls(it: Site) -> dict[str, PrecisionRecall]:
    """Precision against recall of each column, on the half that judges and at that half's mix."""
    on = it.judged
    return {key: precision_recall(it.label[on], column.values[on]) for key, column in it.columns.items()}


def decision_curves(it: Site, *, prevalence: float) -> dict[str, tuple[DecisionCurve, Band]]:
    """Net benefit of each column at a prevalence, with its interval, on the half that judges.

    A column may hold any numbers, so the half that chooses says first how likely pneumonia is at each: the isotonic
    regression of its labels (Zadrozny & Elkan 2002), shifted from its share of pneumonias to the prevalence. Raises
    ValueError unless 0 < prevalence < 1.
    """
    on, found = it.judged, {}
    for key, column in it.columns.items():
        rank = np.unique(column.values, return_inverse=True)[1]
        fit = IsotonicRegression(y_min=CLIP, y_max=1 - CLIP, out_of_bounds="clip").fit(rank[~on], it.label[~on])
        likely = decision.probability(
            logit(fit.predict(rank[on])), temperature=1.0, prevalence=prevalence, validation_share=it.label[~on].mean()
        )
        found[key] = (
            decision.decision_curve(it.label[on], likely, prevalence=prevalence),
            decision.decision_band(it.label[on], likely, it.patient[on], prevalence=prevalence),
        )
    return found


def calibrations(it: Site) -> dict[str, tuple[Reliability, Calibration]]:
    """Over all pictures, of the columns that lie between 0 and 1: nothing is chosen for it."""
    found = {}
    for key, column in it.columns.items():
        if column.is_share:
            log_odds = logit(np.clip(column.values, CLIP, 1 - CLIP))
            found[key] = (
                calibration.reliability(it.label, column.values),
                calibration.assess(it.label, log_odds, it.patient, temperature=1.0),
            )
    return found


def _table(it: Site) -> pd.DataFrame:
    """A table of scores. A column may hold any numbers, and only their order counts for its measures: ranks, spread
    over log-odds that do not saturate, stand for them."""
    ranks = {
        key: _log_odds(np.unique(column.values, return_inverse=True)[1], column) for key, column in it.columns.items()
    }
    return pd.DataFrame({"split": it.half, "label": it.label, "patient": it.patient, **ranks})


def _points(it: Site, values: Mapping[str, float]) -> dict[str, Point]:
    found = {}
    for key, value in values.items():
        column = it.columns[key]
        # The lowest value that counts as positive; past the last one nobody is.
        place = np.searchsorted(np.unique(column.values), value)
        found[key] = Point(1.0, float(scores.score(_log_odds(np.array([place]), column), 1.0)[0]))
    return found


def _log_odds(rank: np.ndarray, column: Column) -> np.ndarray:
    return 10 * rank / np.unique(column.values).size - 5.0
