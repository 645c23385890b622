"""Picture files that Pillow decodes -> grey."""

import io
from contextlib import suppress

import numpy as np
from PIL import ExifTags, Image, ImageOps, TiffImagePlugin, UnidentifiedImageError

from cxr_models.errors import NotAnXray, PictureRefused
from cxr_models.imaging import limits, other_files
from cxr_models.imaging.samples import unit

# Only formats that a hospital exports and Pillow decodes itself: EPS, for one, would start another program.
FORMATS = ("JPEG", "PNG", "TIFF", "BMP", "WEBP", "GIF", "JPEG2000", "PPM")
# Read number by number, large ones take minutes.
TEXT_PICTURES = (b"P1", b"P2", b"P3")
# Pictures of another kind, or of a kind of their own that no reader here knows.
OTHER_PICTURES = {
    b"\xff\x0a": "a JPEG XL picture",
    b"\0\0\0\x0cJXL ": "a JPEG XL picture",
    b"8BPS": "a Photoshop picture",
    **dict.fromkeys(TEXT_PICTURES, "a picture written as text (PNM)"),
}
READ = "DICOM, JPEG, PNG, TIFF, BMP, WebP, GIF and JPEG 2000 are read."
TIFF_STARTS = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
ODD_TIFF = "This TIFF file is damaged, or its samples are stored in a way that is not read. Please export it as PNG."
# Behind the length of the first box of a file of that family.
OTHER_BOXES = {
    b"ftyphei": "a phone picture in HEIC",
    b"ftypmif": "a phone picture in HEIC",
    b"ftypavif": "an AVIF picture",
    b"ftyp": "a video",
}
PNG_DEPTH = 24  # byte of a PNG file that holds the bits of a sample
UNSIGNED, SIGNED = 1, 2  # TIFF's sample formats
BY_PLANE = 2  # TIFF's planar configuration
MAX_COLOUR_DIFFERENCE = 24  # of 255: compression of a grey picture stays below
ONE_CHANNEL = ("1", "L", "P", "F")


def read(data: bytes) -> tuple[np.ndarray, bool]:
    """(grey, coloured) of one file of any format in `FORMATS`: grey is (height, width) float32 in [0, 1], upright,
    black is 0; coloured says whether the channels differ by more than compression does.

    Transparent parts become black; EXIF orientation is applied; colour profiles are passed over. Raises
    PictureRefused for what is not a picture, damaged, several pictures, or of a size beyond `limits`.
    """
    limits.check_packing(data)
    image = _open(data)
    limits.check_shape(*image.size)
    _check_tiles(image)
    if getattr(image, "is_animated", False) and image.format != "MPO":  # an MPO holds previews of its first picture
        raise PictureRefused(
            "This file holds several pictures (pages or frames). Please upload the right one alone, as one picture."
        )
    image.load()
    if _narrowed(image, data):
        image = _wide(image, data)
    _turn_upright(image)
    return grey(image), is_coloured(image)


def grey(image: Image.Image) -> np.ndarray:
    """(height, width) float32 in [0, 1] of a loaded picture of any mode; colours by their luma (ITU-R BT.601)."""
    if image.mode.startswith("I") or image.mode == "F":
        scaled = unit(_integers(image) if image.mode.startswith("I") else np.asarray(image))
        return 1 - scaled if _tag(image, TiffImagePlugin.PHOTOMETRIC_INTERPRETATION) == 0 else scaled
    if image.mode == "LAB":
        image = image.getchannel("L")
    if image.has_transparency_data:
        layer = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", layer.size, "black"), layer)
    levels = np.asarray(image.convert("L"))
    if levels.dtype == np.uint8 and image.mode == "L" and _tag(image, TiffImagePlugin.SAMPLEFORMAT) == SIGNED:
        levels = levels ^ 0x80  # Pillow hands signed bytes over as unsigned ones
    return levels.astype(np.float32) / 255


def is_coloured(image: Image.Image) -> bool:
    """Whether the channels of a twentieth of the picture differ by more than `MAX_COLOUR_DIFFERENCE`."""
    if image.mode in ("1", "L", "LA", "La", "F") or image.mode.startswith("I"):
        return False
    thumbnail = image.copy() if image.mode == "LAB" else image.convert("RGB")
    thumbnail.thumbnail((128, 128))
    channels = np.asarray(thumbnail, dtype=np.int16)[..., 1 if image.mode == "LAB" else 0 :]
    return float(np.percentile(np.ptp(channels, axis=2), 95)) > MAX_COLOUR_DIFFERENCE


def _open(data: bytes) -> Image.Image:
    try:
        if data.startswith(TEXT_PICTURES):
            raise UnidentifiedImageError
        return Image.open(io.BytesIO(data), formats=FORMATS)
    except Image.DecompressionBombError:
        raise PictureRefused(
            f"This picture is too large: more than {limits.MAX_PIXELS / 1e6:.0f} million pixels."
        ) from None
    except UnidentifiedImageError:
        if data.startswith(TIFF_STARTS):
            raise PictureRefused(ODD_TIFF) from None
        if words := _other_picture(data):
            raise PictureRefused(f"This file is {words}, or its beginning is damaged. {READ}") from None
        if words := other_files.kind(data):
            raise NotAnXray(f"This file is {words}, not a picture. {READ}") from None
        raise PictureRefused(f"This file is not a picture, or its beginning is damaged. {READ}") from None


def _other_picture(data: bytes) -> str:
    """The kind of a picture that is not read; '' for every other file."""
    for magic, words in OTHER_PICTURES.items():
        if data.startswith(magic):
            return words
    return next((words for box, words in OTHER_BOXES.items() if data[4:].startswith(box)), "")


def _check_tiles(image: Image.Image) -> None:
    """A small TIFF may declare tiles of gigabytes."""
    width, height = (_tag(image, tag) for tag in (TiffImagePlugin.TILEWIDTH, TiffImagePlugin.TILELENGTH))
    if isinstance(width, int) and isinstance(height, int) and width * height > limits.MAX_PIXELS:
        raise PictureRefused(f"This picture is too large: it comes in tiles of {width} × {height} pixels.")


def _narrowed(image: Image.Image, data: bytes) -> bool:
    """Whether Pillow may have left 8 bits of samples of 16: it does where there are several channels."""
    if image.mode in ONE_CHANNEL or image.mode.startswith("I"):
        return False
    if image.format == "PNG":
        return data[PNG_DEPTH] == 16
    if image.format == "TIFF":
        wide = _tag(image, TiffImagePlugin.BITSPERSAMPLE) == 16
        # Neither Pillow nor OpenCV reads these: both give another picture without a word.
        if wide and _tag(image, TiffImagePlugin.PLANAR_CONFIGURATION) == BY_PLANE:
            raise PictureRefused(ODD_TIFF)
        return wide
    return image.format in ("JPEG2000", "PPM")


def _wide(image: Image.Image, data: bytes) -> Image.Image:
    """The picture scaled as a grey one of its depth is, from samples that OpenCV read; the picture itself where those
    have no more bits either. The orientation that the file asks for is still to be applied."""
    import cv2

    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)  # its messages may quote the file
    samples = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    if samples is None or samples.dtype != np.uint16 or samples.ndim != 3:
        return image
    levels = [unit(samples[..., 2::-1])]
    if samples.shape[2] == 4:
        levels.append(samples[..., 3:] / np.float32(max(samples[..., 3].max(), 1)))
    bytewise = [(level * 255).round().astype(np.uint8) for level in levels]
    wide = Image.fromarray(np.concatenate(bytewise, axis=2))
    wide.getexif()[ExifTags.Base.Orientation] = image.getexif().get(ExifTags.Base.Orientation, 1)
    return wide


def _turn_upright(image: Image.Image) -> None:
    """In place, so that the file's tags stay at hand."""
    with suppress(Exception):  # damaged EXIF says nothing; the picture itself is whole
        ImageOps.exif_transpose(image, in_place=True)


def _integers(image: Image.Image) -> np.ndarray:
    samples = np.asarray(image)
    # Pillow hands unsigned samples of 32 bits over as signed ones.
    unsigned = samples.dtype == np.int32 and _tag(image, TiffImagePlugin.SAMPLEFORMAT, UNSIGNED) == UNSIGNED
    return samples.view(np.uint32) if unsigned and _tag(image, TiffImagePlugin.BITSPERSAMPLE) == 32 else samples


def _tag(image: Image.Image, tag: int, default: int | None = None) -> int | None:
    """A TIFF's tag, its first value where there are several; None for other files and missing tags."""
    found = getattr(image, "tag_v2", {}).get(tag, default)
    return found[0] if isinstance(found, tuple) else found
