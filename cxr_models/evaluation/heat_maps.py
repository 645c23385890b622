"""What the heat maps are worth, from the table that `train.heat_maps` wrote: means with patient intervals."""

from pathlib import Path
from typing import IO

import numpy as np
import pandas as pd

from cxr_models.evaluation import bootstrap, tables
from cxr_models.evaluation.intervals import Interval, percentile_interval
from cxr_models.paths import RESULTS

TABLE = RESULTS / "heatmaps.csv"
MEASURES = ("inside", "fall_hottest", "fall_random")
COLUMNS = ("file", "split", "label", "patient", "model", *MEASURES)


def load(source: Path | IO = TABLE) -> pd.DataFrame:
    """A row a picture and model.

    inside: share of the map's positive evidence that lies in the chest template, NaN for a map without any;
    fall_hottest, fall_random: how far the logit falls when the hottest tenth, or a random tenth of the same shape, is
    blurred.

    Raises TableRefused.
    """
    return tables.load(source, text=("file", "split", "patient", "model"), numbers=("label", *MEASURES))


def means(table: pd.DataFrame, *, split: str, model: str) -> dict[str, Interval]:
    """The mean of each of `MEASURES` over the split's pictures, and `gain`: of fall_hottest minus fall_random.

    95 % intervals by patient bootstrap; pictures whose map has no positive evidence count for the falls only. NaN
    without pictures.
    """
    rows = table[(table["split"] == split) & (table["model"] == model)]
    rows = rows.assign(gain=rows["fall_hottest"] - rows["fall_random"])
    return {measure: _mean(rows.dropna(subset=measure), measure) for measure in (*MEASURES, "gain")}


def points_at_what_counts(found: dict[str, Interval]) -> bool:
    """Whether blurring what a model's map points at lowers its logit more than blurring elsewhere does, beyond chance.

    found: of `means`.
    """
    return bool(found["gain"].low > 0)


def _mean(rows: pd.DataFrame, measure: str) -> Interval:
    if rows.empty:
        return Interval(np.nan, np.nan, np.nan)
    weight = bootstrap.row_weights(rows["patient"], resamples=2000, seed=0)
    value = rows[measure].to_numpy()
    return percentile_interval(float(value.mean()), weight @ value / weight.sum(axis=1))
