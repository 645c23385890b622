"""What a compressed frame declares of itself, looked at before a decoder asks for memory."""

import struct

from pydicom import Dataset

from cxr_models.errors import PictureRefused
from cxr_models.imaging import limits

# Start-of-frame markers of the JPEG family, JPEG-LS included; DHT, JPG and DAC lie between them.
FRAME_MARKERS = {*range(0xC0, 0xD0), 0xF7} - {0xC4, 0xC8, 0xCC}
STANDALONE = {0x01, *range(0xD0, 0xD9)}
JPEG, JPEG_2000 = b"\xff\xd8", b"\xff\x4f\xff\x51"
# Packing by runs makes a picture at most 1/128 longer; what is longer was made to unpack into gigabytes.
RLE_HEADER, RLE_GROWTH = 1024, 1.02
OTHER_SIZE = "This DICOM file is damaged: its picture has another size than its header says. Please export it again."


def check(frame: bytes, dataset: Dataset, *, rle: bool) -> None:
    """Raise PictureRefused when the frame is not of the size that the file around it says."""
    if rle:
        samples = int(dataset.get("SamplesPerPixel") or 1) * (int(dataset.BitsAllocated) + 7) // 8
        fits = len(frame) <= RLE_HEADER + RLE_GROWTH * dataset.Rows * dataset.Columns * samples
    else:
        size = frame_size(frame)
        fits = size is None or size == (int(dataset.Columns), int(dataset.Rows))
        if size:
            limits.check_shape(*size)
    if not fits:
        raise PictureRefused(OTHER_SIZE)


def frame_size(frame: bytes) -> tuple[int, int] | None:
    """(width, height) that a JPEG, JPEG-LS or JPEG 2000 codestream declares; None for anything else.

    >>> frame_size(bytes.fromhex("ffd8 ffc0 000b 08 0140 0280 01 011100"))
    (640, 320)
    """
    if frame.startswith(JPEG_2000):
        right, bottom, left, top = struct.unpack_from(">4I", frame, 8)
        return right - left, bottom - top
    if not frame.startswith(JPEG):
        return None
    place = 2
    while place + 9 <= len(frame):
        if frame[place] != 0xFF:
            return None
        marker = frame[place + 1]
        if marker in FRAME_MARKERS:
            height, width = struct.unpack_from(">2H", frame, place + 5)
            return width, height
        if marker == 0xFF:
            place += 1
        elif marker in STANDALONE:
            place += 2
        else:
            place += 2 + struct.unpack_from(">H", frame, place + 2)[0]
    return None
