"""The X-ray viewer: the picture on black, once for each model, its heat map a layer that fades in the browser."""

from collections.abc import Mapping
from pathlib import Path

import streamlit as st

from cxr_models import zoo
from cxr_models.imaging import Picture
from cxr_models.inference import Reading
from cxr_models.verdict import Verdict
from ui import cached, heat_map
from ui.words import percent

FILES = Path(__file__).parent / "viewer_files"
CAPTION = (
    "Where the score came from, not where the disease is. "
    "Colours of two models compare only as “strong for this model”."
)

_component = st.components.v2.component(
    "chest_xray_viewer",
    html=(FILES / "viewer.html").read_text("utf-8"),
    css=(FILES / "viewer.css").read_text("utf-8"),
    js=(FILES / "viewer.js").read_text("utf-8"),
)


def show(picture: Picture, readings: Mapping[str, Reading], verdicts: Mapping[str, Verdict]) -> None:
    """One panel a model, in the order of `readings`; picture, map and words of a panel belong to one hash."""
    _component(
        key="viewer",
        data={
            "key": picture.sha256 + ",".join(readings),
            "picture": _picture(picture.sha256, picture),
            "alt": "The X-ray as it was given.",
            "ratio": picture.width / picture.height,
            "box": heat_map.box_percent(picture),
            "ramp": heat_map.ramp_css(),
            "caption": CAPTION,
            "panels": [
                {
                    "title": zoo.spec(name).title,
                    "words": f"{_sign(verdicts[name])} {verdicts[name].words}",
                    "layer": _layer(picture.sha256, name, reading),
                    "peak": _peak(name, reading),
                }
                for name, reading in readings.items()
            ],
        },
    )


def _sign(verdict: Verdict) -> str:
    """A shape beside the words, for eyes that skip them."""
    return "◆" if verdict.positive else "○"


def _peak(name: str, reading: Reading) -> str:
    """What a map that one hardly sees means: it is faint, not broken."""
    share = heat_map.peak(reading.heat_map, cached.calibration(name)["heat_map_scale"])
    if share <= 0:
        return "No positive evidence, so there is no heat map."
    if share >= 1:
        return "The map's strongest point is strong for this model."
    return f"The map's strongest point reaches {percent(share)} of what is strong for this model."


@st.cache_data(scope="session", max_entries=4, show_spinner=False)
def _picture(sha256: str, _picture: Picture) -> str:
    return heat_map.picture_uri(_picture)


@st.cache_data(scope="session", max_entries=24, show_spinner=False)
def _layer(sha256: str, name: str, _reading: Reading) -> str:
    return heat_map.layer_uri(_reading.heat_map, cached.calibration(name)["heat_map_scale"])
