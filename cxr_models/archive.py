"""Files as they are handed over, zip archives opened: one source a picture, loaded when its turn comes.

Only what is called a zip and is one is opened. An archive under another name is left to `imaging`, which refuses it
like everything that is no picture, here as from a terminal.

Nothing is written to disk, so a name in an archive is a label and never a path. Sizes are checked before memory is
asked for.
"""

import io
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial

from cxr_models.errors import PictureRefused
from cxr_models.imaging.limits import MAX_BYTES

MAX_FILES = 1000
# Pixels of an X-ray shrink by ten at most; an archive that promises more is made to fill a memory.
MAX_RATIO = 100
# The first bytes of an archive, and of an empty one.
ZIP_STARTS = (b"PK\x03\x04", b"PK\x05\x06")
ENCRYPTED = 1
LONGEST_NAME = 160


@dataclass(frozen=True)
class Source:
    """key: the same for the same file of the same upload. name: clean, for the screen. load: the bytes; raises
    PictureRefused."""

    key: str
    name: str
    load: Callable[[], bytes]


def sources(files: Iterable[tuple[str, str, Callable[[], bytes]]]) -> list[Source]:
    """The files in order, each archive replaced by the files inside it; at most `MAX_FILES`, then one that is refused.

    files: key, name and bytes of each. Folders, hidden files and what a Mac adds to an archive are left out. An archive
    that cannot be read is one source that is refused, and so is an archive inside an archive.
    """
    found: list[Source] = []
    for key, name, load in files:
        data = load()
        opened = is_archive(name, data)
        found += _members(key, clean(name), data) if opened else [Source(key, clean(name), load)]
    if len(found) <= MAX_FILES:
        return found
    left = len(found) - MAX_FILES
    note = f"{left} more files were left out: at most {MAX_FILES} are read at once."
    return [*found[:MAX_FILES], Source("left", f"{left} more files", partial(_refuse, note))]


def is_archive(name: str, data: bytes) -> bool:
    """Whether a file is opened as an archive: by its name and by its first bytes.

    >>> is_archive("ward.ZIP", ZIP_STARTS[0]), is_archive("a.png", ZIP_STARTS[0]), is_archive("a.zip", b"a picture")
    (True, False, False)
    """
    return name.lower().endswith(".zip") and data.startswith(ZIP_STARTS)


def clean(name: str) -> str:
    """A name without control and direction characters, steps upwards, drives; never empty, never very long.

    >>> clean("../../etc/a\\u202egpj.exe"), clean("C:\\\\x\\\\b.png"), clean("\\n")
    ('etc/agpj.exe', 'x/b.png', 'unnamed')
    """
    shown = "".join(char for char in name.replace("\\", "/") if not unicodedata.category(char).startswith("C"))
    parts = [part for part in shown.split("/") if part.strip(". ") and not part.endswith(":")]
    joined = "/".join(parts) or "unnamed"
    return joined if len(joined) <= LONGEST_NAME else f"…{joined[-LONGEST_NAME:]}"


def _members(key: str, archive: str, data: bytes) -> list[Source]:
    try:
        # Left open: its directory is read once, and not again for every file inside.
        opened = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError):
        return [Source(key, archive, partial(_refuse, "This archive is damaged. Please pack it again."))]
    kept = [member for member in opened.infolist() if not member.is_dir() and not _is_hidden(member.filename)]
    if not kept:
        return [Source(key, archive, partial(_refuse, "There is no file in this archive."))]
    return [
        Source(f"{key}/{place}", f"{archive}/{clean(member.filename)}", partial(_load, opened, member))
        for place, member in enumerate(kept)
    ]


def _is_hidden(path: str) -> bool:
    parts = path.split("/")
    return parts[0] == "__MACOSX" or parts[-1].startswith(".")


def _load(opened: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    if member.flag_bits & ENCRYPTED:
        raise PictureRefused("This file is locked with a password. Please pack it without one.")
    if member.file_size > MAX_BYTES:
        raise PictureRefused(f"This file is too large: at most {MAX_BYTES / 1e6:.0f} MB are read.")
    if member.file_size > MAX_RATIO * max(member.compress_size, 1):
        raise PictureRefused("This file is packed more tightly than any X-ray can be, so it was not unpacked.")
    try:
        with opened.open(member) as file:
            content = file.read(MAX_BYTES + 1)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, ValueError, OSError, zlib.error) as error:
        raise PictureRefused("This file is damaged inside its archive. Please pack it again.") from error
    if content.startswith(ZIP_STARTS):
        raise PictureRefused("This is an archive inside an archive, which is not opened.")
    return content


def _refuse(sentence: str) -> bytes:
    raise PictureRefused(sentence)
