"""What should make a reader distrust the models on this picture, said before any of them speaks.

Three looks at a picture, each blind to the label: plain statistics; a linear classifier that knows what training
pictures look like when they are turned, negated, cut, blurred or covered; and the distance from the training pictures
in the feature space of a trained network. `python -m train.plausibility` fits the last two and measures all of them.
"""

import numpy as np

from cxr_models import imaging, inference
from cxr_models.errors import PictureRefused
from cxr_models.imaging import Picture
from cxr_models.plausibility import fitted
from cxr_models.plausibility.appearance import appearance, burnt, levels

# Below the networks' own resolution a picture is enlarged, and what they look for was never in it.
MIN_SHARP_SIDE = 160
# A chest X-ray spreads over the grey scale; a blank or an almost empty page does not.
MIN_SPREAD = 0.04
MIN_LEVELS = 32
MAX_BURNT = 0.15
MAX_TRIMMED_SHARE = 0.5
MAX_SENTENCES = 2

REASONS = {
    "side": "This X-ray seems to lie on its side. The models know upright pictures only: turn it and read it again.",
    "upside_down": "This X-ray seems to be upside down. The models know upright pictures only: turn it, read it again.",
    "negative": "This X-ray seems to be a negative, with light and dark swapped. Save it inverted and "
    "read that: inverting the view does not change what the models see.",
    "mirrored": "This X-ray seems to be mirrored: left and right look swapped. Please check the side marker.",
    "part": "This seems to be a part of a chest. The models know whole ones only.",
    "two": "This seems to hold more than one film. Please give the models one at a time.",
    "screenshot": "This looks like a screenshot of a viewer. Please export the X-ray itself, without the rest.",
    "covered": "Writing or marks cover this picture. The models may answer to them instead of the lungs.",
    "blurred": "This picture is blurred. The fine signs that the models look for are lost.",
    "grainy": "This picture is grainy, dithered or noisy. The fine signs that the models look for may be lost.",
    "scrambled": "No whole chest can be made out in this picture.",
}
COLOURED = "This picture has colours; an X-ray has none. It may be a photograph or a screenshot."
BURNT = "Large parts of this picture are burnt out to white. Nothing can be seen there."
DARK = "This picture is very dark: detail may be lost. Please read it again from the original if you can."
FLAT = "This picture has very little contrast: detail may be lost. Please read the original if you can."
FRAMED = "Most of this picture is a dark frame; the models saw only the part inside it."
FEW_LEVELS = "This picture has only {levels} levels of grey, as a fax or a dithered copy has."
SMALL = "This picture is small ({width} × {height} pixels); fine signs are lost below {least} pixels a side."
OUTSIDE = (
    "This picture differs from those the models learned from, children of one to five at one hospital. "
    "An older patient, another machine or another view can do that; do not rely on the scores."
)
STATISTICS = (
    COLOURED,
    FEW_LEVELS.format(levels="…"),
    BURNT,
    DARK,
    FLAT,
    SMALL.format(width="…", height="…", least=MIN_SHARP_SIDE),
    FRAMED,
)
# Said last: a part of a chest, for one, is flat because it is a part.
EXPOSURE = (DARK, FLAT)
UNIFORM = "This picture is almost uniform; no chest can be made out in it."
NO_CHEST = "This does not look like a frontal chest X-ray, so the models were not asked."


def check(picture: Picture) -> list[str]:
    """Sentences for a clinician, each with its reason: the file's own notes, then at most two of what was seen, the
    most specific first; empty when nothing is odd.

    Raises PictureRefused for a blank and for what is far from any chest X-ray, CheckpointRefused when the limits are
    missing or were fitted with other weights.
    """
    pixels = imaging.pixels(picture)
    if float(np.std(pixels)) < MIN_SPREAD:
        raise PictureRefused(UNIFORM)
    limits = fitted.current()
    reason = limits.reason(appearance(pixels))
    distance = limits.distance(inference.features(pixels, fitted.NETWORK, fitted.LAYER))
    found = sorted([*statistics(picture, pixels, limits), *([REASONS[reason]] if reason else [])], key=EXPOSURE.count)
    if distance > limits.refused_beyond:
        raise PictureRefused(" ".join([NO_CHEST, *found[:1]]))
    if distance > limits.warned_beyond and not found:
        found = [OUTSIDE]
    return [*picture.notes, *found[:MAX_SENTENCES]]


def statistics(picture: Picture, pixels: np.ndarray, limits: fitted.Fitted) -> list[str]:
    """What plain statistics say: colours, grey levels, burnt parts, darkness, contrast, size, frame."""
    left, top, right, bottom = picture.box
    width, height = right - left, bottom - top
    samples = picture.grey[top:bottom, left:right] * np.iinfo(np.uint16).max
    different = np.count_nonzero(np.bincount(samples.astype(np.uint16).ravel()))
    lightest, spread = levels(pixels)
    said = []
    if picture.coloured:
        said.append(COLOURED)
    if different < MIN_LEVELS:
        said.append(FEW_LEVELS.format(levels=different))
    if burnt(pixels) > MAX_BURNT:
        said.append(BURNT)
    if lightest < limits.light_at_least:
        said.append(DARK)
    elif spread < limits.spread_at_least:
        said.append(FLAT)
    if min(width, height) < MIN_SHARP_SIDE:
        said.append(SMALL.format(width=width, height=height, least=MIN_SHARP_SIDE))
    if width * height < MAX_TRIMMED_SHARE * picture.width * picture.height:
        said.append(FRAMED)
    return said
