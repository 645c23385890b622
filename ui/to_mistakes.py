"""From a cell of a confusion matrix to its pictures on the page Mistakes: by a click, or by the links below it."""

import streamlit as st

from cxr_models.evaluation.confusion import Confusion
from ui import cached, frame

PAGE = "pages/mistakes.py"
# The kinds that it knows, with their words and their counts, in the order of the matrix's cells: row by row.
KINDS = {
    "found": ("found pneumonia", "tp"),
    "missed": ("missed pneumonia", "fn"),
    "false_alarm": ("false alarm", "fp"),
    "correct_normal": ("cleared normal", "tn"),
}
MISTAKES_FIRST = ("missed", "false_alarm", "found", "correct_normal")


def leads(split: str) -> bool:
    """Whether there are pictures to be led to: not of the other hospital, whose pictures are not shipped."""
    return split != cached.OTHER_HOSPITAL and frame.has_page(PAGE)


def clickable(split: str) -> bool:
    """Whether a cell can be clicked. Not on a phone: plotly hears no tap there, and would keep the page from being
    scrolled by a finger on the figure."""
    return leads(split) and "Mobi" not in st.context.headers.get("User-Agent", "")


def links(name: str, it: Confusion, split: str) -> list[tuple[str, dict[str, str]]]:
    """For each cell of a model's matrix that holds pictures: the words of a link to `PAGE`, and what it tells that page
    in the address."""
    found = []
    for kind in MISTAKES_FIRST:
        word, cell = KINDS[kind]
        if count := getattr(it, cell):
            said = f"Look at the {f'{count} {word}s' if count > 1 else word}"
            found.append((said, _address(name, kind, split)))
    return found


def follow(clicked: list[int], name: str, it: Confusion, split: str) -> None:
    """Go to the pictures of the cell that was clicked, if one was and it holds any; clicked: numbers of
    cells, row by row."""
    for kind in (list(KINDS)[number] for number in clicked):
        if getattr(it, KINDS[kind][1]):
            st.switch_page(PAGE, query_params={**st.query_params.to_dict(), **_address(name, kind, split)})


def _address(name: str, kind: str, split: str) -> dict[str, str]:
    return {"view": "model", "model": name, "kind": kind, "split": split}
