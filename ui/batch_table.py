"""The table of several files: thumbnails, verdicts, in an order; a row opens its picture."""

import base64
from collections.abc import Callable, Sequence

import pandas as pd
import streamlit as st

from cxr_models import batch, zoo
from cxr_models.batch import Row
from cxr_models.verdict import judge
from ui.state import OperatingPoint
from ui.words import SPREADSHEET

TABLE = "table"
UNREAD = "not read"
COVERED = "covered"
ORDERS = {
    "given": "As given",
    "highest": "Most suspicious first",
    "spread": "Models farthest apart first",
}
SPREAD_HELP = (
    "How far apart the models stand, each measured from its own threshold: the largest distance above it minus the "
    "smallest. Scores of two models are never compared themselves."
)


def choose_order() -> str:
    """Draw the choice; a key of `ORDERS`."""
    return st.selectbox(
        "Order", list(ORDERS), format_func=ORDERS.get, key="order", persist_state="session", width=260,
        help="Most suspicious: the picture whose score lies farthest above its own model's threshold.",
    )  # fmt: skip


def draw(
    rows: Sequence[Row],
    order: str,
    point: OperatingPoint,
    *,
    covered: frozenset[str],
    pick: Callable[[int], None],
) -> None:
    """The table, and the choice of the picture on screen; the row of the picture on screen is ticked.

    covered: hashes whose verdicts are hidden until the reader has given an own call. pick: called with the number of
    the file that the reader opens.
    """
    shown = batch.ordered(rows, "given" if covered else order, point.thresholds)
    frame = pd.DataFrame([_line(row, point, rows, covered) for row in shown])
    on_screen = st.session_state.get("shown")
    ticked = [place for place, row in enumerate(shown) if on_screen and row.number == on_screen.number]
    st.session_state[TABLE] = {"selection": {"rows": ticked, "columns": [], "cells": []}}
    st.dataframe(
        frame,
        key=TABLE,
        selection_mode=("single-row", "single-cell"),
        on_select=lambda: _selected(shown, pick),
        hide_index=True,
        row_height=56,
        placeholder="–",
        column_config={
            "Picture": st.column_config.ImageColumn(width="small"),
            "Spread": st.column_config.NumberColumn(format="%.2f", help=SPREAD_HELP),
            "Remark": st.column_config.TextColumn(width="large"),
        },
        alt=f"{len(rows)} files with the verdict and score of each model; refused files with their reason.",
    )
    if covered and order != "given":
        st.caption("In the order given, as long as a verdict is covered.")
    if readable := [row for row in shown if not row.reason]:
        _choose(readable, pick)


def download(rows: Sequence[Row], point: OperatingPoint, covered: frozenset[str]) -> None:
    """Draw the button for the CSV of all models' answers; it is silent where the models are."""
    st.download_button(
        "Take the readings away (CSV)",
        batch.to_csv(rows, point.thresholds, covered=covered).encode(SPREADSHEET), "readings.csv", "text/csv",
        key="csv", icon=":material/download:", on_click="ignore",
        help="Logits, scores, thresholds and verdicts of every file. It holds the names of your files.",
    )  # fmt: skip
    if covered:
        st.caption("The CSV, too, leaves out what the models say of pictures that wait for your own call.")


def _choose(readable: list[Row], pick: Callable[[int], None]) -> None:
    """The same choice without a mouse."""
    names = {row.number: row.name for row in readable}
    on_screen = st.session_state.get("shown")
    st.session_state.picked = on_screen.number if on_screen and on_screen.number in names else None
    st.selectbox(
        "On screen",
        list(names),
        format_func=lambda number: f"{number} · {names[number]}",
        placeholder="Choose a file to look at, or click its row",
        key="picked",
        on_change=lambda: st.session_state.picked and pick(st.session_state.picked),
    )


def _selected(shown: list[Row], pick: Callable[[int], None]) -> None:
    """A click anywhere in a row opens its picture, and so does ticking the row."""
    chosen = st.session_state[TABLE].selection
    for place in [row for row, _ in chosen.cells] or chosen.rows:
        if not shown[place].reason:
            pick(shown[place].number)


def _line(row: Row, point: OperatingPoint, rows: Sequence[Row], covered: frozenset[str]) -> dict:
    line = {
        "No.": row.number,
        "Picture": _uri(row.thumbnail),
        "File": batch.harmless(row.name),
    }  # the table itself can be saved as CSV, too
    scores = row.scores()
    hidden = row.sha256 in covered
    for name in zoo.COMPARED:
        told = _short(scores[name], name, point) if name in scores and name in point.thresholds else UNREAD
        line[zoo.spec(name).title] = COVERED if hidden else told
    line["Spread"] = None if hidden or row.reason else batch.spread(row, point.thresholds)
    return line | {"Remark": row.reason or " ".join((*_twins(row, rows), *row.warnings))}


def _short(score: float, name: str, point: OperatingPoint) -> str:
    verdict = judge(score, point.thresholds[name])
    word = "◆ suspected" if verdict.positive else "○ not suspected"
    close = ", too close to call" if verdict.too_close else ""
    return f"{word} · {verdict.score_words}{close}"


def _twins(row: Row, rows: Sequence[Row]) -> list[str]:
    """A note when the same picture came before."""
    earlier = [other.number for other in rows if other.sha256 == row.sha256 and other.number < row.number]
    return [f"The same picture as No. {earlier[0]}."] if earlier else []


def _uri(thumbnail: bytes) -> str:
    return f"data:image/jpeg;base64,{base64.b64encode(thumbnail).decode()}" if thumbnail else ""
