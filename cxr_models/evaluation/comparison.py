"""Whether two models that read the same pictures differ: paired, by patient, and corrected for the number of
pairs.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
import pandas as pd
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.multitest import multipletests

from cxr_models.evaluation import bootstrap, delong, scores
from cxr_models.evaluation.confusion import Confusion, confusion
from cxr_models.evaluation.curves import roc
from cxr_models.evaluation.intervals import percentile_interval, resampled_confusion
from cxr_models.evaluation.summary import Point

MEASURES = ("auc", "sensitivity", "specificity")
SIGNIFICANT = 0.05


@dataclass(frozen=True)
class Difference:
    """A measure of the first model minus that of the second, on the same pictures.

    n: pictures behind the measure (all; pneumonias for sensitivity; normals for specificity). value, low,
    high: the difference with its 95 % patient bootstrap interval. p: two-sided, from the same bootstrap;
    p_independent: as if pictures were independent, by DeLong (auc) or McNemar's exact test. p_holm,
    p_independent_holm: corrected for ``pairs`` pairs of models (Holm 1979). NaN where the measure is
    undefined.
    """

    measure: str
    first: str
    second: str
    n: int
    value: float
    low: float
    high: float
    p: float
    p_independent: float
    p_holm: float = np.nan
    p_independent_holm: float = np.nan
    pairs: int = 1


@dataclass(frozen=True)
class _Judged:
    """One model's rows, verdicts and resampled measures, so that each is made once and not once a pair."""

    rows: scores.Rows
    positive: np.ndarray
    value: dict[str, float]
    resampled: dict[str, np.ndarray]


def differences(
    table: pd.DataFrame,
    points: Mapping[str, Point],
    *,
    split: str,
    resamples: int = 2000,
    seed: int = 0,
) -> list[Difference]:
    """Every pair of the models in ``points`` that were run on the split, for each of `MEASURES`.

    In the order of the measures, then of ``points``. Both models of a pair see the same resamples of
    patients. Empty with fewer than two such models. Raises TableRefused as `scores.rows` does.
    """
    run = [model for model in points if scores.was_run(table, split, model)]
    judged = {
        model: _judge(scores.rows(table, split, model), points[model], resamples=resamples, seed=seed) for model in run
    }
    found = []
    for measure in MEASURES:
        pairs = [_difference(measure, *pair, judged) for pair in combinations(run, 2)]
        found += _holm(pairs)
    return found


def words(difference: Difference, titles: Mapping[str, str]) -> str:
    """The difference as a sentence for a screen; titles: model name → its title.

    The verdict is Holm's p of the bootstrap below .05, so it can be "cannot be told apart" although the
    interval of this one pair leaves 0 out; the sentence then says so.
    """
    first, second = titles[difference.first], titles[difference.second]
    name = {"auc": "AUC"}.get(difference.measure, difference.measure)
    pictures = {"sensitivity": "pneumonias", "specificity": "normals"}.get(difference.measure, "pictures")
    here = f"on these {difference.n} {pictures}" if difference.n != 1 else f"on this one {pictures.removesuffix('s')}"
    if np.isnan(difference.value):
        needed = {"auc": "pneumonias and normals"}.get(difference.measure, pictures)
        return f"{first} and {second} cannot be compared by {name}: that takes {needed}."
    if difference.p_holm < SIGNIFICANT:
        if difference.value < 0:
            first, second, difference = second, first, _turned(difference)
        sentence = f"{first} has a higher {name} than {second} {here}: {name} difference {_amount(difference)}"
    else:
        sentence = f"{first} and {second} cannot be told apart {here}: {name} difference {_amount(difference)}"
        if difference.pairs > 1 and (difference.low > 0 or difference.high < 0):
            sentence += f", not enough once {difference.pairs} pairs are compared"
    return f"{sentence[0].upper()}{sentence[1:]}."


def mcnemar_exact(first_right: np.ndarray, second_right: np.ndarray) -> float:
    """Two-sided exact p (McNemar 1947) for two models' verdicts on the same pictures: right or wrong, bool
    (n,).

    1 where they never differ, NaN for no pictures.

    >>> float(mcnemar_exact(np.array([True] * 6), np.array([False] * 6)))
    0.03125
    """
    if first_right.size == 0:
        return np.nan
    only_first, only_second = (first_right & ~second_right).sum(), (~first_right & second_right).sum()
    # The exact test looks at the pictures on which the two differ, and at nothing else.
    return mcnemar([[0, only_first], [only_second, 0]], exact=True).pvalue


def _judge(rows: scores.Rows, point: Point, *, resamples: int, seed: int) -> _Judged:
    score = scores.score(rows.logit, point.temperature)
    positive = score >= point.threshold
    weight = bootstrap.row_weights(rows.patient, resamples=resamples, seed=seed)
    return _Judged(
        rows=rows,
        positive=positive,
        value={"auc": roc(rows.label, rows.logit).auc} | _rates(confusion(rows.label, score, point.threshold)),
        resampled={"auc": bootstrap.auc(rows.label, rows.logit, weight)}
        | _rates(resampled_confusion(rows.label, positive, weight)),
    )


def _rates(counts: Confusion) -> dict[str, float | np.ndarray]:
    return {"sensitivity": counts.sensitivity, "specificity": counts.specificity}


def _difference(measure: str, first: str, second: str, judged: Mapping[str, _Judged]) -> Difference:
    one, other = judged[first], judged[second]
    resampled = one.resampled[measure] - other.resampled[measure]
    it = percentile_interval(one.value[measure] - other.value[measure], resampled)
    label = one.rows.label
    if measure == "auc":
        pictures = np.ones_like(label, dtype=bool)
        independent = delong.paired_test(label, one.rows.logit, other.rows.logit).p
    else:
        pictures = label == (measure == "sensitivity")
        right = [(model.positive == model.rows.label)[pictures] for model in (one, other)]
        independent = mcnemar_exact(*right)
    return Difference(
        measure=measure,
        first=first,
        second=second,
        n=int(pictures.sum()),
        value=it.value,
        low=it.low,
        high=it.high,
        p=_p_of_zero(resampled, np.unique(one.rows.patient[pictures]).size),
        p_independent=float(independent),
    )


def _p_of_zero(resampled: np.ndarray, patients: int) -> float:
    """Two-sided p of no difference: twice the smaller share of resamples on one side of 0.

    One is added to both counts (Davison & Hinkley 1997), so that 2,000 resamples never claim less than .001. Nor can so
    few patients prove more than if each of them spoke for the same model: 2 * .5^patients, the sign test's smallest p.
    """
    defined = resampled[np.isfinite(resampled)]
    if defined.size == 0:
        return np.nan
    smaller = min((defined <= 0).sum(), (defined >= 0).sum())
    return float(min(1, max(2 * (smaller + 1) / (defined.size + 1), 2 * 0.5**patients)))


def _holm(pairs: list[Difference]) -> list[Difference]:
    bootstrapped = _adjusted([pair.p for pair in pairs])
    independent = _adjusted([pair.p_independent for pair in pairs])
    return [
        replace(pair, p_holm=one, p_independent_holm=other, pairs=len(pairs))
        for pair, one, other in zip(pairs, bootstrapped, independent, strict=True)
    ]


def _adjusted(p: list[float]) -> list[float]:
    adjusted = np.array(p, dtype=np.float64)
    defined = np.isfinite(adjusted)
    if defined.any():
        adjusted[defined] = multipletests(adjusted[defined], method="holm")[1]
    return adjusted.tolist()


def _turned(difference: Difference) -> Difference:
    return replace(difference, value=-difference.value, low=-difference.high, high=-difference.low)


def _amount(difference: Difference) -> str:
    if difference.low == difference.high:
        return f"{_number(difference.value)}, the same whichever of the patients are drawn"
    return f"{_number(difference.value)}, 95 % {_number(difference.low)} to {_number(difference.high)}"


def _number(value: float) -> str:
    """.003 and −.004: three decimals, no leading zero, a true minus sign; never a negative zero.

    >>> _number(-0.0041), _number(-0.0001), _number(1.0)
    ('−.004', '.000', '1.000')
    """
    text = f"{abs(value):.3f}"
    sign = "−" if value < 0 and float(text) > 0 else ""
    return sign + text.removeprefix("0")
