"""Picture files of every kind, made here: the same pixels, or a refusal."""

import contextlib
import struct
import subprocess
import sys
import zlib

import cv2
import numpy as np
import pytest
from PIL import Image

from cxr_models import imaging
from cxr_models.errors import PictureRefused
from cxr_models.imaging.samples import unit
from cxr_models.paths import ROOT
from tests.cxr_models.test_imaging import encoded

LEVEL = 1 / 255
UNSIGNED, SIGNED, FLOAT = 1, 2, 3


@pytest.fixture(scope="module")
def grey() -> np.ndarray:
    """Levels 0 to 255, 60 × 80, unlike itself turned or mirrored."""
    y, x = np.mgrid[0:60, 0:80]
    levels = (2 * x + y + 40 * (x > 50)).astype(np.float64)
    return ((levels - levels.min()) / np.ptp(levels) * 255).round().astype(np.uint8)


def tiff(samples: np.ndarray, *, bits: int, kind: int = UNSIGNED, white_first: bool = False, big: bool = False,
         big_endian: bool = False, more: dict[int, int] | None = None) -> bytes:  # fmt: skip
    """An uncompressed TIFF or BigTIFF of one strip."""
    order, pixels = (">" if big_endian else "<"), samples.tobytes()
    start = 16 if big else 8
    height, width = samples.shape[0], samples.shape[1] * (8 if bits == 1 else 1)
    tags = {256: width, 257: height, 258: bits, 259: 1, 262: int(not white_first), 273: start}
    tags |= {277: 1, 278: height, 279: len(pixels), 339: kind} | (more or {})
    head = struct.pack(order + "2sHHHQ", b"", 43, 8, 0, start + len(pixels)) if big else b""
    head = head or struct.pack(order + "2sHI", b"", 42, start + len(pixels))
    head = (b"MM" if big_endian else b"II") + head[2:]
    entry, count, end = ("HHQQ", "Q", "Q") if big else ("HHII", "H", "I")
    body = struct.pack(order + count, len(tags))
    for tag, value in sorted(tags.items()):
        body += struct.pack(order + entry, tag, 16 if big else 4, 1, value)
    return head + pixels + body + struct.pack(order + end, 0)


def png(samples: np.ndarray, *, turned: int | None = None) -> bytes:
    """A PNG of 16 bits, of grey, grey and alpha, colours, or colours and alpha, by the number of channels."""
    kind = {1: 0, 2: 4, 3: 2, 4: 6}[samples.shape[2]]
    rows = b"".join(b"\0" + row.astype(">u2").tobytes() for row in samples)
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", samples.shape[1], samples.shape[0], 16, kind, 0, 0, 0))
    exif = Image.Exif()
    exif[0x0112] = turned
    told = chunk(b"eXIf", exif.tobytes()[6:]) if turned else b""
    return b"\x89PNG\r\n\x1a\n" + head + told + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def opencv(samples: np.ndarray, ending: str) -> bytes:
    done, data = cv2.imencode(ending, samples)
    assert done
    return data.tobytes()


def variants(grey: np.ndarray) -> dict[str, bytes]:
    image, wide = Image.fromarray(grey), grey.astype(np.uint16) * 257
    twelve = (grey.astype(np.uint32) * 4095 // 255).astype(np.uint16)
    opaque, half = np.full_like(twelve, 65535), np.full_like(twelve, 4095)
    lab = Image.merge("LAB", [image, Image.new("L", image.size, 128), Image.new("L", image.size, 128)])
    odd_exif = encoded(image, "JPEG", quality=100)
    odd_exif = odd_exif[:2] + b"\xff\xe1\x00\x12Exif\0\0II*\0\xff\xff\xff\xff\xff\xff" + odd_exif[2:]
    return {
        "jpeg cmyk": encoded(image.convert("CMYK"), "JPEG", quality=100),
        "jpeg progressive": encoded(image, "JPEG", quality=100, progressive=True),
        "jpeg with damaged exif": odd_exif,
        "mpo": encoded(image, "MPO", save_all=True, append_images=[Image.new("L", image.size)], quality=100),
        "png grey and alpha": encoded(image.convert("LA")),
        "png 12 bits in 16, colours": png(np.dstack([twelve] * 3)),
        "png 12 bits in 16, colours and alpha": png(np.dstack([twelve] * 3 + [opaque])),
        "png 12 bits in 16, grey and alpha": png(np.dstack([twelve, opaque])),
        "png 12 bits in 16, grey and alpha of 12 bits": png(np.dstack([twelve, half])),
        "png 10 bits in 16, colours": png(np.dstack([twelve // 4] * 3)),
        "png 16 bits, colours, turned": png(np.rot90(np.dstack([wide] * 3)), turned=6),
        "tiff 12 bits in 16, colours": opencv(np.dstack([twelve] * 3), ".tiff"),
        "ppm 12 bits in 16, colours": opencv(np.dstack([twelve] * 3), ".ppm"),
        "ppm 16 bits, colours": opencv(np.dstack([wide] * 3), ".ppm"),
        "jpeg 2000 12 bits in 16, colours": opencv(np.dstack([twelve] * 3), ".jp2"),
        "png with a colour profile": encoded(image, icc_profile=b"no profile"),
        "webp": encoded(image.convert("RGBA"), "WEBP", lossless=True),
        "jpeg 2000 of 16 bits": encoded(Image.fromarray(wide), "JPEG2000"),
        "jpeg 2000 stream": encoded(image, "JPEG2000", no_jp2=True),
        "pgm of 16 bits": encoded(Image.fromarray(wide), "PPM"),
        "tiff lab": encoded(lab, "TIFF"),
        "tiff cmyk": encoded(image.convert("CMYK"), "TIFF"),
        "tiff 16 bits": tiff(wide, bits=16),
        "tiff 16 bits big endian": tiff(wide.astype(">u2"), bits=16, big_endian=True),
        "tiff 16 bits white is zero": tiff(65535 - wide, bits=16, white_first=True),
        "tiff 12 bits white is zero": tiff(4095 - twelve, bits=16, white_first=True),
        "tiff 16 bits signed": tiff((wide.astype(np.int32) - 32768).astype(np.int16), bits=16, kind=SIGNED),
        "tiff 8 bits signed": tiff((grey.astype(np.int16) - 128).astype(np.int8), bits=8, kind=SIGNED),
        "tiff 8 bits white is zero": tiff(255 - grey, bits=8, white_first=True),
        "tiff 32 bits": tiff(grey.astype(np.uint32) * 16843009, bits=32),
        "tiff 32 bits holding 16": tiff(wide.astype(np.uint32), bits=32),
        "tiff 32 bits signed": tiff((grey.astype(np.int64) * 16843009 - 2**31).astype(np.int32), bits=32, kind=SIGNED),
        "tiff float": tiff(grey.astype(np.float32) / 255, bits=32, kind=FLOAT),
        "tiff float white is zero": tiff(1 - grey.astype(np.float32) / 255, bits=32, kind=FLOAT, white_first=True),
        "tiff float to 65535": tiff(grey.astype(np.float32) * 257, bits=32, kind=FLOAT),
        "tiff float around 0": tiff(grey.astype(np.float32) / 127.5 - 1, bits=32, kind=FLOAT),
        "bigtiff": tiff(wide, bits=16, big=True),
        "gif": encoded(image, "GIF"),
        "bmp": encoded(image.convert("RGB"), "BMP"),
    }


@pytest.mark.parametrize("kind", list(variants(np.zeros((60, 80), np.uint8))))
def test_every_way_to_store_a_picture_gives_the_same_grey(grey, kind):
    picture = imaging.decode(variants(grey)[kind])
    tolerance = 4 if "jpeg" in kind or "mpo" in kind else 1.5
    assert np.abs(picture.grey - grey / 255).max() <= tolerance * LEVEL
    assert not picture.coloured and picture.notes == ()


def test_transparent_parts_and_colours_of_16_bits_are_seen(grey):
    twelve = (grey.astype(np.uint32) * 4095 // 255).astype(np.uint16)
    clear = np.where(np.arange(80) < 40, 0, 65535) + 0 * twelve
    found = imaging.decode(png(np.dstack([twelve] * 3 + [clear]))).grey
    assert (found[:, :40] == 0).all() and np.abs(found - grey / 255)[:, 40:].max() <= LEVEL
    assert imaging.decode(png(np.dstack([twelve, twelve // 2, twelve // 4]))).coloured


def test_what_opencv_says_of_a_damaged_file_is_not_heard(grey, capfd):
    whole = opencv(np.dstack([grey.astype(np.uint16)] * 4), ".tiff")
    for data in (whole, whole[:300], png(np.dstack([grey.astype(np.uint16)] * 3))[:200]):
        with contextlib.suppress(PictureRefused):
            imaging.decode(data)
    assert capfd.readouterr() == ("", "")


def test_one_bit_white_is_zero():
    bits = np.zeros((64, 64), bool)
    bits[:, 40:] = True
    packed = np.packbits(~bits, axis=1)
    assert (imaging.decode(tiff(packed, bits=1, white_first=True)).grey == bits).all()


@pytest.mark.parametrize("samples", [np.full((40, 40), 7, np.uint16), np.full((40, 40), -3, np.int32),
                                     np.full((40, 40), 7.5), np.full((40, 40), -3.5)], ids=str)  # fmt: skip
def test_one_value_is_no_division_by_zero(samples):
    assert np.isfinite(unit(samples)).all()


def moving(kind: str) -> bytes:
    frames = [Image.new("L", (64, 64), level) for level in (0, 90, 180)]
    return encoded(frames[0], kind, save_all=True, append_images=frames[1:])


GRADIENT = Image.linear_gradient("L")


def of_many_segments(count: int) -> bytes:
    whole = encoded(GRADIENT, "JPEG")
    return whole[:2] + b"\xff\xe1\0\2" * count + whole[2:]


def of_many_chunks(count: int) -> bytes:
    whole = encoded(GRADIENT)
    return whole[:33] + chunk(b"teXt", b"") * count + whole[33:]


def test_a_few_segments_and_what_is_appended_to_a_jpeg_are_read():
    whole = encoded(GRADIENT, "JPEG")
    wanted = imaging.decode(whole).grey
    for data in (of_many_segments(100), whole + b"\xff\xda" * 1000):
        assert (imaging.decode(data).grey == wanted).all()
    assert imaging.decode(of_many_chunks(100)).width == GRADIENT.width


def test_a_fraction_above_a_depth_is_its_white():
    fractions = np.linspace(0, 255.8, 64 * 64, dtype=np.float32).reshape(64, 64)
    grey = imaging.decode(opencv(fractions, ".tiff")).grey
    assert grey.max() == 1 and grey.argmax() >= 63 * 64 and (np.diff(grey.ravel()) >= 0).all()


def layered(count: int) -> bytes:
    """A progressive JPEG whose last layer comes so many times."""
    whole = encoded(Image.effect_noise((64, 64), 60), "JPEG", progressive=True)
    last = whole.rindex(b"\xff\xda")
    return whole[:last] + whole[last:-2] * count + whole[-2:]


REFUSED = {
    "animated WebP": (moving("WEBP"), "several pictures"),
    "animated PNG": (moving("PNG"), "several pictures"),
    "pages": (moving("TIFF"), "several pictures"),
    "PDF": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", "a PDF document, not a picture"),
    "zip": (b"PK\x03\x04" + bytes(100), "a zip archive"),
    "gzip": (b"\x1f\x8b\x08" + bytes(100), "a compressed archive"),
    "bzip2": (b"BZh91AY&SY" + bytes(100), "a compressed archive"),
    "JPEG XL": (bytes.fromhex("ff0a") + bytes(100), "file is a JPEG XL picture, or"),
    "JPEG XL in a box": (bytes.fromhex("0000000c4a584c200d0a870a") + bytes(100), "a JPEG XL picture"),
    "Photoshop": (b"8BPS\0\1" + bytes(100), "file is a Photoshop picture, or"),
    "TIFF of 64-bit fractions": (opencv(np.zeros((64, 64)), ".tiff"), "stored in a way that is not read"),
    "TIFF of 16 bits, plane by plane": (
        tiff(np.zeros((192, 64), np.uint16), bits=16, more={257: 64, 262: 2, 277: 3, 284: 2}), "stored in a way"),
    "JPEG of a hundred layers": (layered(100), "more layers"),
    "JPEG of many segments": (of_many_segments(6000), "more pieces"),
    "PNG of many chunks": (of_many_chunks(6000), "more pieces"),
    "PNM as text": (b"P2\n64 64\n255\n" + b"7 " * 64 * 64, "a picture written as text"),
    "UTF-16": ("Name;Wert".encode("utf-16") * 30, "not a picture"),
    "TIFF, cut": (tiff(np.zeros((64, 64), np.uint8), bits=8)[:2000], "damaged"),
    "BMP, cut": (encoded(Image.effect_noise((64, 64), 60), "BMP")[:2000], "damaged"),
    "JPEG 2000, cut": (encoded(Image.effect_noise((64, 64), 60), "JPEG2000")[:1500], "damaged"),
    "WebP, cut": (encoded(Image.effect_noise((64, 64), 60), "WEBP", lossless=True)[:1500], "damaged"),
    "PNG with a text of 80 MB": (
        encoded(Image.new("L", (64, 64)))[:33] + chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(80 << 20))), "damaged"),
    "SVG": (b"\n <svg xmlns='http://www.w3.org/2000/svg'>", "a web drawing"),
    "HTML": (b"\xef\xbb\xbf<!DOCTYPE html><title>x</title>", "a web page"),
    "HEIC": (b"\0\0\0\x18ftypheic" + bytes(100), "in HEIC"),
    "MP4": (b"\0\0\0\x18ftypisom" + bytes(100), "a video"),
    "Matroska": (b"\x1aE\xdf\xa3" + bytes(100), "a video"),
    "EPS": (b"%!PS-Adobe-3.0 EPSF-3.0\n", "a PostScript document"),
    "text": (b"file,label\na.png,1\n", "not a picture"),
    "zeros": (bytes(4000), "not a picture"),
    "progressive JPEG, cut": (
        encoded(Image.effect_noise((300, 300), 60), "JPEG", progressive=True)[:9000], "damaged"),
    "PNG with a strange chunk": (encoded(Image.new("L", (64, 64)))[:33] + b"\0\0\0\4IDATxxxx\0\0\0\0", "damaged"),
    "TIFF tiles of gigabytes": (
        tiff(np.zeros((64, 64), np.uint8), bits=8, more={322: 60000, 323: 60000, 324: 8, 325: 4096}), "tiles"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_no_single_picture_is_refused_by_its_name(case):
    data, words = REFUSED[case]
    with pytest.raises(PictureRefused, match=words):
        imaging.decode(data)


def png_of(width: int, height: int) -> bytes:
    """A PNG that declares that size and holds a few bytes."""
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
    )


BOMBS = {
    "png": png_of(30000, 30000),
    "png just below Pillow's limit": png_of(12000, 12000),
    "gif": b"GIF89a" + struct.pack("<HH3x", 65000, 65000) + b"," + struct.pack("<HHHH", 0, 0, 65000, 65000) + bytes(9),
    "bmp": b"BM" + struct.pack("<I4xIIiiHH24x", 1000, 54, 40, 60000, 60000, 1, 24) + bytes(900),
    "tiff": tiff(np.zeros((64, 64), np.uint8), bits=8, more={256: 50000, 257: 50000}),
}  # fmt: skip

ALONE = """
import resource, sys
from cxr_models import imaging
from cxr_models.errors import PictureRefused
imaging.decode(open(sys.argv[1], "rb").read())
size = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (size + 200_000_000, resource.RLIM_INFINITY))
for path in sys.argv[2:]:
    try:
        imaging.decode(open(path, "rb").read())
    except PictureRefused as refusal:
        print(refusal)
"""


def test_what_declares_gigabytes_is_refused_in_little_memory(tmp_path, samples):
    """In a process of its own that may take 200 MB more than one ordinary picture took: the reason is the size that is
    declared, not the memory that ran out."""
    (tmp_path / "first").write_bytes(next(iter(samples.values())))
    for name, data in BOMBS.items():
        (tmp_path / name).write_bytes(data)
    paths = [str(tmp_path / name) for name in ("first", *BOMBS)]
    done = subprocess.run([sys.executable, "-c", ALONE, *paths], cwd=ROOT, capture_output=True, text=True, check=True)
    assert [line.startswith("This picture is too large") for line in done.stdout.splitlines()] == [True] * len(BOMBS)
    assert done.stderr == ""
