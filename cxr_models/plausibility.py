"""What should make a reader distrust the models on this picture, said before any of them speaks."""

import numpy as np

from cxr_models import imaging
from cxr_models.imaging import Picture

# Below the networks' own resolution a picture is enlarged, and what they look for was never in it.
MIN_SHARP_SIDE = 160
# A chest X-ray spreads over the grey scale; a blank or an almost empty page does not.
MIN_SPREAD = 0.04
MAX_TRIMMED_SHARE = 0.5


def check(picture: Picture) -> list[str]:
    """Sentences for a clinician, each with its reason; empty when nothing is odd."""
    left, top, right, bottom = picture.box
    warnings = []
    if picture.coloured:
        warnings.append("This picture has colours; an X-ray has none. It may be a photograph or a screenshot.")
    if min(right - left, bottom - top) < MIN_SHARP_SIDE:
        warnings.append(
            f"This picture is small ({right - left} × {bottom - top} pixels); fine signs are lost below "
            f"{MIN_SHARP_SIDE} pixels a side."
        )
    if float(np.std(imaging.pixels(picture))) < MIN_SPREAD:
        warnings.append("This picture is almost uniform; no chest can be made out in it.")
    if (right - left) * (bottom - top) < MAX_TRIMMED_SHARE * picture.width * picture.height:
        warnings.append("Most of this picture is a dark frame; the models saw only the part inside it.")
    return warnings
