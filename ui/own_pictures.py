"""X-rays of the reader's own in folders NORMAL and PNEUMONIA, read by every model into a table."""

import hashlib
from dataclasses import dataclass
from pathlib import PurePosixPath

import pandas as pd
import streamlit as st

from cxr_models import archive, batch, patients, zoo
from cxr_models.archive import Source
from cxr_models.errors import PictureRefused, TableRefused
from cxr_models.evaluation.own_analysis import Roles
from cxr_models.evaluation.own_table import OwnTable
from cxr_models.patients import Proposal, Rule
from ui.own_hospital import Given
from ui.words import SPREADSHEET, literal

CLASSES = {"normal": "NORMAL", "pneumonia": "PNEUMONIA"}
WAYS = {
    "A zip": {"key": "own_zip", "accept_multiple_files": True},
    "A folder": {"key": "own_folder", "accept_multiple_files": "directory"},
}


@dataclass(frozen=True)
class Labelled:
    """sources: the files below a folder NORMAL or PNEUMONIA. labels: of each, the name of its class. outside: sentences
    on the files in neither folder. key: the same for the same files."""

    sources: tuple[Source, ...]
    labels: tuple[str, ...]
    outside: tuple[str, ...]
    key: str


def upload() -> Labelled | None:
    """Draw the uploader; None while it is empty. Raises TableRefused."""
    way = st.segmented_control(
        "X-rays in", list(WAYS), default=next(iter(WAYS)), required=True, key="own_way", persist_state="session"
    )
    st.file_uploader(
        "X-rays below folders NORMAL and PNEUMONIA", **WAYS[way], on_change=_take, args=(WAYS[way]["key"],),
        help="The name of the folder is the truth.",
    )  # fmt: skip
    labelled = st.session_state.get("own_labelled")
    if labelled is None:
        return None
    if not st.session_state[WAYS[way]["key"]]:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"Your {len(labelled.sources)} X-rays are still here.")
            st.button("Remove the X-rays", key="own_remove", on_click=st.session_state.pop, args=("own_labelled",))
    if not labelled.sources:
        raise TableRefused(
            " ".join(
                (
                    "No X-ray lies below a folder NORMAL or PNEUMONIA. Please put the X-rays into two folders of "
                    "these names and upload both in one zip or one folder.",
                    *labelled.outside,
                )
            )
        )
    for sentence in labelled.outside:
        st.warning(literal(sentence), icon=":material/folder_off:")
    return labelled


def _take(key: str) -> None:
    """Keep the files, for the uploader itself forgets them on another page."""
    files = st.session_state[key]
    if not files:
        st.session_state.pop("own_labelled", None)
        return
    sources = archive.sources([(file.file_id, file.name, file.getvalue) for file in files])
    labels = [truth(source.name) for source in sources]
    known = [(source, label) for source, label in zip(sources, labels, strict=True) if label]
    st.session_state["own_labelled"] = Labelled(
        tuple(source for source, _ in known),
        tuple(label for _, label in known),
        tuple(_outside([source for source, label in zip(sources, labels, strict=True) if not label])),
        hashlib.sha256("|".join(source.key for source in sources).encode()).hexdigest()[:16],
    )


def choose_patients(labelled: Labelled) -> Rule | None:
    """Draw the rules that find the patient in a file name, each with examples; None until one is chosen."""
    names = [source.name for source in labelled.sources]
    proposals = {str(found.rule): found for found in patients.propose(names)}
    first = next(iter(proposals.values()))
    chosen = st.radio(
        "Which X-rays are of the same patient?", list(proposals), index=0 if first.sure else None,
        format_func=lambda rule: _offer(proposals[rule]), captions=[_why(found) for found in proposals.values()],
        key=f"own_patients_{labelled.key}", persist_state="session",
        help="X-rays of one patient stay in the same half, and the intervals count patients.",
    )  # fmt: skip
    return proposals[chosen].rule if chosen else None


def _offer(found: Proposal) -> str:
    if found.rule == patients.NONE:
        return found.rule.title
    return literal(f"{found.rule.title}: {_counted(found.images, 'X-ray')}, {_counted(found.patients, 'patient')}")


def _why(found: Proposal) -> str:
    """Examples, and why they may be no patients."""
    if found.rule == patients.NONE:
        return "If some patients have several X-rays, the intervals are too short."
    examples = ", ".join(f"{name} → {patient}" for name, patient in found.examples)
    doubt = f" {found.doubt} This does not look like a patient." if found.doubt else ""
    return literal(f"{examples}.{doubt}")


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'s' * (count != 1)}"


def truth(name: str) -> str:
    """The class that the innermost folder of that name gives a file; '' where there is none.

    >>> truth("set.zip/test/Normal/a.png"), truth("normal.png")
    ('NORMAL', '')
    """
    folders = (part.lower() for part in reversed(PurePosixPath(name).parts[:-1]))
    return next((CLASSES[folder] for folder in folders if folder in CLASSES), "")


def _outside(sources: list[Source]) -> list[str]:
    """What becomes of the sources in neither folder, an archive that cannot be opened and what is too much among them:
    those that refuse to be read with their reason, a sentence each, and how many others are left out."""
    said, others = [], 0
    for source in sources:
        try:
            source.load()
        except PictureRefused as refusal:
            said.append(f"{source.name}: {refusal}")
        else:
            others += 1
    if others:
        said.append(f"{_files(others, 'lies', 'lie')} in neither folder. Without a truth they are left out.")
    return said


def _files(count: int, one: str, more: str) -> str:
    return f"1 file {one}" if count == 1 else f"{count} files {more}"


def read(labelled: Labelled, rule: Rule) -> tuple[Given, Roles, tuple[str, ...]]:
    """What the models say, as a table, with its roles and sentences on the files left out.

    What was read stays for the visit, so that a change of the operating point reads nothing twice. Raises TableRefused.
    """
    known: dict[str, batch.Row] = st.session_state.setdefault("own_rows", {})
    shipped = batch.asked()
    bar = st.progress(0.0, text="The X-rays are being read.")
    for place, source in enumerate(labelled.sources, start=1):
        if source.key not in known or not known[source.key].is_of(shipped):
            known[source.key] = batch.read(place, source)
        bar.progress(place / len(labelled.sources), text=f"{place} of {len(labelled.sources)} X-rays are read.")
    bar.empty()
    rows = [known[source.key] for source in labelled.sources]
    told = (*labelled.outside, *_told(rows))
    whose = patients.patients([source.name for source in labelled.sources], rule)
    lines = [
        _row(label, patient, row) for label, patient, row in zip(labelled.labels, whose, rows, strict=True)
        if not row.reason
    ]  # fmt: skip
    if not any(row.logits for row in rows):
        raise TableRefused("None of these X-rays can be read.")
    table = pd.DataFrame(lines).fillna("")
    written = table.to_csv(index=False).encode(SPREADSHEET)
    st.download_button(
        "Scores as a table", written, "own_xrays.csv", "text/csv", icon=":material/table_view:", on_click="ignore"
    )
    table.index += 2  # as the downloaded file shows them in a spreadsheet
    networks = tuple((name, name) for name in zoo.COMPARED if name in table)
    roles = Roles("truth", ("PNEUMONIA",), ("NORMAL",), tuple((name, "") for name, _ in networks), "patient", None,
                  networks)  # fmt: skip
    given = Given("own_xrays.csv", OwnTable(table, dict.fromkeys(zoo.COMPARED, ".")),
                  hashlib.sha256(written).hexdigest()[:16])  # fmt: skip
    return given, roles, told


def _told(rows: list[batch.Row]) -> list[str]:
    """Draw which files are left out and which were read with a warning, each with its reason; the sentences that count
    them."""
    refused = [(row.name, row.reason) for row in rows if row.reason]
    warned = [(row.name, " ".join(row.warnings)) for row in rows if row.warnings]
    sentences = {
        f"Of {len(rows)} files {len(refused)} could not be read and are left out.": refused,
        f"Of {len(rows)} files {len(warned)} gave a warning. They are read and counted.": warned,
    }
    said = {sentence: files for sentence, files in sentences.items() if files}
    for sentence, files in said.items():
        st.warning(sentence, icon=":material/broken_image:")
        with st.expander("Which, and why"):
            st.table(
                {"File": [literal(name) for name, _ in files], "Why": [why for _, why in files]},
                hide_index=True, border="horizontal", alt=sentence,
            )  # fmt: skip
    return list(said)


def _row(label: str, patient: str, row: batch.Row) -> dict[str, str]:
    logits = {name: f"{row.logits[name]:.6f}" for name in zoo.COMPARED if name in row.logits}
    return {"file": batch.harmless(row.name), "truth": label, "patient": batch.harmless(patient), **logits}
