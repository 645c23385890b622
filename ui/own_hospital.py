"""The table that the reader gives on the page of the own hospital. It is kept for the visit and goes at reload."""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import streamlit as st

from cxr_models import zoo
from cxr_models.errors import Refusal
from cxr_models.evaluation import own_analysis, own_columns, own_file, own_table
from cxr_models.evaluation.own_analysis import Prepared, Roles
from cxr_models.evaluation.own_columns import Proposal
from cxr_models.evaluation.own_table import OwnTable
from cxr_models.patients import Rule
from ui import cached
from ui.words import literal

WAYS = {"table": "A table of scores", "pictures": "X-rays"}
EXPECTED = {
    "table": "One row for each X-ray. One column holds the truth, one or more hold scores, one may name the patient.",
    "pictures": "Two folders, NORMAL and PNEUMONIA, in one zip or one folder. Reading takes about a second each.",
}
LONGEST_TITLE = 32
MARKUP = str.maketrans("<>[]`", "‹›()'")


@dataclass(frozen=True)
class Given:
    """name: of the file. table: as it was read. key: the same for the same table."""

    name: str
    table: OwnTable
    key: str


@contextmanager
def asking() -> Iterator[None]:
    """A refusal raised inside is shown as its sentence, and the page ends there with everything above it in place."""
    try:
        yield
    except Refusal as refusal:
        st.error(literal(str(refusal)), icon=":material/table_view:")
        st.stop()


def upload() -> Given | None:
    """Draw the uploader of a table and, where there are several, the choice of the sheet; None until both are done.
    Raises TableRefused."""
    st.file_uploader(
        "A table with one row for each X-ray: CSV, TSV, Excel (.xlsx) or OpenDocument (.ods)", key="own_table",
        on_change=_take, max_upload_size=own_file.MAX_BYTES // 1_000_000,
    )  # fmt: skip
    if not (kept := st.session_state.get("own_file")):
        return None
    name, data = kept
    if st.session_state["own_table"] is None:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"Your table **{literal(name)}** is still here.")
            st.button("Remove the table", key="own_remove", on_click=st.session_state.pop, args=("own_file",))
    key = hashlib.sha256(data).hexdigest()[:16]
    sheets = own_file.sheets(data)
    sheet = sheets[0] if sheets else None
    if len(sheets) > 1:
        sheet = st.selectbox(
            "Which sheet holds the table?", sheets, index=None, placeholder="Choose a sheet", key=f"sheet_{key}",
            persist_state="session",
        )  # fmt: skip
        if sheet is None:
            return None
    return Given(name, _read(key, sheet, data), f"{key}_{sheets.index(sheet) if sheet else 0}")


def _take() -> None:
    """Keep the bytes, for the uploader itself forgets them on another page."""
    file = st.session_state["own_table"]
    if file is None:
        st.session_state.pop("own_file", None)
    else:
        st.session_state["own_file"] = (file.name, file.getvalue())


@st.cache_data(scope="session", max_entries=3, show_spinner="The table is being read.")
def _read(key: str, sheet: str | None, _data: bytes) -> OwnTable:
    return own_table.read(_data, sheet)


@st.cache_data(scope="session", max_entries=3, show_spinner=False)
def proposal(key: str, _it: OwnTable) -> Proposal:
    """`own_columns.propose` of the table with that key."""
    return own_columns.propose(_it)


@st.cache_data(scope="session", max_entries=6, show_spinner="The table is being analysed.")
def prepared(key: str, roles: Roles, _it: OwnTable) -> Prepared:
    """`own_analysis.prepared` of the table with that key. Raises TableRefused and CheckpointRefused."""
    networks = dict(roles.logits)
    titles = {name: zoo.spec(networks[name]).title if name in networks else shown(name) for name, _ in roles.scores}
    temperatures = {network: cached.calibration(network)["temperature"] for network in networks.values()}
    return own_analysis.prepared(_it, roles, titles=titles, temperatures=temperatures)


def analyse(table: str, roles: Roles | Rule | None, label: str = "Analyse") -> bool:
    """Draw the button that starts the analysis, and say whether it was pressed for these roles; table: the key of what
    was given; roles: of a table's columns, or the rule for the patients of images, None until each is chosen."""
    key = (table, roles)
    started = st.session_state.get("own_started")
    st.button(
        label, key="own_analyse", type="primary", icon=":material/play_arrow:", on_click=_start, args=(key,),
        disabled=roles is None or started == key,
    )  # fmt: skip
    if roles is not None and started and started[0] == table and started != key:
        st.info(f"You changed a role. Press “{label}” to update the results.", icon=":material/rule:")
    return roles is not None and started == key


def _start(key: tuple) -> None:
    st.session_state["own_started"] = key


def labels(names: Sequence[str]) -> dict[str, str]:
    """How each column is called on screen; those that look alike when shortened get their place behind."""
    short = [shown(name) for name in names]
    return {
        name: f"{label} (column {place})" if short.count(label) > 1 else label
        for place, (name, label) in enumerate(zip(names, short, strict=True), start=1)
    }


def shown(name: str) -> str:
    """A stranger's column name, short and without what a figure or a table would take for markup or a link."""
    name = name.translate(MARKUP)
    return name if len(name) <= LONGEST_TITLE else f"{name[: LONGEST_TITLE - 1]}…"
