"""Where pictures come from: the reader's files, a zip or a folder of them, or a shipped sample."""

import streamlit as st

from ui import batch, own_call, picture
from ui.words import literal

SENTENCES = 3  # more refused files than this are told in the table alone
WAYS = {
    "Files or a zip": {"key": "files", "accept_multiple_files": True},
    "A folder": {"key": "folder", "accept_multiple_files": "directory"},
}


def offer() -> None:
    """Draw the first refusals, the uploader and the samples; these step back once a picture is on screen."""
    # One place for all of them: a sentence more would move what stands below, and shut what the reader opened there.
    with st.container():
        for row in batch.refused()[:SENTENCES]:
            st.error(f"{literal(row.name)}: {row.reason}", icon=":material/broken_image:")
    with st.expander("Upload or choose an X-ray", expanded=picture.shown() is None, icon=":material/upload_file:"):
        _ways()


def _ways() -> None:
    upload, samples = st.columns([1, 2], gap="medium")
    with upload:
        way = st.segmented_control("Upload X-rays", list(WAYS), default=next(iter(WAYS)), required=True, key="way")
        st.file_uploader(
            way, **WAYS[way], on_change=_uploaded, args=(WAYS[way]["key"],), label_visibility="collapsed",
            help="Frontal chest X-rays of children. Files stay in this server's memory and go when you leave.",
        )  # fmt: skip
    with samples:
        st.markdown("Or look at a sample")
        picture.samples(told=not own_call.is_on())


def _uploaded(key: str) -> None:
    """Take over what the uploader holds now. A file on screen that the reader took out of it gives way."""
    batch.take([(file.file_id, file.name, file.getvalue) for file in st.session_state[key]])
    on_screen = picture.shown()
    if on_screen and on_screen.number and not batch.holds(on_screen.key):
        picture.take_away()
        batch.show_first()
