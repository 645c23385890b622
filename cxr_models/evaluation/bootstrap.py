"""The patient bootstrap: patients are drawn with replacement, not pictures.

Pictures of one patient resemble each other, so pictures drawn one by one would make every interval too short.
A resample is a whole-number weight a picture (how often its patient was drawn), so that counting over
thousands of resamples is one cumulative sum. Source: Field & Welsh 2007, "Bootstrapping clustered data" (the
cluster bootstrap).
"""

from collections.abc import Iterator
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike

KEPT = 6  # draws remembered: four splits, and two of other sizes
CHUNK = 100  # resamples counted at once: 10,000 of a table of thousands of rows would not fit in memory


def row_weights(patient: ArrayLike, *, resamples: int, seed: int) -> np.ndarray:
    """How often each picture is in each resample: int32 (resamples, n).

    As many patients are drawn as there are, from all patients together; so the number of pictures and the
    share of pneumonias vary between resamples, and a resample of very few patients may hold one class only.

    >>> row_weights(["a", "a", "b"], resamples=3, seed=0)
    array([[1, 1, 1],
           [1, 1, 1],
           [0, 0, 2]], dtype=int32)
    """
    drawn, member = _drawn(_texts(patient), resamples, seed)
    return drawn[:, member]


def row_weight_chunks(patient: ArrayLike, *, resamples: int, seed: int) -> Iterator[np.ndarray]:
    """The rows of `row_weights`, at most `CHUNK` at a time."""
    drawn, member = _drawn(_texts(patient), resamples, seed)
    for start in range(0, resamples, CHUNK):
        yield drawn[start : start + CHUNK, member]


def positives_from_the_top(
    label: np.ndarray, score: np.ndarray, weight: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Weighted counts of pictures at or above each threshold, for every resample at once.

    label int (n,), score float (n,), weight (resamples, n). Returns ``threshold`` (k + 1,): infinity, then
    the k distinct scores in decreasing order; and ``tp``, ``fp`` (resamples, k + 1): pneumonias and normals
    with score >= threshold.
    """
    order = np.argsort(-score, kind="stable")
    falling = score[order]
    last_of_its_value = np.append(np.flatnonzero(np.diff(falling)), falling.size - 1)  # (k,)
    threshold = np.append(np.inf, falling[last_of_its_value])

    # Whole numbers of 4 bytes throughout: a table of thousands of pictures still fits in memory.
    weight = weight[:, order]

    def counts(counted: np.ndarray) -> np.ndarray:
        running = np.cumsum(counted, axis=1, dtype=np.int32)  # (resamples, n)
        return np.pad(running[:, last_of_its_value], ((0, 0), (1, 0)))  # (resamples, k + 1)

    tp = counts(weight * label[order].astype(np.int32))
    return threshold, tp, counts(weight) - tp


def auc(label: np.ndarray, score: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Area under the ROC curve of each resample, float (resamples,); NaN where a resample lacks a class.

    The trapezoids under (fp, tp) are the Mann-Whitney statistic with half counts for ties (Hanley & McNeil
    1982).
    """
    _, tp, fp = positives_from_the_top(label, score, weight)
    area = ((tp[:, 1:] + tp[:, :-1]) * (np.diff(fp, axis=1) / 2)).sum(axis=1)
    pairs = tp[:, -1] * fp[:, -1].astype(np.float64)
    return np.divide(area, pairs, out=np.full(area.shape, np.nan), where=pairs > 0)


def _texts(patient: ArrayLike) -> tuple[str, ...]:
    return tuple(np.asarray(patient, dtype=str).tolist())


@lru_cache(maxsize=KEPT)
def _drawn(patient: tuple[str, ...], resamples: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """How often each patient is drawn, int32 (resamples, patients), and each picture's patient, int (n,).

    Remembered, since drawing takes longer than all the counting that follows it.
    """
    _, member = np.unique(patient, return_inverse=True)
    patients = member.max() + 1
    drawn = np.random.default_rng(seed).multinomial(patients, np.full(patients, 1 / patients), size=resamples)
    return drawn.astype(np.int32), member


def percentiles(values: np.ndarray, quantiles: tuple[float, ...]) -> tuple[float, ...]:
    """Percentiles over the resamples in which the measure is defined; NaN where it is defined in none.

    >>> percentiles(np.array([1.0, np.nan, 3.0]), (0.0, 0.5))
    (1.0, 2.0)
    """
    defined = values[np.isfinite(values)]
    if defined.size == 0:
        return (np.nan,) * len(quantiles)
    return tuple(float(value) for value in np.quantile(defined, quantiles))
