"""What besides the disease could tell the classes apart: global properties of an image, one at a time."""

from pathlib import Path
from typing import IO

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from cxr_models.evaluation import bootstrap, curves, intervals, tables
from cxr_models.evaluation.intervals import Interval
from cxr_models.evaluation.scores import checked_of_patients
from cxr_models.paths import RESULTS

TABLE = RESULTS / "properties.csv"
TITLES = {
    "histogram": "Grey values (histogram)",
    "spectrum": "Sharpness (radial spectrum)",
    "jpeg_grid": "JPEG blocks",
    "borders": "Border rows",
    "marks": "Side letter and text",
    "field_of_view": "Size of the chest in the image",
    "rotation": "Rotation",
}
MOVES = 0.005  # change of an AUC from which on a property is flagged
NUMBERS = (
    *("images", "property_auc", "property_low", "property_high"),
    *("plain_auc", "swapped_auc", "change", "low", "high"),
)


def load(source: Path | IO = TABLE) -> pd.DataFrame:
    """A row a property and network, of validation images.

    property_auc, with property_low and property_high: of a small model that sees that property alone. plain_auc,
    swapped_auc: of the network, on the images as they are and with the property of an image of the other class.
    change: swapped minus plain, with its 95 % interval low, high. Raises TableRefused as `tables.load` does.
    """
    return tables.load(source, text=("property", "network"), numbers=NUMBERS)


def flagged(table: pd.DataFrame) -> pd.Series:
    """Whether swapping the property moves the network's AUC by more than `MOVES`, up or down; bool, a row a row."""
    return table["change"].abs() > MOVES


def change(label: ArrayLike, patient: ArrayLike, plain: ArrayLike, swapped: ArrayLike) -> Interval:
    """AUC of `swapped` minus that of `plain`, both logits (n,) of the same images, with a paired 95 % interval.

    Patients are resampled, 2,000 times. Raises TableRefused as `scores.checked_of_patients` does.

    >>> change([0, 0, 1, 1], ["a", "b", "c", "d"], [0.1, 0.2, 0.8, 0.9], [0.1, 0.85, 0.8, 0.9]).value
    -0.25
    """
    label, plain, patient = checked_of_patients(label, plain, patient)
    label, swapped, patient = checked_of_patients(label, swapped, patient)
    weight = bootstrap.row_weights(patient, resamples=2000, seed=0)
    value = curves.roc(label, swapped).auc - curves.roc(label, plain).auc
    drawn = [bootstrap.auc(label, logit, weight) for logit in (swapped, plain)]
    return intervals.percentile_interval(value, np.subtract(*drawn))
