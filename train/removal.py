"""The removal check of a heat map: does the logit depend on what the map points at more than on the rest of the chest?

The hottest tenth of the map is removed from the image (deletion), or alone kept of it (insertion); Petsiuk 2018, arXiv
1806.07421. Beside it stands the rival: the same shape elsewhere in the chest. What is removed is filled in three ways,
because each fill is itself something that a network may read as disease.
"""

import hashlib

import numpy as np
from scipy.fft import irfft2, rfft2
from scipy.ndimage import gaussian_filter

from cxr_models.evaluation.heat_maps import DELETIONS, FILLS, INSERTED

SHARE = 0.1
BLUR_PIXELS = 10.0
BEST = 0.95  # of the largest share that a rival can have inside the chest


def fills(pixels: np.ndarray, normal: np.ndarray) -> np.ndarray:
    """What may stand in place of an image, in the order of `FILLS`: its blurred copy, its mean grey, and the mean
    normal X-ray at the image's own mean and deviation. pixels, normal: (h, w) -> (3, h, w) float32."""
    matched = (normal - normal.mean()) / normal.std() * pixels.std() + pixels.mean()
    filled = [gaussian_filter(pixels, BLUR_PIXELS), np.full_like(pixels, pixels.mean()), matched]
    return np.stack(filled).astype(np.float32)


def hottest(heat_map: np.ndarray) -> np.ndarray:
    """The hottest tenth of the pixels, (h, w) bool; of equal ones the first."""
    order = np.argsort(-heat_map, axis=None, kind="stable")
    shape = np.zeros(heat_map.size, dtype=bool)
    shape[order[: round(SHARE * heat_map.size)]] = True
    return shape.reshape(heat_map.shape)


def rival(shape: np.ndarray, chest: np.ndarray, seed: int) -> np.ndarray:
    """The shape moved elsewhere in the chest: one of the moves that keep at least `BEST` of the most that any move
    keeps inside the chest and off the shape itself. What leaves the image at one edge comes in at the other.

    shape, chest: (h, w) bool.
    """
    free = (chest & ~shape).astype(float)
    kept = irfft2(rfft2(free) * np.conj(rfft2(shape.astype(float))), s=shape.shape)  # by move: pixels in free places
    moves = np.argwhere(kept >= BEST * kept.max())
    return np.roll(shape, np.random.default_rng(seed).choice(moves), axis=(0, 1))


def copies(pixels: np.ndarray, filled: np.ndarray, shape: np.ndarray, other: np.ndarray) -> np.ndarray:
    """By gain (of `GAINS`) the image for the shape and for its rival: removed (deletion) or alone kept (insertion).

    pixels (h, w); filled: of `fills`; shape, other: (h, w) bool. Returns (5, 2, h, w) float32.
    """
    places = np.stack([shape, other])
    canvas = np.stack([filled[FILLS.index(fill)] for fill in INSERTED])
    removed, kept = np.where(places, filled[:, None], pixels), np.where(places, pixels, canvas[:, None])
    return np.concatenate([removed, kept])


def gains(logits: np.ndarray) -> list[float]:
    """In the order of `GAINS`: how much further the logit falls when the shape is removed than when the rival is
    (deletion), and how much higher it is with the shape alone than with the rival alone (insertion).

    logits: of `copies`, (5, 2).
    """
    further = logits[:, 0] - logits[:, 1]
    further[: len(DELETIONS)] *= -1
    return further.tolist()


def inside(heat_map: np.ndarray, chest: np.ndarray) -> float:
    """Share of a map's positive evidence that lies in the chest; NaN without any."""
    evidence = np.clip(heat_map, 0, None)
    return float(evidence[chest].sum() / evidence.sum()) if evidence.any() else np.nan


def seed_of(file: str) -> int:
    """A seed by file name."""
    return int.from_bytes(hashlib.sha256(file.encode()).digest()[:4])
