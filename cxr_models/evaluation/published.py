"""The figures that the brief itself published for its three models: `assets/published.csv`, each with its source."""

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from cxr_models.errors import TableRefused

MEASURES = ("accuracy", "precision", "recall", "f1", "auc")
HARD_LABELS = "hard labels"


@dataclass(frozen=True)
class Figures:
    """values: by measure of `MEASURES`, in [0, 1], as rounded there. auc_from: `scores`, or `hard labels`: then it is
    the mean of sensitivity and specificity. recall_of: the class that precision, recall and F1 are of, `pneumonia` or
    `normal`. parameters: None where not published."""

    values: dict[str, float]
    auc_from: str
    recall_of: str
    parameters: int | None
    source: str


def load(path: Path) -> dict[str, Figures]:
    """By model. Raises TableRefused when the file is missing."""
    if not path.is_file():
        raise TableRefused(f"The brief's published figures are missing: there is no {path.name}.")
    return {
        row.model: Figures(
            values={measure: float(getattr(row, measure)) for measure in MEASURES},
            auc_from=row.auc_from,
            recall_of=row.recall_of,
            parameters=int(row.parameters) if row.parameters else None,
            source=row.source,
        )
        for row in pd.read_csv(path, dtype=str, keep_default_na=False).itertuples()
    }
