"""What a compressed frame declares of itself, looked at before a decoder asks for memory."""

import struct

from pydicom import Dataset, uid

from cxr_models.errors import PictureRefused
from cxr_models.imaging import limits, samples

# Start-of-frame markers of the JPEG family, JPEG-LS included; DHT, JPG and DAC lie between them.
FRAME_MARKERS = {*range(0xC0, 0xD0), 0xF7} - {0xC4, 0xC8, 0xCC}
JPEG_2000 = b"\xff\x4f\xff\x51"
SAMPLE_BITS = 42  # byte of a JPEG 2000 codestream that holds the bits of its first channel
END = b"\xff\xd9"
JPEG_SYNTAXES = {*uid.JPEGTransferSyntaxes, *uid.JPEGLSTransferSyntaxes}
# Packing by runs makes a picture at most 1/128 longer; what is longer was made to unpack into gigabytes.
RLE_HEADER, RLE_GROWTH = 1024, 1.02
OTHER_PACKING = "This DICOM file contradicts itself on how its picture is compressed. Please export it again."
CUT = "This DICOM file is damaged: the end of its picture is missing. Please export it again."
OTHER_SIZE = "This DICOM file is damaged: its picture has another size than its header says. Please export it again."


def check(frame: bytes, dataset: Dataset, syntax: uid.UID) -> None:
    """Raise PictureRefused when the frame is not packed as the file around it says, not of that size, or cut off."""
    if syntax in JPEG_SYNTAXES:
        if not frame.startswith(limits.JPEG):
            raise PictureRefused(OTHER_PACKING)
        # The decoder of JPEG-LS takes minutes over what follows a missing end.
        if not frame.rstrip(b"\0").endswith(END):
            raise PictureRefused(CUT)
        limits.check_packing(frame)
    if syntax == uid.RLELossless:
        width = int(dataset.SamplesPerPixel) * (int(dataset.BitsAllocated) + 7) // 8
        fits = len(frame) <= RLE_HEADER + RLE_GROWTH * dataset.Rows * dataset.Columns * width
    else:
        declared = frame_header(frame)
        fits = declared is None or declared[:2] == (int(dataset.Columns), int(dataset.Rows))
        if declared:
            limits.check_shape(*declared[:2])
            if declared[2] > int(dataset.BitsAllocated):
                raise PictureRefused(samples.OTHER_BITS)
    if not fits:
        raise PictureRefused(OTHER_SIZE)


def frame_header(frame: bytes) -> tuple[int, int, int] | None:
    """(width, height, bits of a sample) that a JPEG, JPEG-LS or JPEG 2000 codestream declares; None for anything else.

    >>> frame_header(bytes.fromhex("ffd8 ffc0 000b 08 0140 0280 01 011100"))
    (640, 320, 8)
    """
    if frame.startswith(JPEG_2000):
        right, bottom, left, top = struct.unpack_from(">4I", frame, 8)
        return right - left, bottom - top, (frame[SAMPLE_BITS] & 0x7F) + 1  # the highest bit says that it has a sign
    if not frame.startswith(limits.JPEG):
        return None
    for marker, place in limits.jpeg_segments(frame):
        if marker in FRAME_MARKERS and place + 7 <= len(frame):
            bits, height, width = struct.unpack_from(">B2H", frame, place + 2)
            return width, height, bits
    return None
