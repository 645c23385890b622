"""One global property of an X-ray replaced by that of another X-ray; nothing else of the image is meant to change.

Each function takes a picture and a donor, both (1, 224, 224) in [0, 1], and returns the picture with the donor's
property in the same form.
"""

import cv2
import numpy as np
import torch

from train import framing, marks, stress, styles
from train.pictures import Pictures

JPEG_QUALITY = 50
FRAME = 8  # pixels of a border, of which the inner half fades
GAIN = (0.25, 4.0)  # of one ring of spatial frequency


def histogram(picture: torch.Tensor, donor: torch.Tensor) -> torch.Tensor:
    """The picture's pixels, from the darkest to the brightest, take the donor's grey values in that order; pixels of
    one grey stay of one grey."""
    values, own = picture.flatten(), picture.flatten().sort().values
    ranks = torch.searchsorted(own, values) + torch.searchsorted(own, values, right=True) - 1
    return donor.flatten().sort().values[ranks // 2].reshape(picture.shape)


def spectrum(picture: torch.Tensor, donor: torch.Tensor) -> torch.Tensor:
    """The mean amplitude in each ring of spatial frequency becomes the donor's; phases and mean stay."""
    grey = picture[0].numpy()
    gain = np.exp(styles.spectrum(donor[0].numpy()) - styles.spectrum(grey)).clip(*GAIN)
    frequency = np.hypot(np.fft.fftfreq(len(grey))[:, None], np.fft.rfftfreq(len(grey))[None])
    middle = (np.arange(styles.RINGS) + 0.5) / (2 * styles.RINGS)
    changed = np.fft.irfft2(np.fft.rfft2(grey - grey.mean()) * np.interp(frequency, middle, gain), grey.shape)
    return _picture(changed + grey.mean())


def jpeg_grid(picture: torch.Tensor, donor: torch.Tensor) -> torch.Tensor:
    """Compressed anew at one quality, with the grid of 8 × 8 blocks where the donor's is."""
    down, right = (int(steps.argmax()) for steps in framing.grid(donor[0].numpy()))
    before = framing.BLOCK - down, framing.BLOCK - right
    padded = cv2.copyMakeBorder(_bytes(picture), before[0], down, before[1], right, cv2.BORDER_REFLECT_101)
    _, file = cv2.imencode(".jpg", padded, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])
    height, width = picture.shape[1:]
    again = cv2.imdecode(file, cv2.IMREAD_GRAYSCALE)[before[0] :, before[1] :][:height, :width]
    return _picture(again / 255)


def borders(picture: torch.Tensor, donor: torch.Tensor) -> torch.Tensor:
    """The outer rows and columns become the donor's, fading into the picture."""
    side = picture.shape[-1]
    from_edge = np.minimum(np.arange(side), np.arange(side)[::-1])
    distance = torch.from_numpy(np.minimum.outer(from_edge, from_edge)).float()
    share = ((FRAME - distance) / (FRAME / 2)).clamp(0, 1)
    return donor * share + picture * (1 - share)


def marked(picture: torch.Tensor, donor: torch.Tensor) -> torch.Tensor:
    """The picture's side letters and texts are painted over, and the donor's are copied to the same places."""
    own = np.zeros(picture.shape[1:], np.uint8)
    for mark in marks.find(picture):
        own[max(mark.top - 2, 0) : mark.bottom + 2, max(mark.left - 2, 0) : mark.right + 2] = 1
    painted = cv2.inpaint(_bytes(picture), own, 3, cv2.INPAINT_TELEA) / 255
    changed, given = np.where(own > 0, painted, picture[0].numpy()), donor[0].numpy()
    for mark in marks.find(donor):
        box = slice(mark.top, mark.bottom), slice(mark.left, mark.right)
        ink = given[box] > (given[box].min() + given[box].max()) / 2
        changed[box] = np.where(ink, given[box], changed[box])
    return _picture(changed)


def field_of_view(picture: torch.Tensor, donor: torch.Tensor, *, typical: np.ndarray) -> torch.Tensor:
    """Zoomed until the chest is as large as the donor's; typical: for `framing.size`."""
    own, wanted = (framing.size(it[0].numpy(), typical) for it in (picture, donor))
    return _picture(framing.warped(picture[0].numpy(), scale=wanted / own))


def rotation(picture: torch.Tensor, donor: torch.Tensor) -> torch.Tensor:
    """Turned until the body is as far from upright as the donor's (`framing.angle`)."""
    own, wanted = (framing.angle(it[0].numpy()) for it in (picture, donor))
    return _picture(framing.warped(picture[0].numpy(), degrees=own - wanted))


def other_class(part: Pictures, donors: Pictures) -> torch.Tensor:
    """For each picture of `part` one of `donors` with the other label, drawn by its file name; (n, 1, 224, 224)."""
    of_label = {label: np.flatnonzero(donors.rows["label"] == label) for label in (0, 1)}
    chosen = [
        stress.generator(f"donor of {file}").choice(of_label[1 - label])
        for file, label in zip(part.rows["file"], part.rows["label"], strict=True)
    ]
    return donors.pixels[chosen]


def _bytes(picture: torch.Tensor) -> np.ndarray:
    return (picture[0].numpy() * 255).round().astype(np.uint8)


def _picture(grey: np.ndarray) -> torch.Tensor:
    return torch.from_numpy(np.ascontiguousarray(grey, dtype=np.float32))[None].clamp(0, 1)
