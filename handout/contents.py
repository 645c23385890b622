"""What a handout says: plain results in reading order. `pdf` and `html` write the same; neither counts.

Whoever makes one gives it everything: the shipped tables' results or those of a reader's own table.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date

import pandas as pd

from cxr_models.evaluation.confusion import Confusion
from cxr_models.evaluation.curves import Roc
from cxr_models.evaluation.decision import PerThousand
from cxr_models.evaluation.intervals import Interval


@dataclass(frozen=True)
class Words:
    """A paragraph of plain text."""

    text: str


@dataclass(frozen=True)
class Points:
    """Sentences, each with a bullet."""

    lines: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """A table of text with the names of its rows in the index; title, note: above and below it, or empty.

    An index of two levels groups the rows: the first level stands once, above its rows.
    """

    title: str
    frame: pd.DataFrame
    note: str = ""

    @property
    def groups(self) -> list[tuple[str, pd.DataFrame]]:
        """The name of each group with its rows; one group without a name where the index has one level."""
        if self.frame.index.nlevels == 1:
            return [("", self.frame)]
        return [(str(group), rows.droplevel(0)) for group, rows in self.frame.groupby(level=0, sort=False)]


@dataclass(frozen=True)
class Model:
    """One model as it is drawn: colour '#rrggbb', dash as plotly names it, its curve, its threshold as it is written,
    and what was counted there on the same pictures, with the intervals of sensitivity and specificity."""

    title: str
    colour: str
    dash: str
    roc: Roc
    threshold: str
    counts: Confusion
    sensitivity: Interval
    specificity: Interval


@dataclass(frozen=True)
class RocCurves:
    """The ROC curves of all models in one figure."""

    models: tuple[Model, ...]


@dataclass(frozen=True)
class Matrices:
    """A confusion matrix a model."""

    models: tuple[Model, ...]


@dataclass(frozen=True)
class Thousand:
    """1,000 children as an icon array, with the sentence that says it."""

    title: str
    of: PerThousand
    sentence: str


@dataclass(frozen=True)
class Children:
    """One `Thousand` a model."""

    models: tuple[Thousand, ...]


@dataclass(frozen=True)
class Priced:
    """A model with its AUC and what it costs, above 0, in the unit of the axis it is drawn on.

    words: title and numbers in words; colour '#rrggbb'; symbol as plotly names it.
    """

    words: str
    colour: str
    symbol: str
    cost: float
    auc: Interval


@dataclass(frozen=True)
class Costs:
    """AUC against a cost on a logarithmic axis of that title. front: the Pareto front of models, cheapest first."""

    axis: str
    models: tuple[Priced, ...]
    front: tuple[Priced, ...]


@dataclass(frozen=True)
class Figure:
    """A picture as a JPEG file's bytes, and the words below it."""

    jpeg: bytes
    caption: str


@dataclass(frozen=True)
class Figures:
    """Pictures, two in a row."""

    figures: tuple[Figure, ...]


Block = Words | Points | Table | RocCurves | Matrices | Children | Costs | Figures


@dataclass(frozen=True)
class Section:
    heading: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Handout:
    """title; disclaimer: on every page; sections in reading order."""

    title: str
    disclaimer: str
    sections: tuple[Section, ...]
    made_on: date = field(default_factory=date.today)


def texts(part: object) -> Iterator[str]:
    """Every text of a handout or of a part of it, the names of a table's rows and columns included."""
    if isinstance(part, str):
        yield part
    elif isinstance(part, pd.DataFrame):
        yield from map(str, (*part.columns, *part.index.to_flat_index(), *part.to_numpy().ravel()))
    elif isinstance(part, tuple):
        for item in part:
            yield from texts(item)
    elif is_dataclass(part):
        for each in fields(part):
            yield from texts(getattr(part, each.name))
