"""Acquisition styles and what goes with them: which classes have a style, and which errors the models make on it.

The machine is not recorded. A style is a cluster of images that look alike in exposure, sharpness, borders and
burned-in marks, found by `train.styles` without labels.
"""

from pathlib import Path
from typing import IO

import pandas as pd

from cxr_models.errors import TableRefused
from cxr_models.evaluation import intervals, tables
from cxr_models.evaluation.mistakes import Judged
from cxr_models.paths import RESULTS

TABLE = RESULTS / "styles.csv"
GROUPINGS = ("style", "marker")
ERRORS = {"false_alarm": ("specificity", 0), "missed": ("sensitivity", 1)}  # kind → (what it is short of, label)


def load(source: Path | IO = TABLE) -> pd.DataFrame:
    """A row an image: file, split, label, subtype, patient, style ('1' is the most frequent in training), marker
    ('text', 'letter', 'none': what is burned into the image outside the chest), and more columns as text.

    Raises TableRefused as `tables.load` does.
    """
    return tables.load(source, text=("file", "split", "subtype", "patient", *GROUPINGS), numbers=("label",))


def by_class(table: pd.DataFrame, *, split: str, by: str = "style") -> pd.DataFrame:
    """How many images of each class have a style or marker, one of `GROUPINGS`.

    A row a group of the whole table, so that splits compare: columns normal, pneumonia (counts), value, low, high: the
    share with pneumonia and its 95 % Wilson interval, NaN for a group without images on the split.
    """
    rows = table[table["split"] == split]
    counts = pd.crosstab(rows[by], rows["label"]).reindex(index=_groups(table, by), columns=[0, 1], fill_value=0)
    counts.columns = ["normal", "pneumonia"]
    shares = [intervals.wilson(row.pneumonia, row.normal + row.pneumonia) for row in counts.itertuples()]
    return counts.join(pd.DataFrame(shares, index=counts.index))


def errors(table: pd.DataFrame, judged: Judged, *, by: str = "style") -> pd.DataFrame:
    """False alarms among normal and missed among pneumonia X-rays of each model, by style or marker.

    judged: of any split that the table of styles holds. A row a model, kind of `ERRORS` and group with such images:
    columns model, kind, group, errors, images, value, low, high. The 95 % interval resamples patients; where all
    images of a group are right, or all wrong, it is Wilson's (`intervals.at_threshold`).

    Raises TableRefused when an image has no style.
    """
    group = judged.rows["file"].map(table.drop_duplicates("file").set_index("file")[by])
    if group.isna().any():
        raise TableRefused(
            f"The table of styles lacks {int(group.isna().sum())} of the {len(group)} images, "
            f"the first of them {judged.rows['file'][group.isna()].iloc[0]}."
        )
    found = []
    for model, point in judged.points.items():
        for kind, (measure, label) in ERRORS.items():
            for name in _groups(table, by):
                rows = judged.rows[(group == name) & (judged.rows["label"] == label)]
                if rows.empty:
                    continue
                score, positive = judged.score[model][rows.index], judged.positive[model][rows.index]
                right = intervals.at_threshold(rows["label"], score, rows["patient"], threshold=point.threshold)
                wrong = right[measure].complement
                found.append(
                    {
                        "model": model,
                        "kind": kind,
                        "group": name,
                        "errors": int((positive != (label == 1)).sum()),
                        "images": len(rows),
                        "value": wrong.value,
                        "low": wrong.low,
                        "high": wrong.high,
                    }
                )
    return pd.DataFrame(found)


def _groups(table: pd.DataFrame, by: str) -> list[str]:
    """Styles by number, markers by name."""
    return sorted(set(table[by]), key=lambda name: (len(name), name))
