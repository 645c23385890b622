"""Pictures that are no chest X-rays, to count how many the plausibility check lets through. Nothing is fitted on them.

Everything is packaged with libraries that the tests need (requirements-dev.txt) or drawn here: nothing is downloaded.
All of it is grey, so that colours give nothing away, and at least 320 pixels a side, so that size does not either.
"""

from collections.abc import Iterator

import numpy as np
from PIL import Image, ImageDraw, ImageFont

SIDE = 320
CUTS = 7
SAMPLES = {
    "photographs": (
        "astronaut", "camera", "cat", "clock", "coffee", "coins", "horse", "hubble_deep_field", "moon", "rocket",
    ),
    "documents and charts": ("page", "text"),
    "textures and noise": ("brick", "checkerboard", "grass", "gravel"),
    "other medical pictures": ("cell", "immunohistochemistry", "microaneurysms", "retina", "shepp_logan_phantom"),
}  # fmt: skip
DICOM = (
    "CT_small.dcm", "MR_small.dcm", "693_J2KI.dcm", "JPEG2000.dcm", "examples_rgb_color.dcm",
    "examples_ybr_color.dcm", "examples_palette.dcm", "examples_jpeg2k.dcm", "rtdose_1frame.dcm", "liver_1frame.dcm",
)  # fmt: skip
WORDS = "the lungs are clear no focal consolidation invoice total date page report name ward of and to in for".split()
DRAWN = 15  # of each drawn kind


def families(seed: int = 0) -> Iterator[tuple[str, np.ndarray]]:
    """(family, grey picture uint8). Samples come whole, and as `CUTS` cut-outs, turned at random where a photograph
    may be; those of one sample are no independent draws."""
    rng = np.random.default_rng(seed)
    for family, whole in _samples():
        yield family, _at_least(whole)
        for _ in range(CUTS):
            yield family, _at_least(_cut(whole, rng))
    for family, drawers in DRAWERS.items():
        for draw in drawers:
            for _ in range(DRAWN):
                yield family, _bytes(draw(rng))


def _samples() -> Iterator[tuple[str, np.ndarray]]:
    from matplotlib import cbook
    from pydicom import dcmread
    from pydicom.data import get_testdata_file
    from skimage import data
    from sklearn.datasets import load_digits, load_sample_image

    for family, names in SAMPLES.items():
        for name in names:
            yield family, _bytes(_grey(getattr(data, name)()))
    yield "photographs", _bytes(_grey(data.stereo_motorcycle()[0]))
    for name in ("china.jpg", "flower.jpg"):
        yield "photographs", _bytes(_grey(load_sample_image(name)))
    with cbook.get_sample_data("grace_hopper.jpg") as file, Image.open(file) as image:
        yield "photographs", np.asarray(image.convert("L"))
    yield (
        "documents and charts",
        _bytes(np.vstack([np.hstack(row) for row in load_digits().images[:100].reshape(10, 10, 8, 8)])),
    )
    for name in DICOM:
        samples = dcmread(get_testdata_file(name, download=False)).pixel_array
        yield "other medical pictures", _bytes(_grey(samples))


def noise(rng: np.random.Generator) -> np.ndarray:
    """Noise whose amplitude falls with frequency to a random power: white, pink, clouds."""
    frequency = np.hypot(*np.meshgrid(np.fft.fftfreq(SIDE), np.fft.fftfreq(SIDE))) + 1 / SIDE
    spectrum = np.fft.fft2(rng.normal(size=(SIDE, SIDE))) / frequency ** rng.uniform(0, 2.5)
    return np.real(np.fft.ifft2(spectrum))


def pattern(rng: np.random.Generator) -> np.ndarray:
    """A gradient, rings, stripes, or a chessboard."""
    x, y = np.meshgrid(np.linspace(-1, 1, SIDE), np.linspace(-1, 1, SIDE))
    angle, pace = rng.uniform(0, np.pi), rng.uniform(2, 40)
    along = x * np.cos(angle) + y * np.sin(angle)
    kinds = (along, np.hypot(x, y), np.sin(pace * along), np.sign(np.sin(pace * x) * np.sin(pace * y)))
    return kinds[rng.integers(len(kinds))] + rng.normal(0, rng.uniform(0, 0.1), x.shape)


def page(rng: np.random.Generator) -> np.ndarray:
    """A page of writing, black on white or white on black."""
    image, draw = _sheet()
    size = int(rng.integers(10, 24))
    for y in np.arange(rng.integers(5, 40), SIDE - size, size * rng.uniform(1.2, 2)):
        text = " ".join(rng.choice(WORDS, int(rng.integers(3, 14))))
        draw.text((int(rng.integers(8, 20)), int(y)), text, fill=0, font=ImageFont.load_default(size))
    return _either(image, rng)


def table(rng: np.random.Generator) -> np.ndarray:
    """A table of numbers with lines."""
    image, draw = _sheet()
    rows, columns = rng.integers(4, 14), rng.integers(3, 8)
    tall, wide = SIDE // rows, SIDE // columns
    for row in range(rows):
        draw.line([0, row * tall, SIDE, row * tall], fill=90)
        for column in range(columns):
            draw.line([column * wide, 0, column * wide, SIDE], fill=90)
            draw.text((column * wide + 4, row * tall + 4), str(rng.integers(0, 9999)), fill=0)
    return _either(image, rng)


def chart(rng: np.random.Generator) -> np.ndarray:
    """Bars, or curves, between two axes."""
    image, draw = _sheet()
    draw.line([30, 20, 30, 290, 305, 290], fill=0, width=2)
    count = int(rng.integers(3, 12))
    heights = rng.uniform(20, 260, count)
    if rng.random() < 0.5:
        wide = 260 / count
        for i, height in enumerate(heights):
            left = 40 + i * wide
            draw.rectangle([left, 290 - height, left + wide * 0.7, 290], fill=int(rng.integers(30, 200)))
    else:
        for _ in range(int(rng.integers(1, 4))):
            points = zip(np.linspace(30, 300, count), 290 - rng.permutation(heights), strict=True)
            draw.line([tuple(point) for point in points], fill=int(rng.integers(0, 160)), width=int(rng.integers(1, 5)))
    return _either(image, rng)


def limb(rng: np.random.Generator) -> np.ndarray:
    """What an X-ray of an arm or a leg looks like from afar: soft parts, one or two shafts with bright edges."""
    x, y = np.meshgrid(np.linspace(-1, 1, SIDE), np.linspace(-1, 1, SIDE))
    x = x * np.cos(tilt := rng.uniform(-0.5, 0.5)) + y * np.sin(tilt)
    grey = 0.3 * np.exp(-((x / rng.uniform(0.4, 0.8)) ** 6))
    for middle in rng.uniform(-0.25, 0.25, rng.integers(1, 3)):
        wide = rng.uniform(0.07, 0.15) * (1 + 0.5 * np.abs(y) ** 3)
        off = np.abs(x - middle) / wide
        grey += 0.3 * (off < 1) + 0.3 * np.exp(-(((off - 0.9) / 0.2) ** 2))
    return grey + rng.normal(0, 0.01, grey.shape)


def hand(rng: np.random.Generator) -> np.ndarray:
    """A hand from afar: a palm and five fingers of three bones each."""
    image = Image.new("L", (SIDE, SIDE), int(rng.integers(0, 25)))
    draw = ImageDraw.Draw(image)
    draw.ellipse([90, 170, 230, 310], fill=110)
    for finger, angle in enumerate(np.linspace(-0.9, 0.6, 5) + rng.normal(0, 0.05, 5)):
        step = np.array([np.sin(angle), -np.cos(angle)])
        start, length = np.array([160, 230]) + 45 * step, rng.uniform(30, 42) * (0.8 if finger == 0 else 1)
        draw.line([tuple(start), tuple(start + 3.3 * length * step)], fill=90, width=26)
        for bone in range(4):
            ends = [tuple(start + (bone * length * s + e) * step) for s, e in ((1, 0), (1, length * 0.85))]
            draw.line(ends, fill=int(rng.integers(170, 230)), width=11)
    return np.asarray(image.rotate(float(rng.uniform(-25, 25))), float) + rng.normal(0, 3, (SIDE, SIDE))


def skull(rng: np.random.Generator) -> np.ndarray:
    """A slice or a skull from afar: bright rim, grey inside, some dark and some light ovals."""
    image = Image.new("L", (SIDE, SIDE), 5)
    draw = ImageDraw.Draw(image)
    wide, tall = rng.integers(90, 140), rng.integers(110, 150)
    rim = int(rng.integers(5, 16))
    box = np.array([160 - wide, 160 - tall, 160 + wide, 160 + tall])
    draw.ellipse(list(box), fill=225)
    draw.ellipse(list(box + [rim, rim, -rim, -rim]), fill=int(rng.integers(60, 130)))
    for _ in range(int(rng.integers(2, 7))):
        x, y, r, s = rng.integers(100, 220), rng.integers(90, 230), rng.integers(8, 40), rng.integers(8, 40)
        draw.ellipse([x - r, y - s, x + r, y + s], fill=int(rng.integers(10, 190)))
    return np.asarray(image, float) + rng.normal(0, 4, (SIDE, SIDE))


DRAWERS = {
    "documents and charts": (page, table, chart),
    "textures and noise": (noise, pattern),
    "other medical pictures": (limb, hand, skull),
}


def _sheet() -> tuple[Image.Image, ImageDraw.ImageDraw]:
    image = Image.new("L", (SIDE, SIDE), 250)
    return image, ImageDraw.Draw(image)


def _either(image: Image.Image, rng: np.random.Generator) -> np.ndarray:
    grey = np.asarray(image, float)
    return grey if rng.random() < 0.5 else 255 - grey


def _grey(samples: np.ndarray) -> np.ndarray:
    """The first of several frames, colours averaged."""
    samples = np.asarray(samples, float)
    if samples.ndim == 4:
        samples = samples[0]
    if samples.ndim == 3 and samples.shape[-1] in (3, 4):
        return samples[..., :3].mean(-1)
    return samples[0] if samples.ndim == 3 else samples


def _bytes(samples: np.ndarray) -> np.ndarray:
    """Stretched over 0 to 255."""
    low, high = samples.min(), samples.max()
    return ((samples - low) / (high - low) * 255).round().astype(np.uint8)


def _cut(grey: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A part of 40 to 80 % of each side."""
    height, width = (int(side * rng.uniform(0.4, 0.8)) for side in grey.shape)
    top, left = (int(rng.integers(0, side - kept + 1)) for side, kept in zip(grey.shape, (height, width), strict=True))
    return grey[top : top + height, left : left + width]


def _at_least(grey: np.ndarray) -> np.ndarray:
    """Enlarged until the shorter side has `SIDE` pixels."""
    factor = max(1.0, SIDE / min(grey.shape))
    size = (round(grey.shape[1] * factor), round(grey.shape[0] * factor))
    return np.asarray(Image.fromarray(grey).resize(size, Image.Resampling.BILINEAR))
