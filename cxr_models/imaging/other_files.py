"""What a file is that is no picture: by its first bytes, or by what an archive lists."""

import io
import zipfile

# First bytes -> what it is, for what is uploaded by mistake.
STARTS = {
    b"%PDF": "a PDF document",
    b"PK\x03\x04": "a zip archive",
    b"\x1f\x8b": "a compressed archive (gzip)",
    b"BZh": "a compressed archive (bzip2)",
    b"\xfd7zXZ": "a compressed archive (xz)",
    b"\x28\xb5\x2f\xfd": "a compressed archive (zstd)",
    b"Rar!": "an archive (RAR)",
    b"7z\xbc\xaf": "an archive (7z)",
    b"%!PS": "a PostScript document",
    b"MZ": "a program",
    b"\x7fELF": "a program",
    b"\x1aE\xdf\xa3": "a video",
    b"\xd0\xcf\x11\xe0": "an office document",
    b"<svg": "a web drawing",
    b"<?xml": "a text in XML",
    b"<!doctype html": "a web page",
    b"<html": "a web page",
    b"{\\rtf": "a text document",
}
# Elsewhere in the file: place, bytes -> what it is. A negative place counts from the end.
PLACES = {
    (257, b"ustar"): "a tar archive",
    (32769, b"CD001"): "an image of a CD (ISO); copy the X-rays out of it",
    (32769, b"BEA01"): "an image of a CD (ISO); copy the X-rays out of it",
    (-512, b"koly"): "a Mac disk image (DMG); copy the X-rays out of it",
}
# A folder beside the list of contents that Microsoft's formats have -> the document that it makes.
CONTENTS = "[Content_Types].xml"
OFFICE = {"word/": "a Word document", "ppt/": "a PowerPoint presentation", "xl/": "an Excel workbook"}
# The first file of an OpenDocument or an e-book says what it is, unpacked.
MIMETYPE = {
    b"application/vnd.oasis.opendocument.text": "an OpenDocument text",
    b"application/vnd.oasis.opendocument.presentation": "an OpenDocument presentation",
    b"application/vnd.oasis.opendocument.spreadsheet": "an OpenDocument spreadsheet",
    b"application/vnd.oasis.opendocument.graphics": "an OpenDocument drawing",
    b"application/epub+zip": "an e-book",
}
WORDS = (*STARTS.values(), *PLACES.values(), *OFFICE.values(), *MIMETYPE.values())
MIMETYPE_PLACE, MIMETYPE_NAME = 30, b"mimetype"
ZIP_START, LISTED, MAX_LISTED = b"PK\x03\x04", b"PK\x01\x02", 10_000
TEXT_LENGTH = 512


def kind(data: bytes) -> str:
    """A few words; '' for what is not known.

    >>> kind(b"%PDF-1.7"), kind(b"Read me first.\\r\\n"), kind(b"\\x00\\x01\\x02")
    ('a PDF document', 'a text', '')
    """
    if words := document(data):
        return words
    start = data[:64].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    for magic, words in STARTS.items():
        if start.startswith(magic.lower()):
            return words
    for (place, magic), words in PLACES.items():
        if data[place:][: len(magic)] == magic:
            return words
    return "a text" if _is_text(data[:TEXT_LENGTH]) else ""


def document(data: bytes, *, most_listed: int = MAX_LISTED) -> str:
    """What an office document that is packed as a zip archive is; '' for every other file, and for an archive that
    lists more than `most_listed` files."""
    if not data.startswith(ZIP_START):
        return ""
    if data[MIMETYPE_PLACE:].startswith(MIMETYPE_NAME):
        content = data[MIMETYPE_PLACE + len(MIMETYPE_NAME) :][:100]
        return next((words for name, words in MIMETYPE.items() if content.startswith(name)), "")
    if data.count(LISTED) > most_listed:
        return ""
    try:
        names = zipfile.ZipFile(io.BytesIO(data)).namelist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError):
        return ""
    if CONTENTS not in names:
        return ""
    found = (words for start, words in OFFICE.items() if any(name.startswith(start) for name in names))
    return next(found, "an office document")


def _is_text(start: bytes) -> bool:
    """Whether these bytes are letters and line ends alone, in UTF-8 or an older code."""
    letters = start.decode("utf-8", errors="ignore") or start.decode("cp1252", errors="ignore")
    return bool(start) and b"\0" not in start and all(it.isprintable() or it in "\t\r\n\f\ufeff" for it in letters)
