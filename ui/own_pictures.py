"""Pictures of the reader's own in folders NORMAL and PNEUMONIA, read now by every model into a table."""

import hashlib
from pathlib import PurePosixPath

import pandas as pd
import streamlit as st

from cxr_models import archive, batch, zoo
from cxr_models.archive import Source
from cxr_models.errors import PictureRefused, TableRefused
from ui.own_hospital import Given
from ui.words import SPREADSHEET, literal

CLASSES = {"normal": "NORMAL", "pneumonia": "PNEUMONIA"}
WAYS = {
    "A zip": {"key": "own_zip", "accept_multiple_files": True},
    "A folder": {"key": "own_folder", "accept_multiple_files": "directory"},
}


def upload() -> Given | None:
    """Draw the uploader and read what it holds; None while it is empty. Raises TableRefused."""
    way = st.segmented_control("Pictures in", list(WAYS), default=next(iter(WAYS)), required=True, key="own_way")
    files = st.file_uploader(
        "Pictures below folders NORMAL and PNEUMONIA", **WAYS[way],
        help="The name of the folder is the truth. File names that are the same up to the first _ count as one "
        "patient. Pictures stay in this server's memory and go when you leave.",
    )  # fmt: skip
    if not files:
        return None
    told = [
        (truth(source.name), source)
        for source in archive.sources([(file.file_id, file.name, file.getvalue) for file in files])
    ]
    labelled = [(label, source) for label, source in told if label]
    outside = _outside([source for label, source in told if not label])
    if not labelled:
        raise TableRefused(
            " ".join(
                (
                    "No picture lies below a folder NORMAL or PNEUMONIA. Please put the pictures into two folders of "
                    "these names and upload both in one zip or one folder.",
                    *outside,
                )
            )
        )
    for sentence in outside:
        st.warning(literal(sentence), icon=":material/folder_off:")
    return _read(labelled, outside)


def truth(name: str) -> str:
    """The class that the innermost folder of that name gives a file; '' where there is none.

    >>> truth("set.zip/test/Normal/a.png"), truth("normal.png")
    ('NORMAL', '')
    """
    folders = (part.lower() for part in reversed(PurePosixPath(name).parts[:-1]))
    return next((CLASSES[folder] for folder in folders if folder in CLASSES), "")


def patient(name: str) -> str:
    """What a file name says up to the first _.

    >>> patient("x/PNEUMONIA/person7_virus_3.jpeg"), patient("x/NORMAL/IM-0001-0001.jpeg")
    ('person7', 'IM-0001-0001')
    """
    return PurePosixPath(name).stem.partition("_")[0]


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
        said.append(f"{_files(others, 'lies', 'lie')} in neither folder, so the truth is not known: left out.")
    return said


def _files(count: int, one: str, more: str) -> str:
    return f"1 file {one}" if count == 1 else f"{count} files {more}"


def _read(labelled: list[tuple[str, Source]], outside: list[str]) -> Given:
    """What was read stays for the visit, so that a change of the dial reads nothing twice."""
    known: dict[str, batch.Row] = st.session_state.setdefault("own_rows", {})
    shipped = batch.asked()
    bar = st.progress(0.0, text="The pictures are being read.")
    for place, (_, source) in enumerate(labelled, start=1):
        if source.key not in known or not known[source.key].is_of(shipped):
            known[source.key] = batch.read(place, source)
        bar.progress(place / len(labelled), text=f"{place} of {len(labelled)} pictures are read.")
    bar.empty()
    rows = [(label, known[source.key]) for label, source in labelled]
    told = [*outside, *_told([row for _, row in rows])]
    table = pd.DataFrame([_row(label, row) for label, row in rows if not row.reason])
    if table.empty:
        raise TableRefused("None of these pictures can be read.")
    written = table.to_csv(index=False).encode(SPREADSHEET)
    st.download_button(
        "What the models said, as a table", written, "own_pictures.csv", "text/csv", icon=":material/table_view:",
        on_click="ignore",
    )  # fmt: skip
    return Given(table, hashlib.sha256(written).hexdigest()[:16], told)


def _told(rows: list[batch.Row]) -> list[str]:
    """Draw which files are left out and which were read with a warning, each with its reason; the sentences that count
    them."""
    refused = [(row.name, row.reason) for row in rows if row.reason]
    warned = [(row.name, " ".join(row.warnings)) for row in rows if row.warnings]
    sentences = {
        f"Of {len(rows)} files {len(refused)} could not be read: left out.": refused,
        f"Of {len(rows)} files {len(warned)} gave a warning: read and counted all the same.": warned,
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


def _row(label: str, row: batch.Row) -> dict[str, str]:
    logits = {name: f"{row.logits[name]:.6f}" for name in zoo.COMPARED if name in row.logits}
    return {"file": batch.harmless(row.name), "truth": label, "patient": batch.harmless(patient(row.name)), **logits}
