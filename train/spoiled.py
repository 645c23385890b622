"""Training pictures spoiled on purpose: what the plausibility check learns to name, and harmless changes it must pass.

Each change takes a grey picture (H, W) in [0, 1], a generator and another picture, and gives a grey picture of any
shape; `seen` then brings it through the one preprocessing.
"""

import io
from collections.abc import Callable

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from cxr_models import imaging
from cxr_models.imaging import Picture

Change = Callable[[np.ndarray, np.random.Generator, np.ndarray], np.ndarray]
LETTERS = list("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz    0123456789:-/.")


def seen(grey: np.ndarray) -> np.ndarray:
    """Grey (H, W) -> what the networks see of it, (224, 224)."""
    grey = np.ascontiguousarray(np.clip(grey, 0, 1), dtype=np.float32)
    return imaging.pixels(Picture(grey, imaging.trim(grey), "", False))


def harmless(grey: np.ndarray, rng: np.random.Generator, _other: np.ndarray) -> np.ndarray:
    """Slightly other exposure, framing, sharpness and compression; or in the dark bars that the preprocessing trims."""
    grey = np.clip(grey ** np.exp(rng.uniform(-0.3, 0.3)) * np.exp(rng.uniform(-0.15, 0.05)), 0, 1)
    if rng.random() < 0.5:
        grey = _cut(grey, rng, 0.75, 1)
    if rng.random() < 0.3:
        bars = [(0, 0), (0, 0)]
        bars[int(rng.integers(2))] = tuple(rng.integers(4, max(grey.shape) // 3, 2))
        grey = np.pad(grey, bars)
    if rng.random() < 0.4:
        grey = jpeg(grey, int(rng.integers(30, 95)))
    if rng.random() < 0.3:
        grey = _blur(grey, rng.uniform(0, 0.6))
    return grey


def narrow(grey: np.ndarray, rng: np.random.Generator, other: np.ndarray) -> np.ndarray:
    """Cut at its sides to between six and nine tenths of its width, and harmless otherwise; the networks learned from
    views stretched as much."""
    width = int(grey.shape[1] * rng.uniform(0.6, 0.9))
    left = int(rng.integers(0, grey.shape[1] - width + 1))
    return harmless(grey[:, left : left + width], rng, other)


def jpeg(grey: np.ndarray, quality: int) -> np.ndarray:
    buffer = io.BytesIO()
    _image(grey).save(buffer, "JPEG", quality=quality)
    with Image.open(buffer) as image:
        return np.asarray(image, np.float32) / 255


def part(grey: np.ndarray, rng: np.random.Generator, _other: np.ndarray) -> np.ndarray:
    """A cut-out of a fifth to a half of each side."""
    return _cut(grey, rng, 0.2, 0.5)


def blurred(grey: np.ndarray, rng: np.random.Generator, _other: np.ndarray) -> np.ndarray:
    """Out of focus, moved, or enlarged from a few pixels."""
    kind = rng.integers(3)
    if kind == 0:
        return _blur(grey, rng.uniform(2, 7))
    if kind == 1:
        side = int(rng.integers(20, 64))
        return np.asarray(Image.fromarray(grey).resize((side, side), Image.Resampling.BOX).resize(grey.shape[::-1]))
    length = int(rng.integers(6, 16))
    moved = np.cumsum(np.pad(grey, ((0, 0), (length, 0)), mode="edge"), axis=1)
    moved = (moved[:, length:] - moved[:, :-length]) / length
    return moved if rng.random() < 0.5 else _blur(moved, 1.5)


def grainy(grey: np.ndarray, rng: np.random.Generator, _other: np.ndarray) -> np.ndarray:
    """Dithered to black and white, noisy, or peppered; the mildest noise is what `train.robustness` found harmful."""
    kind = rng.integers(3)
    if kind == 0:
        return np.asarray(_image(grey).convert("1"), np.float32)
    if kind == 1:
        return grey + rng.normal(0, np.exp(rng.uniform(*np.log((0.03, 0.4)))), grey.shape)
    return np.where(rng.random(grey.shape) < rng.uniform(0.03, 0.2), rng.integers(0, 2, grey.shape), grey)


def burnt(grey: np.ndarray, rng: np.random.Generator, _other: np.ndarray) -> np.ndarray:
    """Exposed until the brighter half is white."""
    return grey / np.quantile(grey, rng.uniform(0.3, 0.6)).clip(0.1)


def dark(grey: np.ndarray, rng: np.random.Generator, _other: np.ndarray) -> np.ndarray:
    """A quarter to half as bright."""
    return grey * rng.uniform(0.25, 0.5)


def flat(grey: np.ndarray, rng: np.random.Generator, _other: np.ndarray) -> np.ndarray:
    """A sixth to a third of its contrast, about its mean."""
    return grey.mean() + (grey - grey.mean()) * rng.uniform(1 / 6, 1 / 3)


def slightly_noisy(grey: np.ndarray, rng: np.random.Generator, _other: np.ndarray) -> np.ndarray:
    """The middle grade of `train.robustness`."""
    return grey + rng.normal(0, 0.05, grey.shape)


def two(grey: np.ndarray, rng: np.random.Generator, other: np.ndarray) -> np.ndarray:
    """Two films side by side, or one above the other, perhaps with a gap."""
    along = int(rng.random() < 0.75)
    gap = np.zeros((grey.shape[0], int(rng.integers(1, 20))) if along else (int(rng.integers(1, 20)), grey.shape[1]))
    pieces = [grey, gap, other] if rng.random() < 0.5 else [grey, other]
    return np.concatenate(pieces, axis=along)


def covered(grey: np.ndarray, rng: np.random.Generator, _other: np.ndarray) -> np.ndarray:
    """Lines of writing over all of it."""
    image = _image(grey)
    draw = ImageDraw.Draw(image)
    size, shade = int(rng.integers(8, 22)), int(rng.choice([255, 255, 210, 0]))
    step = size * rng.uniform(1.1, 2.2)
    for y in np.arange(rng.uniform(0, step), grey.shape[0], step):
        _write(draw, (int(rng.integers(-10, 20)), int(y)), size, shade, 60, rng)
    return np.asarray(image, np.float32) / 255


def screenshot(grey: np.ndarray, rng: np.random.Generator, _other: np.ndarray) -> np.ndarray:
    """A viewer's window: the X-ray with grey around it, bars, buttons and words."""
    width, height = 448, int(rng.integers(260, 400))
    image = Image.new("L", (width, height), int(rng.integers(0, 80)))
    tall = int(height * rng.uniform(0.5, 0.85))
    wide = int(min(width * 0.75, tall * rng.uniform(0.9, 1.6)))
    left, top = int(rng.integers(0, width - wide)), int(rng.integers(0, height - tall))
    draw = ImageDraw.Draw(image)
    for _ in range(int(rng.integers(3, 16))):
        x, y, size = int(rng.integers(0, width)), int(rng.integers(0, height)), int(rng.integers(8, 14))
        if rng.random() < 0.5:
            draw.rectangle([x, y, x + int(rng.integers(10, 100)), y + size + 4], fill=int(rng.integers(40, 230)))
        _write(draw, (x + 3, y + 2), size, int(rng.integers(140, 255)), 14, rng)
    shade = int(rng.integers(50, 240))
    draw.rectangle([0, 0, width, int(rng.integers(4, 26))], fill=shade)
    if rng.random() < 0.6:
        draw.rectangle([0, 0, int(rng.integers(8, 110)), height], fill=shade)
    image.paste(_image(grey).resize((wide, tall)), (left, top))
    return np.asarray(image, np.float32) / 255


def scrambled(grey: np.ndarray, rng: np.random.Generator, _other: np.ndarray) -> np.ndarray:
    """Tiles in another order, or the picture's own spectrum with phases of noise: its stuff without its shape."""
    if rng.random() < 0.5:
        noise = np.fft.fft2(rng.normal(size=grey.shape))
        changed = np.real(np.fft.ifft2(np.abs(np.fft.fft2(grey)) * noise / np.abs(noise)))
        return (changed - changed.min()) / np.ptp(changed)
    n = int(rng.integers(2, 7))
    side = grey.shape[0] // n
    tiles = grey[: side * n, : side * n].reshape(n, side, n, side).swapaxes(1, 2).reshape(n * n, side, side)
    return rng.permutation(tiles).reshape(n, n, side, side).swapaxes(1, 2).reshape(n * side, n * side)


# By the reason that the check gives; a reason may have several changes.
CHANGES: dict[str, tuple[Change, ...]] = {
    "plain": (lambda grey, *_: grey, harmless),
    "side": (lambda grey, *_: np.rot90(grey), lambda grey, *_: np.rot90(grey, 3)),
    "upside_down": (lambda grey, *_: np.rot90(grey, 2), lambda grey, *_: grey[::-1]),
    "negative": (lambda grey, *_: 1 - grey,),
    "mirrored": (lambda grey, *_: grey[:, ::-1],),
    "part": (part,),
    "two": (two,),
    "screenshot": (screenshot,),
    "covered": (covered,),
    "blurred": (blurred,),
    "grainy": (grainy,),
    "scrambled": (scrambled,),
}
# Not for the classifier to learn: plain statistics see the first three, and the fourth is a mild case of "grainy".
COUNTED_ONLY: dict[str, tuple[Change, ...]] = {
    "burnt": (burnt,),
    "dark": (dark,),
    "flat": (flat,),
    "slightly noisy": (slightly_noisy,),
}


def _image(grey: np.ndarray) -> Image.Image:
    return Image.fromarray((np.clip(grey, 0, 1) * 255).round().astype(np.uint8))


def _blur(grey: np.ndarray, sigma: float) -> np.ndarray:
    return np.asarray(_image(grey).filter(ImageFilter.GaussianBlur(sigma)), np.float32) / 255


def _cut(grey: np.ndarray, rng: np.random.Generator, low: float, high: float) -> np.ndarray:
    """A part of it, each side a share between low and high."""
    height, width = (int(side * rng.uniform(low, high)) for side in grey.shape)
    top, left = int(rng.integers(0, grey.shape[0] - height + 1)), int(rng.integers(0, grey.shape[1] - width + 1))
    return grey[top : top + height, left : left + width]


def _write(
    draw: ImageDraw.ImageDraw, place: tuple[int, int], size: int, shade: int, letters: int, rng: np.random.Generator
) -> None:
    draw.text(place, "".join(rng.choice(LETTERS, letters)), fill=shade, font=ImageFont.load_default(size))
