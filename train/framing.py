"""How an X-ray is framed: how large the chest is in it, how far it is turned, where its JPEG blocks lie."""

import cv2
import numpy as np

from train import thorax

SMALL = 56  # pixels: what size and angle are measured on
SCALES = np.linspace(0.75, 1.3, 12)
ANGLES = np.linspace(-10.0, 10.0, 21)  # degrees
BLOCK = 8  # pixels of a JPEG's block
BODY = 0.25  # of the 95th percentile: brighter is body


def grid(grey: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean step between neighbours by the second one's place in blocks of eight, over the mean of all; downwards (8,),
    then to the right (8,). The edges of JPEG's blocks have the largest."""
    steps = np.abs(np.diff(grey, axis=0)).mean(axis=1), np.abs(np.diff(grey, axis=1)).mean(axis=0)
    place = np.arange(1, len(grey)) % BLOCK
    down, right = (np.bincount(place, one) / np.bincount(place) / max(one.mean(), 1e-6) for one in steps)
    return down, right


def size(grey: np.ndarray, typical: np.ndarray) -> float:
    """How large the chest is: by which of `SCALES` a typical picture (the mean of many) is to be enlarged to correlate
    best with this one."""
    small = _small(grey)
    enlarged = [warped(_small(typical), scale=scale) for scale in SCALES]
    return float(SCALES[int(np.argmax([np.corrcoef(small.ravel(), it.ravel())[0, 1] for it in enlarged]))])


def angle(grey: np.ndarray) -> float:
    """By how many degrees, clockwise, the body is turned: that of `ANGLES` by which it must be turned back to correlate
    best with its mirror image. 0 where several are equally good and 0 is one of them."""
    return max(zip(ANGLES.tolist(), symmetry(grey), strict=True), key=lambda it: (it[1], -abs(it[0])))[0]


def symmetry(grey: np.ndarray) -> list[float]:
    """Correlation with the mirror image, wherever its axis is, after a turn by each of `ANGLES` anticlockwise."""
    small = _small(grey) - grey.mean()
    found = []
    for degrees in ANGLES:
        turned = warped(small, degrees=degrees)
        # A row convolved with itself is its correlation with its mirror image, at every place of the axis.
        by_axis = np.fft.irfft((np.fft.rfft(turned, axis=1) ** 2).sum(axis=0), SMALL)
        found.append(float(by_axis.max() / max(np.square(turned).sum(), 1e-9)))
    return found


def body(grey: np.ndarray) -> np.ndarray:
    """Share of body, that is of what is no dark background, in the upper, middle and lower third, and in the chest
    template; (4,) in [0, 1]."""
    bright = grey > BODY * np.percentile(grey, 95)
    thirds = np.array_split(bright, 3)
    return np.array([part.mean() for part in (*thirds, bright[thorax.template()])])


def _small(grey: np.ndarray) -> np.ndarray:
    return cv2.resize(grey, (SMALL, SMALL), interpolation=cv2.INTER_AREA)


def warped(grey: np.ndarray, *, scale: float = 1.0, degrees: float = 0.0) -> np.ndarray:
    """About the middle, degrees anticlockwise; what comes in from outside repeats the edge."""
    middle = (len(grey) - 1) / 2
    matrix = cv2.getRotationMatrix2D((middle, middle), degrees, scale)
    return cv2.warpAffine(grey, matrix, grey.shape, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
