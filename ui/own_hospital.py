"""What the reader gives on the page of the own hospital, and which column is what. Nothing outlives the visit."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
import streamlit as st

from cxr_models import zoo
from cxr_models.errors import Refusal, TableRefused
from cxr_models.evaluation import curves, own_table, scores, site
from cxr_models.evaluation.site import Column, Site
from ui import cached
from ui.words import literal

WAYS = {"table": "A table of scores", "pictures": "Pictures, read now"}
TRUTH_NAMES = ("label", "truth", "target", "class", "ground_truth", "pneumonia", "y")
PATIENT_NAMES = ("patient", "patient_id", "patientid", "pid", "case")
SCORE_WORDS = ("score", "prob", "logit", "pred")
NO_PATIENT = "No column: every row is another patient"
UNNAMED = "The table names no patients: if some have several pictures in it, the intervals are too short."
EXPECTED = {
    "table": "A CSV with a row a picture: one column says whether there is pneumonia, one or more hold scores, one may "
    "name the patient. Commas or semicolons, decimal points or commas.",
    "pictures": "Two folders, NORMAL and PNEUMONIA, in one zip or one folder. Reading takes a second or two a picture.",
}
FIRST_ROWS = 20
MOST_COLUMNS = 6
LONGEST_TITLE = 32
EXAMPLES = 3
MARKUP = str.maketrans("<>[]`", "‹›()'")


@dataclass(frozen=True)
class Given:
    """A table of text, a key that is the same for the same table, and sentences on how it was made."""

    table: pd.DataFrame
    key: str
    notes: list[str] = field(default_factory=list)


@contextmanager
def asking() -> Iterator[None]:
    """A refusal raised inside is shown as its sentence, and the page ends there with everything above it in place."""
    try:
        yield
    except Refusal as refusal:
        st.error(literal(str(refusal)), icon=":material/table_view:")
        st.stop()


def upload() -> Given | None:
    """Draw the uploader of a table. Raises TableRefused."""
    file = st.file_uploader(
        "A CSV file with a row a picture", key="own_table",
        help="One column says the truth, one or more hold scores, one may name the patient. The table stays in this "
        "server's memory and goes when you leave.",
    )  # fmt: skip
    if file is None:
        return None
    data = file.getvalue()
    return Given(own_table.read(data), hashlib.sha256(data).hexdigest()[:16])


def mapped(given: Given) -> tuple[Site, list[str]] | None:
    """Draw the choice of the columns; the site, and sentences on what was left out or turned. None until the reader has
    chosen. Raises TableRefused."""
    table, columns = given.table, list(given.table)
    with st.container(border=True):
        st.markdown("**Which column is what?**")
        left, right = st.columns(2)
        truth = left.selectbox(
            "The truth", columns, index=_named(columns, TRUTH_NAMES), placeholder="Choose a column",
            key=f"truth_{given.key}",
        )  # fmt: skip
        patient = right.selectbox(
            "The patient", [NO_PATIENT, *columns], index=_after_none(_named(columns, PATIENT_NAMES)),
            key=f"patient_{given.key}",
            help="Pictures of one patient resemble each other. They stay in one half, and intervals count patients.",
        )  # fmt: skip
        if truth is None:
            return None
        values = own_table.values(table, truth)
        if len(values) < 2:
            raise TableRefused(
                f"Every row of the column {truth} says “{values[0][:LONGEST_TITLE]}”. The table needs pictures with "
                "and pictures without pneumonia."
            )
        ill = left.selectbox(
            "It says pneumonia by", values, index=_place(values, own_table.likely(values, own_table.ILL_WORDS)),
            placeholder="Choose a value", key=f"ill_{given.key}_{truth}",
        )  # fmt: skip
        well = right.selectbox(
            "It says no pneumonia by", values, index=_place(values, own_table.likely(values, own_table.WELL_WORDS)),
            placeholder="Choose a value", key=f"well_{given.key}_{truth}",
        )  # fmt: skip
        possible = _possible(table, truth, patient)
        chosen = st.multiselect(
            "The scores", possible, default=_scores(possible), max_selections=MOST_COLUMNS,
            placeholder="Choose columns", key=f"scores_{given.key}_{truth}_{patient}",
            help="Columns of numbers only. Any scale will do; higher should mean pneumonia.",
        )  # fmt: skip
        ours = [name for name in chosen if name in zoo.SPECS]
        logits = st.multiselect(
            "Logits of this app's networks among them", ours, default=_logits(table, ours),
            key=f"logits_{given.key}_{'_'.join(ours)}",
            help="They become scores by the network's temperature, and the shipped thresholds are tried on them.",
        ) if ours else []  # fmt: skip
    if ill is None or well is None or not chosen:
        return None
    label = own_table.labels(table, truth, ill=ill, well=well)
    known = np.isfinite(label)
    notes = list(given.notes)
    if patient == NO_PATIENT:
        notes.append(UNNAMED)
    if not known.all():
        notes.append(_left_out(table[~known], truth))
    rows = table[known].reset_index(drop=True)
    found = [_column(rows, name, logits, label[known], notes, given.key) for name in chosen]
    return site.site(label[known].astype(int), _patients(rows, patient), _told_apart(found)), notes


def _left_out(rows: pd.DataFrame, truth: str) -> str:
    """How many rows are neither pneumonia nor none, and what they say instead."""
    values = own_table.values(rows, truth)
    said = [f"“{value[:LONGEST_TITLE]}”" if value else "nothing" for value in values[:EXAMPLES]]
    more = ", …" if len(values) > EXAMPLES else ""
    count = "1 row says neither" if len(rows) == 1 else f"{len(rows)} rows say neither"
    return f"{count} ({', '.join(said)}{more}): left out."


def _possible(table: pd.DataFrame, truth: str, patient: str) -> list[str]:
    """The columns that may be scores; why a column that sounds like one may not is said. Raises TableRefused where none
    may."""
    found, refused = own_table.score_columns(table)
    why = {column: sentence for column, sentence in refused.items() if column not in (truth, patient)}
    possible = [column for column in found if column not in (truth, patient)]
    if not possible:
        raise TableRefused(" ".join(("No column can be used as scores.", *list(why.values())[:EXAMPLES])))
    for sentence in [sentence for column, sentence in why.items() if _sounds_like_scores(column)][:EXAMPLES]:
        st.warning(literal(sentence), icon=":material/table_view:")
    return possible


def _logits(table: pd.DataFrame, ours: list[str]) -> list[str]:
    """Those that are no shares: a column between 0 and 1 holds scores already."""
    return [name for name in ours if not Column("", own_table.numbers(table, name)).is_share]


def _told_apart(columns: list[Column]) -> list[Column]:
    """Two columns of one title get their place behind it."""
    titles = [column.title for column in columns]
    return [
        replace(column, title=f"{column.title} ({place})") if titles.count(column.title) > 1 else column
        for place, column in enumerate(columns, start=1)
    ]


def _column(rows: pd.DataFrame, name: str, logits: list[str], label: np.ndarray, notes: list[str], key: str) -> Column:
    values, title = own_table.numbers(rows, name), shown(name)
    if name in logits:
        return Column(zoo.spec(name).title, scores.score(values, cached.calibration(name)["temperature"]), name)
    auc = curves.roc(label.astype(int), values).auc
    if auc < 0.5:
        st.warning(
            f"{literal(title)} has an AUC of {auc:.2f}: higher values go with normals. Does a lower value mean "
            "pneumonia in this column?",
            icon=":material/swap_vert:",
        )
        if st.toggle(f"Yes, turn {literal(title)} round", key=f"turned_{key}_{name}"):
            notes.append(f"{title} was turned round.")
            return Column(f"{title}, turned", _turned(values))
    return Column(title, values)


def shown(name: str) -> str:
    """A stranger's column name, short and without what a figure or a table would take for markup or a link."""
    name = name.translate(MARKUP)
    return name if len(name) <= LONGEST_TITLE else f"{name[: LONGEST_TITLE - 1]}…"


def _turned(values: np.ndarray) -> np.ndarray:
    """Shares stay shares."""
    return 1 - values if ((values >= 0) & (values <= 1)).all() else -values


def _patients(rows: pd.DataFrame, column: str) -> list[str]:
    if column == NO_PATIENT:
        return [str(place) for place in range(len(rows))]
    # A row without a patient's name is a patient of its own.
    return [name or f"row {place}" for place, name in enumerate(rows[column])]


def _named(columns: list[str], names: tuple[str, ...]) -> int | None:
    return next((place for place, column in enumerate(columns) if column.lower() in names), None)


def _after_none(place: int | None) -> int:
    return 0 if place is None else place + 1


def _place(values: list[str], value: str | None) -> int | None:
    return None if value is None else values.index(value)


def _scores(possible: list[str]) -> list[str]:
    named = [it for it in possible if _sounds_like_scores(it)]
    return (named or (possible if len(possible) == 1 else []))[:MOST_COLUMNS]


def _sounds_like_scores(column: str) -> bool:
    return column in zoo.SPECS or any(word in column.lower() for word in SCORE_WORDS)
