"""Files as they are handed over, zip archives opened: one source a picture, loaded when its turn comes.

Only what is called a zip and is one is opened, in the app as from a terminal. An archive under another name is left to
`imaging`, which refuses it like everything that is no picture.

Nothing is written to disk, so a name in an archive is a label and never a path. Sizes are checked before memory is
asked for.
"""

import io
import lzma
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial

from cxr_models.errors import PictureRefused
from cxr_models.imaging.limits import MAX_BYTES

MAX_FILES = 1000
# Of all files of one upload together, archives as they are packed, and so of one archive: 500 X-rays have 100 to 200.
MAX_MEGABYTES = 300
# What an archive lists is held in memory as a whole, hidden files and folders too.
MAX_LISTED = 10 * MAX_FILES
LISTED = b"PK\x01\x02"
# Pixels of an X-ray shrink by ten at most; an archive that promises more is made to fill a memory.
MAX_RATIO = 100
# The first bytes of an archive, and of an empty one.
ZIP_ENDING, ZIP_STARTS = ".zip", (b"PK\x03\x04", b"PK\x05\x06")
ENCRYPTED = 1
LONGEST_NAME = 160
# What Windows, Macs, network drives and notebooks leave in a folder, in small letters; what begins with a point too.
SYSTEM_FILES = {
    "thumbs.db", "ehthumbs.db", "ehthumbs_vista.db", "desktop.ini", "folder.ini", "icon", "zbthumbnail.info",
    "picasa.ini", "autorun.inf",
}  # fmt: skip
SYSTEM_FOLDERS = {"__macosx", "@eadir", "#recycle", "$recycle.bin", "system volume information", "lost+found"}
SYSTEM_ENDINGS = (":zone.identifier", ".lnk", ".crdownload", ".part")


@dataclass(frozen=True)
class Source:
    """key: the same for the same file of the same upload. name: clean, for the screen. load: the bytes; raises
    PictureRefused."""

    key: str
    name: str
    load: Callable[[], bytes]


def sources(files: Iterable[tuple[str, str, Callable[[], bytes]]]) -> list[Source]:
    """The files in order, each archive replaced by the files inside it; at most `MAX_FILES` of `MAX_MEGABYTES`
    together, then one that is refused.

    files: key, name and bytes of each.
    """
    found: list[Source] = []
    size = left = 0
    for key, name, load in files:
        length = len(load())
        if size + length > MAX_MEGABYTES * 1_000_000:
            left += 1
        else:
            size += length
            found += opened(key, clean(name), load)
    left += max(0, len(found) - MAX_FILES)
    if not left:
        return found
    more = f"{left} more file{'s' * (left > 1)}"
    note = f"Not read: at most {MAX_FILES} files and {MAX_MEGABYTES} MB are read at once. Please upload the rest later."
    return [*found[:MAX_FILES], Source("left", more, partial(_refuse, note))]


def opened(key: str, name: str, load: Callable[[], bytes]) -> list[Source]:
    """The file itself, or the files inside it when it is an archive.

    Folders, hidden files and what a Mac adds to an archive are left out. An archive that cannot be read is one source
    that is refused, and so is an archive inside an archive.
    """
    itself = [Source(key, name, load)]
    if not is_named_archive(name):
        return itself
    try:
        data = load()
    except PictureRefused:  # and will be so again when its turn comes
        return itself
    return _members(key, name, data) if is_archive(name, data) else itself


def is_named_archive(name: str) -> bool:
    return name.lower().endswith(ZIP_ENDING)


def is_archive(name: str, data: bytes) -> bool:
    """Whether a file is opened as an archive: by its name and by its first bytes.

    >>> is_archive("ward.ZIP", ZIP_STARTS[0]), is_archive("a.png", ZIP_STARTS[0]), is_archive("a.zip", b"a picture")
    (True, False, False)
    """
    return is_named_archive(name) and data.startswith(ZIP_STARTS)


def is_system(path: str) -> bool:
    """Whether the operating system, not a person, put this file there; path: with its folders, separated by “/”.

    >>> [is_system(it) for it in ("a/Thumbs.db", "Icon\\r", "__MACOSX/a.png", "a/.DS_Store", "../a.png")]
    [True, True, True, True, False]
    """
    *folders, name = (part.strip().lower() for part in path.split("/"))
    hidden = any(part.startswith(".") and part.strip(".") for part in (*folders, name))
    inside = any(folder in SYSTEM_FOLDERS for folder in folders)
    return hidden or inside or name in SYSTEM_FILES | SYSTEM_FOLDERS or name.endswith(SYSTEM_ENDINGS)


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
        held = _directory(data)
    except PictureRefused as refusal:
        return [Source(key, archive, partial(_refuse, str(refusal)))]
    kept = [member for member in held.infolist() if not member.is_dir() and not _is_hidden(member.filename)]
    if not kept:
        return [Source(key, archive, partial(_refuse, "There is no file in this archive."))]
    return [
        Source(f"{key}/{place}", f"{archive}/{clean(member.filename)}", partial(_load, held, member))
        for place, member in enumerate(kept)
    ]


def _directory(data: bytes) -> zipfile.ZipFile:
    """The archive, left open: what it lists is read once, and not again for every file inside."""
    if len(data) > MAX_MEGABYTES * 1_000_000:
        raise PictureRefused(f"This archive has more than {MAX_MEGABYTES} MB. Please split it.")
    if data.count(LISTED) > MAX_LISTED:
        raise PictureRefused(f"This archive lists more than {MAX_LISTED} files. Please split it.")
    try:
        return zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError):
        raise PictureRefused("This archive is damaged. Please pack it again.") from None


def _is_hidden(path: str) -> bool:
    return any(part == "__MACOSX" or (part.startswith(".") and part.strip(".")) for part in path.split("/"))


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
    except (zipfile.BadZipFile, NotImplementedError, EOFError, ValueError, OSError, zlib.error, lzma.LZMAError):
        # Their messages quote names of files.
        raise PictureRefused("This file is damaged inside its archive. Please pack it again.") from None
    if content.startswith(ZIP_STARTS):
        raise PictureRefused("This is an archive inside an archive, which is not opened.")
    return content


def _refuse(sentence: str) -> bytes:
    raise PictureRefused(sentence)
