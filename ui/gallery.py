"""Test pictures in pages of small cards; opening one has the models read it now."""

import hashlib
import math

import streamlit as st

from cxr_models import zoo
from cxr_models.evaluation.mistakes import Judged
from cxr_models.paths import TEST_PICTURES
from cxr_models.verdict import agreement, apart
from ui import cached, refusal, verdicts, viewer
from ui.picture import SUBTYPE_WORDS, Given
from ui.state import OperatingPoint

A_PAGE = 12
CARD_PIXELS = 220
SQUASHED = "Shown squashed to a square; the original proportions are not in this copy."


def show(seen: Judged, rows: list[int], point: OperatingPoint, *, key: str) -> None:
    """The pictures of these rows, `A_PAGE` at a time, in the order given.

    key: of the page's state; another choice of pictures takes another key, so that it starts on its first page.
    """
    if not rows:
        st.info("There is no such picture.", icon=":material/check:")
        return
    pages = math.ceil(len(rows) / A_PAGE)
    page = st.pagination(pages, key=key) if pages > 1 else 1
    first = (page - 1) * A_PAGE
    shown = f"{first + 1} to {min(first + A_PAGE, len(rows))} of " if pages > 1 else ""
    st.caption(f"{shown}{len(rows)} picture{'s'[: len(rows) != 1]}. {SQUASHED}")
    with st.grid("auto", min_column_width=CARD_PIXELS, border=True):
        for row in rows[first : first + A_PAGE]:
            with st.container(gap="xsmall"):
                _card(seen, row, point)


def _card(seen: Judged, row: int, point: OperatingPoint) -> None:
    file, subtype = seen.rows.loc[row, ["file", "subtype"]]
    path = TEST_PICTURES / file
    truth = SUBTYPE_WORDS[subtype]
    if path.is_file():
        st.image(str(path), width="stretch", alt=f"Test picture {file}, published as {truth}.")
    else:
        st.caption("This copy of the project does not hold the picture.")
    st.markdown(f"**{truth.capitalize()}**")
    st.caption(file)
    st.markdown("  \n".join(_line(name, seen, row) for name in seen.score))
    if path.is_file() and st.button("Open", key=f"open_{file}", icon=":material/open_in_full:", width="stretch"):
        _opened(file, truth, point)


def _line(name: str, seen: Judged, row: int) -> str:
    score, _ = apart(float(seen.score[name][row]), seen.points[name].threshold)
    return f"{'◆' if seen.positive[name][row] else '○'} {zoo.spec(name).title} {score}"


@st.dialog("Test picture", width="large", icon=":material/radiology:")
def _opened(file: str, truth: str, point: OperatingPoint) -> None:
    """The picture with the maps and verdicts of all models, read now."""
    data = (TEST_PICTURES / file).read_bytes()
    given = Given(file, data, sha256=hashlib.sha256(data).hexdigest())
    st.markdown(f"**Published as {truth}** · {file}. No network was trained on it. {SQUASHED}")
    readings, refused = verdicts.readings(given, point)
    refusal.of_models(refused)
    judged = verdicts.judged(readings, point)
    st.markdown(f"**{agreement({zoo.spec(name).title: verdict for name, verdict in judged.items()})}**")
    viewer.show(cached.open_picture(data), readings, judged)
    for column, (name, verdict) in zip(st.columns(len(judged)), judged.items(), strict=True):
        with column:
            verdicts.card(name, verdict)
