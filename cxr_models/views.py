"""Eight small, fixed changes of a picture that a reader would not call another picture.

What they do to a score says how far the verdict hangs on chance: framing, exposure, the side the child lay on.
"""

from collections.abc import Callable

import numpy as np
from PIL import Image, ImageFilter

from cxr_models.imaging import SIDE

NEARER, FARTHER = 1.05, 0.95
MORE, LESS = 1.1, 0.9
BRIGHTER, DARKER = 0.9, 1.1
BLUR_PIXELS = 0.7


def mirrored(pixels: np.ndarray) -> np.ndarray:
    return pixels[:, ::-1]


def zoomed(pixels: np.ndarray, factor: float) -> np.ndarray:
    """About the middle; what comes into sight at the edges repeats the outermost pixels."""
    margin = SIDE // 4
    wide = Image.fromarray(np.pad(pixels, margin, mode="edge"))
    half, middle = SIDE / factor / 2, margin + SIDE / 2
    box = (middle - half, middle - half, middle + half, middle + half)
    return np.asarray(wide.resize((SIDE, SIDE), Image.Resampling.BILINEAR, box=box))


def contrasted(pixels: np.ndarray, factor: float) -> np.ndarray:
    """Greys moved away from the middle one, or towards it, along an S; the networks' first layer would undo a straight
    change."""
    from_middle = 2 * pixels - 1
    return (np.sign(from_middle) * np.abs(from_middle) ** (1 / factor) + 1) / 2


def exposed(pixels: np.ndarray, gamma: float) -> np.ndarray:
    return pixels**gamma


def softened(pixels: np.ndarray) -> np.ndarray:
    # Pillow blurs 8-bit pictures only.
    soft = Image.fromarray((pixels * 255).round().astype(np.uint8)).filter(ImageFilter.GaussianBlur(BLUR_PIXELS))
    return np.asarray(soft, dtype=np.float32) / 255


# What is done, as it is told on screen -> the change.
VIEWS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "mirrored": mirrored,
    "5 % larger": lambda pixels: zoomed(pixels, NEARER),
    "5 % smaller": lambda pixels: zoomed(pixels, FARTHER),
    "more contrast": lambda pixels: contrasted(pixels, MORE),
    "less contrast": lambda pixels: contrasted(pixels, LESS),
    "brighter": lambda pixels: exposed(pixels, BRIGHTER),
    "darker": lambda pixels: exposed(pixels, DARKER),
    "softer": softened,
}


def of(pixels: np.ndarray) -> dict[str, np.ndarray]:
    """Every view of a picture, by its name in `VIEWS`; pixels and views: (224, 224) float32 in [0, 1].

    >>> seen = of(np.full((SIDE, SIDE), 0.5, np.float32))
    >>> len(seen), seen["mirrored"].shape, round(float(seen["brighter"].mean()), 3)
    (8, (224, 224), 0.536)
    """
    return {name: np.clip(change(pixels), 0, 1).astype(np.float32) for name, change in VIEWS.items()}
