"""How much of a machine one picture file may take, checked before memory is asked for."""

from cxr_models.errors import PictureRefused

MAX_BYTES = 100_000_000
MAX_PIXELS = 60_000_000
MIN_SIDE = 20
MAX_ELONGATION = 4.0
# A progressive JPEG comes in about ten layers, each of which takes the time of a whole picture.
MAX_SCANS = 64
START_OF_SCAN = b"\xff\xda"


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


def check_scans(data: bytes) -> None:
    """Refuse a JPEG in so many layers that reading them would take minutes."""
    if data.count(START_OF_SCAN) > MAX_SCANS:
        raise PictureRefused("This picture is packed in more layers than any X-ray is, so it was not unpacked.")
