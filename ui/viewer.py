"""The X-ray viewer: the picture on black, once for each model, its heat map a layer; all handling is in the browser."""

from collections.abc import Mapping
from pathlib import Path

import streamlit as st

from cxr_models import zoo
from cxr_models.imaging import SIDE, Picture
from cxr_models.inference import Reading
from cxr_models.verdict import Verdict
from ui import cached, heat_map
from ui.words import percent

FILES = Path(__file__).parent / "viewer_files"
COLOURS = "Colours of two models compare only as “strong for this model”."
UNREAD = {"title": "X-ray", "words": "", "layer": "", "contour": "", "peak": ""}

_component = st.components.v2.component(
    "chest_xray_viewer",
    html=(FILES / "viewer.html").read_text("utf-8"),
    css=(FILES / "viewer.css").read_text("utf-8"),
    js="\n".join((FILES / name).read_text("utf-8") for name in ("viewer.js", "panes.js")),
)


def show(picture: Picture, readings: Mapping[str, Reading], verdicts: Mapping[str, Verdict]) -> None:
    """One panel a model, in the order of `readings`; picture, map and words of a panel belong to one hash.

    Without readings it is the picture alone: before a reader has asked for what the models say.
    """
    shown, seen, presets = _picture(picture.sha256, picture)
    _component(
        key="viewer",
        data={
            "key": picture.sha256 + ",".join(f"{name} {zoo.stamp(name)}" for name in readings),
            "sha256": picture.sha256,
            "picture": shown,
            "seen": seen,
            "alt": _alt(picture),
            "ratio": picture.width / picture.height,
            "box": heat_map.box_percent(picture),
            "grid": f"-0.5 -0.5 {SIDE} {SIDE}",
            "presets": presets,
            "ramp": heat_map.ramp_css(),
            "caption": f"{heat_map.caption()} {COLOURS}",
            "models": bool(readings),
            "panels": [
                {
                    "title": zoo.spec(name).title,
                    "words": f"{_sign(verdicts[name])} {verdicts[name].words}",
                    "peak": peak_words(name, reading),
                    **_layer(picture.sha256, name, zoo.stamp(name), reading),
                }
                for name, reading in readings.items()
            ]
            or [UNREAD],
        },
    )


def peak_words(name: str, reading: Reading) -> str:
    """What a map that one hardly sees means: it is faint, not broken."""
    share = heat_map.peak(reading.heat_map, cached.calibration(name)["heat_map_scale"])
    if share <= 0:
        return "No positive evidence, so there is no heat map."
    if share >= 1:
        return "The map's strongest point is strong for this model."
    line = "" if share > heat_map.CONTOUR_LEVEL else " Too faint for a contour."
    return f"The map's strongest point reaches {percent(share)} of what is strong for this model.{line}"


def _sign(verdict: Verdict) -> str:
    """A shape beside the words, for eyes that skip them."""
    return "◆" if verdict.positive else "○"


def _alt(picture: Picture) -> str:
    shrunk = max(picture.width, picture.height) > heat_map.LONGEST_SIDE
    size = f", shown at {heat_map.LONGEST_SIDE} pixels on its longer side" if shrunk else ""
    return f"The X-ray as it was given, {picture.width} × {picture.height} pixels{size}."


@st.cache_data(scope="session", max_entries=2, show_spinner=False)
def _picture(sha256: str, _picture: Picture) -> tuple[str, str, list[dict[str, str | float]]]:
    return heat_map.picture_uri(_picture), heat_map.seen_uri(_picture), heat_map.presets(_picture)


@st.cache_data(scope="session", max_entries=12, show_spinner=False)
def _layer(sha256: str, name: str, stamp: int, _reading: Reading) -> dict[str, str]:
    scale = cached.calibration(name)["heat_map_scale"]
    return {
        "layer": heat_map.layer_uri(_reading.heat_map, scale),
        "contour": heat_map.contour_path(_reading.heat_map, scale),
    }
