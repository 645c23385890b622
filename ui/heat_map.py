"""Pictures as the browser shows them: the X-ray on black, a heat map as a layer over it, and its caption."""

import base64
import io

import contourpy
import numpy as np
from PIL import Image

from cxr_models import imaging, zoo
from cxr_models.errors import TableRefused
from cxr_models.evaluation import heat_maps
from cxr_models.imaging import Picture
from cxr_models.verdict import listed
from ui import cached
from ui.words import percent

# A detector has fewer pixels, and a phone's browser draws no larger image.
LONGEST_SIDE = 4096
JPEG_QUALITY = 92
PRINTED_SIDE = 900

# The contour runs where the evidence is this share of "strong for this model".
CONTOUR_LEVEL = 0.5

# Windows by the percentiles of what the networks saw: name -> (black, white).
PRESETS = {"whole range": None, "picture's own": (0.5, 99.5), "lungs": (0.5, 60.0), "heart and bones": (40.0, 99.8)}
NARROWEST_WINDOW = 0.02

# One hue (OKLCH): only lightness and opacity rise with strength, so the grey picture stays readable beneath, and the
# order of strengths is seen without seeing colours.
HUE, CHROMA = 55.0, 0.15
LIGHTNESS = (0.45, 0.85)
OPACITY = 0.85
STEPS = 256


def caption() -> str:
    """Which method each heat map is of, what it means, and what was measured of it."""
    titles = {}
    for name in zoo.COMPARED:
        titles.setdefault(method(name), []).append(zoo.spec(name).title)
    methods = "; ".join(f"{title} for {listed(models)}" for title, models in titles.items())
    if len(titles) == 1:
        methods = f"{next(iter(titles))}, for all models"
    meaning = "A heat map shows what influenced the score. It does not locate disease."
    return " ".join(sentence for sentence in (f"Heat maps: {methods}.", meaning, removal_check()) if sentence)


def method(name: str) -> str:
    """What the method of a model's heat map is called."""
    return zoo.HEAT_MAP_METHODS[zoo.spec(name).heat_map_method]


def removal_check() -> str:
    """For which models the score depends on what the map highlights, as measured on the test set; empty without a
    readable table."""
    try:
        found = cached.heat_map_checks()
    except TableRefused:
        return ""
    measured = {name: classes["All"] for name, classes in found.items()}
    missing = [zoo.spec(name).title for name in zoo.COMPARED if name not in measured]
    sentences = []
    holding = [zoo.spec(name).title for name, means in measured.items() if heat_maps.holds(means)]
    failing = [zoo.spec(name).title for name, means in measured.items() if not heat_maps.holds(means)]
    if holding:
        sentences.append(
            f"Test set: removing what the map highlights lowers the logit more than removing another part of the chest "
            f"({', '.join(holding)})."
        )
    if failing:
        sentences.append(f"Not shown on the test set for {listed(failing)}.")
    if measured:
        shares = ", ".join(
            f"{zoo.spec(name).title} {percent(means['inside'].value)}" for name, means in measured.items()
        )
        sentences.append(f"Share of the positive evidence inside the chest: {shares}.")
    if missing:
        sentences.append(f"Removal check: not measured on the test set yet for {listed(missing)}.")
    return " ".join(sentences)


def picture_uri(picture: Picture) -> str:
    """The whole picture as a JPEG, its longest side at most `LONGEST_SIDE`."""
    image = Image.fromarray((picture.grey * 255).round().astype(np.uint8))
    image.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    return _uri(image, "JPEG", quality=JPEG_QUALITY)


def seen_uri(picture: Picture) -> str:
    """What the networks saw, (224, 224), as a PNG."""
    return _uri(Image.fromarray((imaging.pixels(picture) * 255).round().astype(np.uint8)), "PNG", optimize=True)


def presets(picture: Picture) -> list[dict[str, str | float]]:
    """Windows to choose from: title, and the greys low < high in [0, 1] that become black and white."""
    left, top, right, bottom = picture.box
    inside = picture.grey[top:bottom, left:right]
    windows = []
    for title, percentiles in PRESETS.items():
        low, high = (0.0, 1.0) if percentiles is None else np.percentile(inside, percentiles).tolist()
        low = min(low, 1 - NARROWEST_WINDOW)
        high = max(high, low + NARROWEST_WINDOW)
        windows.append({"title": title, "low": round(low, 4), "high": round(high, 4)})
    return windows


def contour_path(heat_map: np.ndarray, scale: float) -> str:
    """The line around evidence of at least `CONTOUR_LEVEL` of the scale, as an SVG path whose unit is a map pixel and
    whose origin is the middle of the first one; '' where there is none.

    heat_map: (h, w) signed.
    """
    # A frame of nothing closes lines that would leave the map.
    framed = np.pad(heat_map / scale, 1)
    lines = contourpy.contour_generator(z=framed).lines(CONTOUR_LEVEL)
    return "".join("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in line - 1) + "Z" for line in lines)


def layer_uri(heat_map: np.ndarray, scale: float) -> str:
    """A transparent PNG of the positive evidence, or '' where there is none.

    heat_map: (h, w) signed; scale: what counts as "strong for this model". Evidence beyond the scale looks like the
    scale.
    """
    layer = Image.fromarray(ramp()[_level(heat_map, scale)])
    return _uri(layer, "PNG", optimize=True) if peak(heat_map, scale) > 0 else ""


def printed(picture: Picture, heat_map: np.ndarray | None = None, scale: float = 1.0) -> bytes:
    """The picture for paper, a JPEG with its longest side at most `PRINTED_SIDE`; a heat map lies over what the
    networks saw, as `layer_uri` draws it."""
    image = Image.fromarray((picture.grey * 255).round().astype(np.uint8)).convert("RGBA")
    if heat_map is not None:
        left, top, right, bottom = picture.box
        layer = Image.fromarray(ramp()[_level(heat_map, scale)]).resize((right - left, bottom - top))
        image.alpha_composite(layer, (left, top))
    image.thumbnail((PRINTED_SIDE, PRINTED_SIDE), Image.Resampling.LANCZOS)
    buffer = io.BytesIO()
    image.convert("RGB").save(buffer, "JPEG", quality=JPEG_QUALITY)
    return buffer.getvalue()


def peak(heat_map: np.ndarray, scale: float) -> float:
    """The strongest positive evidence as a share of the scale; 0 where there is none."""
    return float(max(heat_map.max() / scale, 0))


def box_percent(picture: Picture) -> dict[str, float]:
    """Where the part that the networks saw lies in the picture: left, top, width, height in percent."""
    left, top, right, bottom = picture.box
    return {
        "left": 100 * left / picture.width,
        "top": 100 * top / picture.height,
        "width": 100 * (right - left) / picture.width,
        "height": 100 * (bottom - top) / picture.height,
    }


def ramp() -> np.ndarray:
    """Colours of the strengths from none to strong: (256, 4) uint8 RGBA."""
    strength = np.linspace(0, 1, STEPS)
    colours = _srgb(LIGHTNESS[0] + (LIGHTNESS[1] - LIGHTNESS[0]) * strength)
    return (np.column_stack([colours, OPACITY * strength]) * 255).round().astype(np.uint8)


def ramp_css(stops: int = 9) -> list[str]:
    """The ramp at evenly spaced strengths, as the browser writes colours."""
    chosen = ramp()[np.linspace(0, STEPS - 1, stops).astype(int)]
    return [f"rgb({r} {g} {b} / {a / 255:.3f})" for r, g, b, a in chosen.tolist()]


def _level(heat_map: np.ndarray, scale: float) -> np.ndarray:
    """Which colour of the ramp each point gets."""
    return (np.clip(heat_map / scale, 0, 1) * (STEPS - 1)).round().astype(np.uint8)


def _srgb(lightness: np.ndarray) -> np.ndarray:
    """OKLCH of this hue and chroma -> sRGB in [0, 1], (n, 3). Matrices: Ottosson 2020, "A perceptual color space"."""
    angle = np.radians(HUE)
    a, b = CHROMA * np.cos(angle), CHROMA * np.sin(angle)
    lab = np.column_stack([lightness, np.full_like(lightness, a), np.full_like(lightness, b)])
    to_lms = np.array(
        [[1, 0.3963377774, 0.2158037573], [1, -0.1055613458, -0.0638541728], [1, -0.0894841775, -1.291485548]]
    )
    to_rgb = np.array(
        [
            [4.0767416621, -3.3077115913, 0.2309699292],
            [-1.2684380046, 2.6097574011, -0.3413193965],
            [-0.0041960863, -0.7034186147, 1.707614701],
        ]
    )
    linear = np.clip((lab @ to_lms.T) ** 3 @ to_rgb.T, 0, 1)
    return np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)


def _uri(image: Image.Image, kind: str, **options) -> str:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return f"data:image/{kind.lower()};base64,{base64.b64encode(buffer.getvalue()).decode()}"
