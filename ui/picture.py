"""Which picture is on screen: uploads and shipped samples. Bytes stay in the visitor's session and nowhere else."""

import io
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import streamlit as st
from PIL import Image

from cxr_models.archive import Source
from cxr_models.errors import Refusal
from cxr_models.paths import SAMPLES
from ui import cached
from ui.words import literal

SPLIT_WORDS = {
    "train": "it is from the training split, so the networks were trained on it",
    "val": "it is from the validation split, so no network was trained on it",
    "test": "it is from the test split, so no network was trained on it",
}
SUBTYPE_WORDS = {
    "normal": "normal",
    "bacteria": "bacterial pneumonia",
    "virus": "viral pneumonia",
    "unknown": "pneumonia of unknown kind",
}
THUMBNAIL = (220, 160)


@dataclass(frozen=True)
class Given:
    """A file as it was given. sha256: of a picture that can be read; reason: why it cannot; number: its place in the
    upload, 0 for a sample; key: of its source."""

    name: str
    data: bytes
    sha256: str = ""
    reason: str = ""
    number: int = 0
    key: str = ""


def shown() -> Given | None:
    """The picture on screen; a file that could not be read never takes its place."""
    return st.session_state.get("shown")


def take_away() -> None:
    """Leave no picture on screen."""
    st.session_state.shown = None


def open_source(number: int, source: Source) -> bool:
    """Put a file of the upload on screen; False when it cannot be read, and then what was there stays."""
    try:
        data = source.load()
        sha256 = cached.open_picture(data).sha256
    except Refusal:
        return False
    st.session_state.shown = Given(source.name, data, sha256, number=number, key=source.key)
    return True


def renumber(keys: Sequence[str]) -> None:
    """Tell the picture on screen its place in an upload that has changed; keys: of the upload's sources, in order."""
    on_screen = shown()
    if on_screen and on_screen.key in keys:
        st.session_state.shown = replace(on_screen, number=keys.index(on_screen.key) + 1)


def samples(*, told: bool) -> None:
    """Draw the shipped samples, a button each; told: with what they were published as."""
    with st.container(horizontal=True, gap="xsmall"):
        for number, path in enumerate(sample_files(), start=1):
            with st.container(width=78, gap="xsmall"):
                st.image(_thumbnail(path), alt=f"Sample {number}")
                st.button(f"No. {number}", key=path.name, on_click=_sampled, args=(path,), width="stretch")
                if told:
                    st.caption(truth(path.name).capitalize())


def sample_files() -> list[Path]:
    return sorted(SAMPLES.glob("*.jpeg"))


def truth(file: str) -> str:
    """What a sample was published as: 'normal', 'viral pneumonia'; 'not labelled' when the splits do not name it."""
    return SUBTYPE_WORDS.get(_row(file).get("subtype"), "not labelled")


def provenance(given: Given, *, told: bool) -> str:
    """One sentence on where the picture on screen is from; told: with what a sample was published as, which its file
    name says as well."""
    if given.number:
        return f"Your file {literal(given.name)}."
    if not told:
        return "A sample. What it was published as is told after your call."
    split = SPLIT_WORDS.get(_row(given.name).get("split"), "its split is not known")
    return f"Sample {given.name}: published as {truth(given.name)}; {split}."


def _row(file: str) -> dict[str, str]:
    table = cached.splits_table()
    found = table[table["file"] == file]
    return {} if found.empty else found.iloc[0].to_dict()


def _sampled(path: Path) -> None:
    data = path.read_bytes()
    st.session_state.shown = Given(path.name, data, cached.open_picture(data).sha256)


@st.cache_data(max_entries=50, show_spinner=False)
def _thumbnail(path: Path) -> bytes:
    with Image.open(path) as image:
        image.thumbnail(THUMBNAIL)
        black = Image.new("L", THUMBNAIL)
        black.paste(image, ((THUMBNAIL[0] - image.width) // 2, (THUMBNAIL[1] - image.height) // 2))
    buffer = io.BytesIO()
    black.save(buffer, "JPEG")
    return buffer.getvalue()
