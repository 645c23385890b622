"""Readings and verdicts of one picture, and how they are put on screen."""

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from cxr_models import zoo
from cxr_models.errors import Refusal
from cxr_models.inference import Reading
from cxr_models.verdict import Verdict, judge
from ui import cached
from ui.picture import Given
from ui.state import OperatingPoint

UNREAD = "not read"


def readings(given: Given, point: OperatingPoint) -> tuple[dict[str, Reading], dict[str, str]]:
    """By model: its reading, or the sentence why it gives none."""
    read, refused = {}, dict(point.missing)
    for name in point.thresholds:
        with st.spinner(f"{zoo.spec(name).title} is being loaded and reads the picture. The first time takes longest."):
            try:
                read[name] = cached.reading(given.sha256, name, given.data)
            except Refusal as refusal:
                refused[name] = str(refusal)
    return read, refused


def judged(read: Mapping[str, Reading], point: OperatingPoint) -> dict[str, Verdict]:
    """By model: its verdict at the operating point."""
    return {name: judge(reading.score, point.thresholds[name]) for name, reading in read.items()}


def card(name: str, verdict: Verdict) -> None:
    """One model's verdict in words, with what it rests on."""
    with st.container(border=True, height="stretch"):
        st.markdown(f"**{zoo.spec(name).title}**")
        st.markdown(f"{icon(verdict)} **{verdict.headline}**")
        st.markdown(verdict.numbers[0].upper() + verdict.numbers[1:])
        st.caption(verdict.flip)
        if verdict.closeness:
            st.markdown(f":material/warning: {verdict.closeness}")


def icon(verdict: Verdict) -> str:
    return ":material/error:" if verdict.positive else ":material/remove_circle_outline:"


def table(uploads: tuple[Given, ...], point: OperatingPoint) -> pd.DataFrame:
    """A row a file, in the order given: number, name, each model's verdict and score; refused files with the reason."""
    return pd.DataFrame([_row(given, point) for given in uploads])


def _row(given: Given, point: OperatingPoint) -> dict[str, str | int]:
    row: dict[str, str | int] = {"No.": given.number, "File": given.name}
    verdicts = {} if given.reason else judged(readings(given, point)[0], point)
    for name in zoo.COMPARED:
        row[zoo.spec(name).title] = _short(verdicts[name]) if name in verdicts else UNREAD
    return row | {"Remark": given.reason}


def _short(verdict: Verdict) -> str:
    word = "suspected" if verdict.positive else "not suspected"
    close = ", too close to call" if verdict.too_close else ""
    return f"{word} · {verdict.score_words}{close}"
