"""Do heat maps point at what a score depends on? Read from the table that `train.heat_maps` writes."""

from pathlib import Path
from typing import IO

import numpy as np
import pandas as pd

from cxr_models import zoo
from cxr_models.evaluation import bootstrap, tables
from cxr_models.evaluation.intervals import Interval, percentile_interval
from cxr_models.paths import RESULTS

TABLE = RESULTS / "heatmaps.csv"
FILLS = ("blur", "mean", "normal")
# No insertion on flat grey: networks scale each image to its own deviation, which blows up what little is left there.
INSERTED = ("blur", "normal")
DELETIONS, INSERTIONS = tuple(f"deletion_{it}" for it in FILLS), tuple(f"insertion_{it}" for it in INSERTED)
GAINS = DELETIONS + INSERTIONS
MAP = ("model", "method", "layer")
COLUMNS = ("file", "split", "label", "patient", *MAP, "side", "inside", *GAINS)


def load(source: Path | IO = TABLE) -> pd.DataFrame:
    """A row an image and map: on validation images every method and layer tried, on test images the released ones.

    method: a class of pytorch_grad_cam; layer: of the network; side: the map's own pixels along one side, before it is
    enlarged. inside: share of the map's positive evidence in the chest template, NaN for a map without any. `GAINS`:
    how much more the hottest tenth of the map moves the logit than the same shape elsewhere in the chest does
    (`train.removal`), by deletion and by insertion; the rest is a blurred copy, the image's mean grey or the mean
    normal X-ray.

    Raises TableRefused.
    """
    return tables.load(source, text=("file", "split", "patient", *MAP), numbers=("label", "side", "inside", *GAINS))


def released(table: pd.DataFrame, *, split: str, model: str) -> pd.DataFrame:
    """The rows of the map that the zoo names for a model."""
    spec = zoo.spec(model)
    wanted = {"split": split, "model": model, "method": spec.heat_map_method, "layer": spec.heat_map_layer}
    return table[(table[list(wanted)] == pd.Series(wanted)).all(axis=1)]


def means(rows: pd.DataFrame) -> dict[str, Interval]:
    """The mean of `inside` and of each of `GAINS` over the rows of one map.

    95 % intervals by patient bootstrap; images whose map has no positive evidence count for the gains only. NaN
    without rows.
    """
    return {measure: _mean(rows.dropna(subset=measure), measure) for measure in ("inside", *GAINS)}


def holds(found: dict[str, Interval]) -> bool:
    """Whether removing what the map points at lowers the logit more than removing the same shape elsewhere in the
    chest, beyond chance, with every fill. found: of `means`."""
    return all(found[gain].low > 0 for gain in DELETIONS)


def _mean(rows: pd.DataFrame, measure: str) -> Interval:
    if rows.empty:
        return Interval(np.nan, np.nan, np.nan)
    weight = bootstrap.row_weights(rows["patient"], resamples=2000, seed=0)
    value = rows[measure].to_numpy()
    return percentile_interval(float(value.mean()), weight @ value / weight.sum(axis=1))
