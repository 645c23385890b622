"""Several files of one upload: read one after another, stopped and resumed, in a table.

What is read is kept at once, file by file, so that nothing is lost when the reader stops, moves a dial or leaves the
page. The names of files stay in the visitor's session.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from cxr_models import archive
from cxr_models import batch as reading
from cxr_models.archive import Source
from cxr_models.batch import Row
from cxr_models.errors import Refusal
from cxr_models.imaging import decode
from ui import batch_table, own_call, picture
from ui.state import OperatingPoint

# Seconds between two drawings of the growing table, and more for a long one: every file in it costs this much more.
REDRAWN_AFTER, FOR_EACH_FILE = 3.0, 0.02


@dataclass
class Batch:
    """sources: every file, archives opened. rows: what is known by source key. running: whether files are being read.
    wanted: keys of the files that are new; the first of them that can be read goes on screen. seconds: spent on `timed`
    files."""

    sources: list[Source]
    rows: dict[str, Row] = field(default_factory=dict)
    running: bool = False
    wanted: set[str] = field(default_factory=set)
    seconds: float = 0.0
    timed: int = 0

    def waiting(self) -> list[tuple[int, Source]]:
        numbered = enumerate(self.sources, start=1)
        return [(number, source) for number, source in numbered if source.key not in self.rows]

    def known(self) -> list[Row]:
        """Rows of the files read so far, in the order given."""
        numbered = enumerate(self.sources, start=1)
        return [replace(self.rows[source.key], number=number) for number, source in numbered if source.key in self.rows]


def take(files: Sequence[tuple[str, str, Callable[[], bytes]]]) -> None:
    """Make these the files of the upload: key, name, bytes. What was read of them before is kept."""
    before = _current()
    sources = archive.sources(files)
    known = {source.key for source in sources}
    # A file that was opened alone was not read for the table: it has no thumbnail yet.
    rows = {key: row for key, row in before.rows.items() if key in known and (row.reason or row.thumbnail)}
    fresh = known - {source.key for source in before.sources}
    st.session_state.batch = Batch(sources, rows, running=len(sources) > 1, wanted=fresh)
    picture.renumber([source.key for source in sources])
    if len(sources) == 1 and sources[0].key not in rows:
        _open_only(sources[0])


def holds(key: str) -> bool:
    return key in {source.key for source in _current().sources}


def refused() -> list[Row]:
    """Files that could not be read, in the order given."""
    return [row for row in _current().known() if row.reason]


def show_first() -> None:
    """Put the first file that was read on screen."""
    batch = _current()
    for row in batch.known():
        if not row.reason and picture.open_source(row.number, batch.sources[row.number - 1]):
            return


def show(point: OperatingPoint) -> Callable[[], None]:
    """Draw what is known of several files, and the buttons; returns what reads on, for the end of the page."""
    batch = _current()
    if len(batch.sources) < 2:
        return lambda: None
    st.subheader("Your files")
    told = st.empty()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if batch.running:
            st.button("Stop reading", key="stop", icon=":material/stop:", on_click=_run, args=(False,))
        elif batch.waiting():
            left = len(batch.waiting())
            st.button(f"Read the other {left}", key="resume", icon=":material/play_arrow:", type="primary",
                      on_click=_run, args=(True,))  # fmt: skip
        order = batch_table.choose_order()
    if known := batch.known():
        covered = own_call.covered(known)
        batch_table.draw(known, order, point, covered=covered, pick=_opened)
        batch_table.download(known, point, covered)
    # Last, so that nobody takes a CSV away that holds less than is said to be done.
    _tell(batch, told)
    return lambda: _go_on(batch, told)


def _go_on(batch: Batch, told: DeltaGenerator) -> None:
    """Read the files that wait. Every drawing is a point where a click of the visitor's gets through."""
    if not batch.running:
        return
    drawn, pause = time.monotonic(), REDRAWN_AFTER + FOR_EACH_FILE * len(batch.rows)
    for number, source in batch.waiting():
        _tell(batch, told)
        started = time.monotonic()
        row = reading.read(number, source)
        batch.rows[source.key] = row
        batch.seconds += time.monotonic() - started
        batch.timed += 1
        if source.key in batch.wanted and not row.reason and picture.open_source(number, source):
            batch.wanted = set()
            st.rerun()
        if time.monotonic() - drawn > pause:
            st.rerun()
    batch.running = False
    st.rerun()


def _tell(batch: Batch, told: DeltaGenerator) -> None:
    done, every = len(batch.rows), len(batch.sources)
    refusals = sum(bool(row.reason) for row in batch.rows.values())
    words = f"{done} of {every} files done" + (f", {refusals} of them refused" if refusals else "")
    if batch.running and batch.timed:
        words += f" · about {_duration((every - done) * batch.seconds / batch.timed)} left"
    elif not batch.running and done < every:
        words += " · stopped; what is done is kept"
    told.progress(done / every, text=words)


def _duration(seconds: float) -> str:
    """'40 seconds', '3 minutes'."""
    if seconds < 100:
        return f"{max(round(seconds), 1)} second{'s' if round(seconds) > 1 else ''}"
    return f"{round(seconds / 60)} minutes"


def _open_only(source: Source) -> None:
    try:
        sha256 = decode(source.load()).sha256
    except Refusal as refusal:
        row = Row(1, source.name, reason=str(refusal))
    else:
        row = Row(1, source.name, sha256=sha256)
        picture.open_source(1, source)
    _current().rows[source.key] = row


def _opened(number: int) -> None:
    picture.open_source(number, _current().sources[number - 1])


def _run(running: bool) -> None:
    _current().running = running


def _current() -> Batch:
    """Files read before a network was replaced are read again."""
    batch = st.session_state.get("batch", Batch([]))
    shipped = reading.asked()
    outdated = [key for key, row in batch.rows.items() if not row.is_of(shipped)]
    for key in outdated:
        del batch.rows[key]
    batch.running |= bool(outdated)
    return batch
