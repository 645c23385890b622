"""The case report: one picture's reading as a PDF. It names nobody unless the reader types a name."""

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from cxr_models import plausibility, zoo
from cxr_models.imaging import Picture
from cxr_models.inference import Reading
from cxr_models.verdict import Verdict, agreement, apart
from handout import fonts, pdf
from handout.contents import Figure, Figures, Handout, Points, Section, Table, Words
from ui import cached, frame, heat_map, own_call, picture, state, verdicts, viewer
from ui.leaflet import LIMITS
from ui.picture import Given
from ui.state import OperatingPoint
from ui.words import literal

TITLE = "Chest X-ray, read by the models"
NO_WARNING = "Nothing odd was found in the picture itself; that does not make it a picture the models know."
LONGEST_LABEL = 120


def offer(
    given: Given,
    opened: Picture,
    readings: Mapping[str, Reading],
    judged: Mapping[str, Verdict],
    point: OperatingPoint,
) -> None:
    """Draw what makes the report, and then the button that takes it away."""
    with st.expander("Case report (PDF)", key="case_report", icon=":material/description:"):
        label = st.text_input(
            "What to call this case, if anything", key=f"label_{given.sha256}", max_chars=LONGEST_LABEL,
            help="Printed as typed. Without it the report holds no name, neither the patient's nor the file's; one "
            "that is written in the picture itself stays in it.",
        )  # fmt: skip
        if lacking := fonts.unprintable(label):
            st.error(f"The report cannot print these letters: {literal(lacking)}. Please call the case otherwise.")
            return
        asked = (given.sha256, point, label, own_call.made(given), state.prevalence(), zoo.stamps())
        st.button("Make the report", key="make_report", on_click=_want)
        # A run may be cut short by the next one: what was clicked stays wanted until it is there.
        if st.session_state.get("report_wanted") == given.sha256:
            st.session_state.made = asked, pdf.write(contents(given, opened, readings, judged, point, label=label))
            st.session_state.report_wanted = None
        made_of, report = st.session_state.get("made", (None, b""))
        # Kept until something in it changes: the page runs again while other files are read.
        if made_of == asked:
            st.download_button(
                "Take the report away", report, "case_report.pdf", "application/pdf", key="report",
                icon=":material/download:", on_click="ignore",
            )  # fmt: skip


def _want() -> None:
    """Of the picture on screen, and of no other that comes there. Asked for at the click: the button may still stand
    there from the picture before, when the run that draws this one was cut short."""
    given = picture.shown()
    st.session_state.report_wanted = given.sha256 if given else None


def contents(
    given: Given,
    opened: Picture,
    readings: Mapping[str, Reading],
    judged: Mapping[str, Verdict],
    point: OperatingPoint,
    *,
    label: str = "",
) -> Handout:
    """What the report says; label: what the reader typed. Raises CheckpointRefused."""
    named = (Words(f"Case, as typed by the reader: {label.strip()}"),) if label.strip() else ()
    call = own_call.made(given)
    own = (Words(f"The reader's own call, before the models spoke: {own_call.CALLS[call].lower()}."),) if call else ()
    agreed = agreement({zoo.spec(name).title: verdict for name, verdict in judged.items()})
    return Handout(
        title=TITLE,
        disclaimer=frame.DISCLAIMER,
        sections=(
            Section(
                "Picture and heat maps",
                (*named, _figures(opened, readings, judged), Words(f"{heat_map.caption()} {viewer.COLOURS}")),
            ),
            Section("Verdicts", (Words(agreed), *own, _table(given, judged))),
            Section("Warnings", (Points(tuple(plausibility.check(opened)) or (NO_WARNING,)),)),
            Section("Limits", (Points(LIMITS),)),
            Section("What was read, and by which networks", (Points(_provenance(given, opened, readings, point)),)),
        ),
    )


def _figures(opened: Picture, readings: Mapping[str, Reading], judged: Mapping[str, Verdict]) -> Figures:
    maps = (
        Figure(
            heat_map.printed(opened, reading.heat_map, cached.calibration(name)["heat_map_scale"]),
            f"{zoo.spec(name).title}, {heat_map.method(name)}: {judged[name].words}. "
            f"{viewer.peak_words(name, reading)}",
        )
        for name, reading in readings.items()
    )
    return Figures((Figure(heat_map.printed(opened), "The X-ray as it was given."), *maps))


def _table(given: Given, judged: Mapping[str, Verdict]) -> Table:
    rows = {zoo.spec(name).title: _row(given, name, verdict) for name, verdict in judged.items()}
    return Table("", pd.DataFrame.from_dict(rows, orient="index"))


def _row(given: Given, name: str, verdict: Verdict) -> dict[str, str]:
    score, threshold = apart(verdict.score, verdict.threshold)
    low, high = apart(verdict.low, verdict.high)
    known = f"{threshold} ({low} to {high})" if verdict.low < verdict.high else f"{threshold}, set by hand"
    return {
        "Verdict": verdict.headline,
        "Score": score,
        "Threshold (90 % interval)": known,
        "How sure": f"{verdict.flip} {verdict.closeness}".strip(),
        "Small changes": verdicts.stability(given, name, verdict).words,
        "Probability": verdicts.probability_words(name, verdict, state.prevalence()),
    }


def _provenance(
    given: Given, opened: Picture, readings: Mapping[str, Reading], point: OperatingPoint
) -> tuple[str, ...]:
    left, top, right, bottom = opened.box
    return (
        f"Picture: {opened.width} × {opened.height} pixels, SHA-256 of the file {given.sha256}.",
        *([f"The file: {', '.join(opened.facts)}."] if opened.facts else []),
        f"The models saw the part from ({left}, {top}) to ({right}, {bottom}), squashed to 224 × 224 pixels.",
        f"Operating point: {point.words}.",
        *(f"{zoo.spec(name).title}: SHA-256 of the weights {cached.weights_sha256(name)}." for name in readings),
    )
