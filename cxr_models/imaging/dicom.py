"""DICOM files -> grey. Only the elements listed here are read; the patient's are passed over unread."""

import io
import zlib

import numpy as np
from PIL import Image
from pydicom import Dataset, config, uid
from pydicom.datadict import tag_for_keyword
from pydicom.encaps import get_frame
from pydicom.filereader import read_dataset, read_partial, read_preamble
from pydicom.pixels import apply_color_lut, get_decoder

from cxr_models.errors import PictureRefused
from cxr_models.imaging import bits, coded, greyscale, limits, raster, study
from cxr_models.imaging.samples import OTHER_BITS, unit

# How pixels may be packed -> (in words, the decoder that is asked).
COMPRESSIONS = {
    uid.JPEGBaseline8Bit: ("JPEG, 8 bits", "pillow"),
    uid.JPEGExtended12Bit: ("JPEG, 12 bits", "gdcm"),
    uid.JPEGLossless: ("JPEG lossless", "gdcm"),
    uid.JPEGLosslessSV1: ("JPEG lossless, first-order prediction", "gdcm"),
    uid.JPEGLSLossless: ("JPEG-LS lossless", "pyjpegls"),
    uid.JPEGLSNearLossless: ("JPEG-LS near lossless", "pyjpegls"),
    uid.JPEG2000Lossless: ("JPEG 2000 lossless", "pylibjpeg"),
    uid.JPEG2000: ("JPEG 2000", "pylibjpeg"),
    uid.HTJ2KLossless: ("High-throughput JPEG 2000 lossless", "pylibjpeg"),
    uid.HTJ2KLosslessRPCL: ("High-throughput JPEG 2000 lossless, by resolution", "pylibjpeg"),
    uid.HTJ2K: ("High-throughput JPEG 2000", "pylibjpeg"),
    uid.RLELossless: ("RLE lossless", "pydicom"),
}
NATIVE = {
    uid.ImplicitVRLittleEndian: "not compressed, implicit VR",
    uid.ExplicitVRLittleEndian: "not compressed, explicit VR",
    uid.ExplicitVRBigEndian: "not compressed, big endian",
    uid.DeflatedExplicitVRLittleEndian: "deflated",
}
MONOCHROME = ("MONOCHROME1", "MONOCHROME2")
COLOURS = ("PALETTE COLOR", "RGB", "YBR_FULL", "YBR_FULL_422", "YBR_RCT", "YBR_ICT")
NEEDED = {
    "Rows": "how high its picture is",
    "Columns": "how wide its picture is",
    "PhotometricInterpretation": "whether its lowest value is black or white",
    "SamplesPerPixel": "how many values a pixel has",
    "BitsAllocated": "how many bits a value takes",
}
# Fractions have neither.
NEEDED_OF_INTEGERS = {
    "BitsStored": "how many bits of a value count",
    "PixelRepresentation": "whether its values have a sign",
}
PIXELS = ("PixelData", "FloatPixelData", "DoubleFloatPixelData")
KEYWORDS = (
    *study.KEYWORDS,
    "NumberOfFrames",
    "SamplesPerPixel",
    "PhotometricInterpretation",
    "PlanarConfiguration",
    "Rows",
    "Columns",
    "BitsAllocated",
    "BitsStored",
    "HighBit",
    "PixelRepresentation",
    "PixelPaddingValue",
    "PixelPaddingRangeLimit",
    "ModalityLUTSequence",
    "RescaleSlope",
    "RescaleIntercept",
    "VOILUTSequence",
    "VOILUTFunction",
    "WindowCenter",
    "WindowWidth",
    "PresentationLUTShape",
    *(
        f"{colour}PaletteColorLookupTable{part}"
        for colour in ("Red", "Green", "Blue")
        for part in ("Data", "Descriptor")
    ),
    *(f"Segmented{colour}PaletteColorLookupTableData" for colour in ("Red", "Green", "Blue")),
    *PIXELS,
)
# A header of a radiograph has some hundred elements; a file of millions of tiny ones would take minutes.
MAX_ELEMENTS = 20_000
OTHER_SAMPLES = "This DICOM file contradicts itself on whether it is in colours. Please export it again."
NO_END = "This DICOM file is damaged: its end is missing. Please export it again."

# Values that break the standard are read as far as they go, and not quoted in a message.
config.settings.reading_validation_mode = config.IGNORE


def recognised(data: bytes) -> bool:
    """Whether this is a DICOM file, or a data set without the 128 bytes and the four letters before it."""
    if data[128:132] == b"DICM":
        return True
    start = data[:4]
    # The first element is of group 2 or 8 and has a small number, in either order of bytes.
    return any(
        int.from_bytes(start[:2], order) in (2, 8) and int.from_bytes(start[2:4], order) <= 0x0080
        for order in ("little", "big")
    )


def read(data: bytes) -> tuple[np.ndarray, bool, tuple[str, ...], tuple[str, ...]]:
    """(grey, coloured, notes, facts) of one DICOM file: as `raster.read`, and what the file says of the picture.

    Raises PictureRefused for a file without exactly one picture, of another kind than a radiograph, too large, or
    packed in a way that is not read; for what is damaged it raises whatever the decoder does.
    """
    dataset, syntax = _dataset(data)
    _check(dataset, syntax)
    samples = _samples(dataset, syntax)
    notes, facts = study.notes(dataset), study.facts(dataset)
    if dataset.PhotometricInterpretation in MONOCHROME:
        grey, more = greyscale.render(samples, dataset)
        return grey, False, notes + more, facts
    if dataset.PhotometricInterpretation == "PALETTE COLOR":
        samples = apply_color_lut(samples, dataset)
    image = Image.fromarray(samples if samples.dtype == np.uint8 else (unit(samples) * 255).round().astype(np.uint8))
    return raster.grey(image), raster.is_coloured(image), notes, facts


def _dataset(data: bytes) -> tuple[Dataset, uid.UID]:
    """The elements of `KEYWORDS`, and how the pixels are packed."""
    file = io.BytesIO(data)
    read_preamble(file, force=True)
    meta = read_dataset(file, is_implicit_VR=False, is_little_endian=True, stop_when=lambda tag, *_: tag >> 16 != 2)
    syntax = meta.get("TransferSyntaxUID")
    if syntax == uid.DeflatedExplicitVRLittleEndian:
        file, syntax = io.BytesIO(_inflated(data[file.tell() :])), None
    else:
        file.seek(0)
    dataset = read_partial(file, _budget(), force=True, specific_tags=[tag_for_keyword(word) for word in KEYWORDS])
    if not dataset and syntax:
        raise PictureRefused(NO_END)  # all of it is given up when the file ends inside an element
    if not syntax:
        implicit, little = dataset.original_encoding
        guesses = {True: uid.ImplicitVRLittleEndian, False: uid.ExplicitVRLittleEndian}
        syntax = guesses[bool(implicit)] if little else uid.ExplicitVRBigEndian
    return dataset, uid.UID(syntax)


def _budget():
    seen = 0

    def stop_when(*_) -> bool:
        nonlocal seen
        seen += 1
        if seen > MAX_ELEMENTS:
            raise PictureRefused(f"This DICOM file is not read: its header has more than {MAX_ELEMENTS} entries.")
        return False

    return stop_when


def _inflated(packed: bytes) -> bytes:
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    data = inflater.decompress(packed, limits.MAX_BYTES + 1)
    limits.check_bytes(len(data))
    if not inflater.eof:
        raise PictureRefused(NO_END)
    return data


def _check(dataset: Dataset, syntax: uid.UID) -> None:
    """Refuse, with the reason, before a pixel is unpacked."""
    if not any(word in dataset for word in ("Rows", "SOPClassUID", *PIXELS)):
        raise PictureRefused("This file is not a picture: nothing of a DICOM picture was found in it.")
    study.check(dataset)
    if not any(dataset.get(word) for word in PIXELS):
        raise PictureRefused(
            "This DICOM file holds no picture: its pixel data are missing. Please export the X-ray itself again."
        )
    frames = int(dataset.get("NumberOfFrames") or 1)
    if frames > 1:
        raise PictureRefused(
            f"This DICOM file holds {frames} pictures (frames). Please upload the right one alone, as one picture."
        )
    needed = NEEDED | (NEEDED_OF_INTEGERS if dataset.get("PixelData") else {})
    if missing := [words for keyword, words in needed.items() if dataset.get(keyword) in (None, "")]:
        raise PictureRefused(
            f"This DICOM file is incomplete: it does not say {' and '.join(missing)}. Please export it again."
        )
    limits.check_shape(int(dataset.Columns), int(dataset.Rows))
    if dataset.PhotometricInterpretation not in (*MONOCHROME, *COLOURS):
        raise PictureRefused("This DICOM file stores its colours in a way that is not read. Please export it as PNG.")
    if syntax not in COMPRESSIONS and syntax not in NATIVE:
        raise PictureRefused(
            "This DICOM file is compressed in a way (transfer syntax) that is not read. "
            "Please export it uncompressed, or as PNG."
        )
    _check_sizes(dataset, syntax)


def _check_sizes(dataset: Dataset, syntax: uid.UID) -> None:
    """Refuse a header that contradicts itself, or the length of what is not compressed: it would be read as stripes."""
    allocated, stored = int(dataset.BitsAllocated), dataset.get("BitsStored")
    if stored is not None and not 1 <= int(stored) <= allocated:
        raise PictureRefused(OTHER_BITS)
    samples, kind = int(dataset.SamplesPerPixel), dataset.PhotometricInterpretation
    if samples != (1 if kind in MONOCHROME or kind == "PALETTE COLOR" else 3):
        raise PictureRefused(OTHER_SAMPLES)
    pixels = int(dataset.Rows) * int(dataset.Columns) * samples
    if syntax in NATIVE and len(dataset.get("PixelData") or b"") * 8 >= 2 * pixels * max(allocated, 1):
        raise PictureRefused(coded.OTHER_SIZE)


def _samples(dataset: Dataset, syntax: uid.UID) -> np.ndarray:
    """Stored values: (rows, columns), or (rows, columns, 3) in RGB; unused bits cleared, sign extended."""
    decoder = get_decoder(syntax)
    if syntax in COMPRESSIONS:
        frame = get_frame(dataset.PixelData, 0, number_of_frames=1)
        coded.check(frame, dataset, syntax)
    if syntax in NATIVE or syntax == uid.RLELossless:
        samples, said = bits.samples(dataset, decoder)
    else:
        samples, said = decoder.as_array(dataset, index=0, decoding_plugin=COMPRESSIONS[syntax][1])
    if samples.ndim != (2 if dataset.SamplesPerPixel == 1 else 3):
        raise PictureRefused(OTHER_SAMPLES)
    if said["photometric_interpretation"] == "RGB":
        dataset.PhotometricInterpretation = "RGB"
    return samples
