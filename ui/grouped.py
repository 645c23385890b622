"""A table whose rows stand in groups: a phone has room for few columns, and for as many rows as one likes."""

import pandas as pd
import streamlit as st


def show(frame: pd.DataFrame, *, alt: str) -> None:
    """Draw a frame of text with two levels in its index; the first becomes a line of its own above its rows."""
    st.table(with_headings(frame), border="horizontal", alt=alt)


def with_headings(frame: pd.DataFrame) -> pd.DataFrame:
    """One level of index, the groups in bold above their rows.

    >>> frame = pd.DataFrame({"A": ["1", "2"]}, index=pd.MultiIndex.from_tuples([("Group", "row"), ("Other", "row")]))
    >>> list(with_headings(frame)["A"].items())
    [('**Group**', ''), ('row', '1'), ('**Other**', ''), ('row', '2')]
    """
    blank = [""] * len(frame.columns)
    parts = []
    for group, rows in frame.groupby(level=0, sort=False):
        heading = pd.DataFrame([blank], columns=frame.columns, index=[f"**{group}**"])
        parts += [heading, rows.droplevel(0)]
    return pd.concat(parts)
