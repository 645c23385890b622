"""How much of a machine one picture file may take, checked before memory is asked for."""

import re
from collections.abc import Iterator

from cxr_models.errors import PictureRefused

MAX_BYTES = 100_000_000
MAX_PIXELS = 60_000_000
MIN_SIDE = 20
MAX_ELONGATION = 4.0
# A progressive JPEG comes in about ten layers, each of which takes the time of a whole picture.
MAX_SCANS = 64
# Decoders keep every segment or chunk before the picture; a file of millions would take minutes and gigabytes.
MAX_SEGMENTS = 5_000
JPEG, PNG = b"\xff\xd8", b"\x89PNG\r\n\x1a\n"
# Of a segment: no restart, no filling, and no stuffed byte, which is below 80 hexadecimal in JPEG-LS.
MARKER = re.compile(rb"\xff([\xc0-\xcf\xd8-\xfe])")
END_OF_IMAGE, START_OF_SCAN = 0xD9, 0xDA


def check_bytes(length: int) -> None:
    """Refuse an empty file and one of more than `MAX_BYTES`, packed or unpacked."""
    if not length:
        raise PictureRefused("This file is empty (0 bytes). Please export the X-ray again.")
    if length > MAX_BYTES:
        raise PictureRefused(
            f"This file is too large: more than {MAX_BYTES / 1e6:.0f} MB, packed or unpacked, are not read."
        )


def check_shape(width: int, height: int) -> None:
    """Refuse a picture that is too large, too small or a strip, by the size that its file declares."""
    if width * height > MAX_PIXELS:
        raise PictureRefused(
            f"This picture is too large: {width} × {height} pixels, "
            f"and at most {MAX_PIXELS / 1e6:.0f} million are read."
        )
    if min(width, height) < MIN_SIDE:
        raise PictureRefused(
            f"This picture is too small: {width} × {height} pixels, and each side must have at least {MIN_SIDE}."
        )
    if max(width, height) > MAX_ELONGATION * min(width, height):
        raise PictureRefused(
            f"This picture has the shape of a strip: {width} × {height} pixels. A whole frontal chest X-ray is needed."
        )


def check_packing(data: bytes) -> None:
    """Refuse a JPEG or PNG in so many layers or pieces that reading them would take minutes; other data passes."""
    pieces = iter(())
    if data.startswith(JPEG):
        pieces = (marker for marker, _ in jpeg_segments(data))
    elif data.startswith(PNG):
        pieces = _png_chunks(data)
    scans = 0
    for count, piece in enumerate(pieces, start=1):
        scans += piece == START_OF_SCAN
        if scans > MAX_SCANS:
            raise PictureRefused("This picture is packed in more layers than any X-ray is, so it was not unpacked.")
        if count > MAX_SEGMENTS:
            raise PictureRefused("This picture is packed in more pieces than any X-ray is, so it was not unpacked.")


def jpeg_segments(data: bytes) -> Iterator[tuple[int, int]]:
    """The second byte of each segment's marker and the place of its length, which follows, up to the end of the
    picture; what is appended to it is no part."""
    place = len(JPEG)
    while (found := MARKER.search(data, place)) and (marker := found[1][0]) != END_OF_IMAGE:
        yield marker, found.end()
        place = found.end() + max(2, int.from_bytes(data[found.end() : found.end() + 2]))


def _png_chunks(data: bytes) -> Iterator[bytes]:
    """The name of each chunk before the picture's own."""
    place = len(PNG)
    while (name := data[place + 4 : place + 8]) not in (b"", b"IDAT"):
        yield name
        place += 12 + int.from_bytes(data[place : place + 4])
