"""Which picture is on screen: uploads and shipped samples. Bytes stay in the visitor's session and nowhere else."""

import io
from dataclasses import dataclass
from pathlib import Path

import streamlit as st
from PIL import Image

from cxr_models.errors import Refusal
from cxr_models.paths import SAMPLES
from ui import cached

SPLIT_WORDS = {
    "train": "it is from the training split, so the networks were trained on it",
    "val": "it is from the validation split, so no network was trained on it",
    "test": "it is from the test split, so no network was trained on it",
}
SUBTYPE_WORDS = {"normal": "normal", "bacteria": "bacterial pneumonia", "virus": "viral pneumonia"}
THUMBNAIL = (220, 160)
SENTENCES = 3  # more refused files than this are told in the table alone


@dataclass(frozen=True)
class Given:
    """A file as it was given. sha256: of a picture that can be read; reason: why it cannot; number: its place in the
    upload, 0 for a sample."""

    name: str
    data: bytes
    sha256: str = ""
    reason: str = ""
    number: int = 0


def offer() -> None:
    """Draw the upload and the samples; what is chosen there is asked for with `shown` and `uploads`."""
    upload, samples = st.columns([3, 5], gap="medium")
    with upload:
        st.file_uploader(
            "Upload one or more X-rays", accept_multiple_files=True, key="files", on_change=_uploaded,
            help="Frontal chest X-rays of children. Files stay in this server's memory and go when you leave.",
        )  # fmt: skip
    with samples:
        st.markdown("Or look at a sample")
        with st.container(horizontal=True, gap="xsmall"):
            for number, path in enumerate(sample_files(), start=1):
                with st.container(width=78, gap="xsmall"):
                    st.image(_thumbnail(path), alt=f"Sample {number}")
                    st.button(f"No. {number}", key=path.name, on_click=_sampled, args=(path,), width="stretch")
                    st.caption(truth(path.name).capitalize())
    refused = [given for given in uploads() if given.reason]
    for given in refused[:SENTENCES]:
        st.error(f"{given.name}: {given.reason}", icon=":material/broken_image:")


def shown() -> Given | None:
    """The picture on screen; a file that could not be read never takes its place."""
    return st.session_state.get("shown")


def uploads() -> tuple[Given, ...]:
    """Every file of the last upload, in order, refused ones in place."""
    return st.session_state.get("uploads", ())


def choose() -> None:
    """Draw the choice of which of several files is on screen."""
    readable = [given for given in uploads() if not given.reason]
    st.session_state.picked = shown() if shown() in readable else None
    st.selectbox(
        "On screen",
        readable,
        format_func=lambda given: f"{given.number} · {given.name}",
        placeholder="Choose a file to look at",
        key="picked",
        on_change=_picked,
    )


def sample_files() -> list[Path]:
    return sorted(SAMPLES.glob("*.jpeg"))


def truth(file: str) -> str:
    """What a sample was published as: 'normal', 'viral pneumonia'; 'not labelled' when the splits do not name it."""
    return SUBTYPE_WORDS.get(_row(file).get("subtype"), "not labelled")


def provenance(given: Given) -> str:
    """One sentence on where the picture on screen is from."""
    if given.number:
        return f"Your file {given.name}."
    split = SPLIT_WORDS.get(_row(given.name).get("split"), "its split is not known")
    return f"Sample {given.name}: published as {truth(given.name)}; {split}."


def _row(file: str) -> dict[str, str]:
    table = cached.splits_table()
    found = table[table["file"] == file]
    return {} if found.empty else found.iloc[0].to_dict()


def _picked() -> None:
    st.session_state.shown = st.session_state.picked or shown()


def _sampled(path: Path) -> None:
    st.session_state.shown = _given(path.name, path.read_bytes(), 0)


def _uploaded() -> None:
    """Take over what the uploader holds now. The first new file that can be read goes on screen; when none can,
    what was there stays, unless the reader took it out of the uploader."""
    state = st.session_state
    files = state.files
    state.uploads = tuple(_given(file.name, file.getvalue(), place) for place, file in enumerate(files, start=1))
    before, now = state.get("upload_ids", set()), {file.file_id for file in files}
    state.upload_ids = now
    fresh = [given for given, file in zip(state.uploads, files, strict=True) if file.file_id not in before]
    readable = [given for given in fresh if not given.reason]
    if readable:
        state.shown = readable[0]
    elif not fresh and state.get("shown") and state.shown.number:
        left = [given for given in state.uploads if not given.reason]
        kept = [given for given in left if given.sha256 == state.shown.sha256]
        state.shown = (kept or left or [None])[0]


def _given(name: str, data: bytes, number: int) -> Given:
    try:
        return Given(name, data, sha256=cached.open_picture(data).sha256, number=number)
    except Refusal as refusal:
        return Given(name, data, reason=str(refusal), number=number)


@st.cache_data(show_spinner=False)
def _thumbnail(path: Path) -> bytes:
    with Image.open(path) as image:
        image.thumbnail(THUMBNAIL)
        black = Image.new("L", THUMBNAIL)
        black.paste(image, ((THUMBNAIL[0] - image.width) // 2, (THUMBNAIL[1] - image.height) // 2))
    buffer = io.BytesIO()
    black.save(buffer, "JPEG")
    return buffer.getvalue()
