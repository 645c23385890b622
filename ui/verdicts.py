"""Readings and verdicts of one picture, and how they are put on screen."""

import math
from collections.abc import Mapping
from contextlib import suppress

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from cxr_models import verdict as judging
from cxr_models import zoo
from cxr_models.errors import Refusal
from cxr_models.evaluation.intervals import Interval
from cxr_models.evaluation.probability import WIDEST, is_useful
from cxr_models.inference import Reading
from cxr_models.verdict import Stability, Verdict, judge
from ui import cached, counted
from ui.picture import Given
from ui.state import OperatingPoint
from ui.words import UNDEFINED, plain_percent

# Closer to 0 or 1 than this the validation pictures tell nothing.
LEAST = 0.01
NO_LINE = "No probability: this model's checkpoint was not calibrated for one (python -m train.calibrate)."
TOO_WIDE = f"its 95 % interval is wider than {100 * WIDEST:.0f} percentage points"

CHANGES_HELP = (
    "The picture is mirrored, 5 % larger and smaller, with more and less contrast, brighter, darker and softer: eight "
    "changes that make no other patient of it. A verdict that turns hangs on chance."
)


def readings(given: Given, point: OperatingPoint) -> tuple[dict[str, Reading], dict[str, str]]:
    """By model: its reading, or the sentence why it gives none."""
    read, refused = {}, dict(point.missing)
    for name in point.thresholds:
        with st.spinner(f"{zoo.spec(name).title} is being loaded and reads the picture. The first time takes longest."):
            try:
                read[name] = cached.reading(given.sha256, name, given.data)
            except Refusal as refusal:
                refused[name] = str(refusal)
    return read, refused


def prepare(given: Given, point: OperatingPoint, *, silent: bool) -> None:
    """Find out all that is said of a picture before any of it is drawn, so that its name never stands beside the
    verdicts of the one before. silent: whether the models are not asked yet. A refusal is told where it is drawn."""
    with st.container(), suppress(Refusal):
        cached.warnings(given.sha256, given.data)
        if not silent:
            readings(given, point)


def judged(read: Mapping[str, Reading], point: OperatingPoint) -> dict[str, Verdict]:
    """By model: its verdict at the operating point."""
    return {name: judge(reading.score, point.thresholds[name]) for name, reading in read.items()}


def card(name: str, verdict: Verdict) -> DeltaGenerator:
    """One model's verdict in words, with what it rests on; returns the card, for what is found out later."""
    drawn = st.container(border=True, height="stretch")
    with drawn:
        st.markdown(f"**{zoo.spec(name).title}**")
        st.markdown(f"{icon(verdict)} **{verdict.headline}**")
        st.markdown(verdict.numbers[0].upper() + verdict.numbers[1:])
        st.caption(verdict.flip)
        if verdict.closeness:
            st.markdown(f":material/warning: {verdict.closeness}")
    return drawn


def cards(verdicts: Mapping[str, Verdict], prevalence: float) -> dict[str, DeltaGenerator]:
    """A card a model, with the probability at the reader's prevalence; the place for its stability, by model."""
    places = {}
    for column, (name, verdict) in zip(st.columns(len(verdicts)), verdicts.items(), strict=True):
        with column, card(name, verdict):
            st.markdown(probability_words(name, verdict, prevalence))
            places[name] = st.empty()
    return places


def probability_words(name: str, verdict: Verdict, prevalence: float) -> str:
    """How likely pneumonia is at this score, where a stated share of children has it."""
    try:
        likely = counted.probability_at(name, verdict.score, prevalence)
    except Refusal as refusal:
        return f"No probability: {refusal}"
    if likely is None:
        return NO_LINE
    at = f"at a prevalence of {plain_percent(prevalence)}"
    if not math.isnan(likely.value) and not is_useful(likely):
        return f"No probability {at}: {TOO_WIDE}, {never_certain(likely)}."
    return f"Probability of pneumonia {at}: {never_certain(likely)}"


def never_certain(likely: Interval) -> str:
    """A probability with its 95 % interval, without the decimals that would look like certainty.

    >>> never_certain(Interval(0.0004, 0.0001, 0.004)), never_certain(Interval(0.006, 0.002, 0.03))
    ('below 1 %', 'below 1 % (below 1–3 %)')
    >>> never_certain(Interval(0.34, 0.28, 0.41)), never_certain(Interval(0.995, 0.992, 0.999))
    ('34 % (28–41 %)', 'above 99 %')
    """
    if math.isnan(likely.value):
        return UNDEFINED
    value, low, high = (_capped(it) for it in (likely.value, likely.low, likely.high))
    return f"{value} %" if value == low == high else f"{value} % ({low}–{high} %)"


def _capped(share: float) -> str:
    return "below 1" if share < LEAST else "above 99" if share > 1 - LEAST else f"{100 * share:.0f}"


def stability(given: Given, name: str, verdict: Verdict) -> Stability:
    """What eight small changes do to a model's verdict. Raises CheckpointRefused."""
    return judging.stability(verdict, cached.scores_of_views(given.sha256, name, given.data))


def fill_in_stability(given: Given, verdicts: Mapping[str, Verdict], places: Mapping[str, DeltaGenerator]) -> None:
    """Complete the cards, when everything else is on screen."""
    for place in places.values():
        place.caption("Small changes of the picture are being tried …")
    for name, verdict in verdicts.items():
        found = stability(given, name, verdict)
        sign = ":material/sync_problem:" if found.turned else ":material/verified:"
        places[name].markdown(f"{sign} {found.words}", help=CHANGES_HELP)


def icon(verdict: Verdict) -> str:
    return ":material/error:" if verdict.positive else ":material/remove_circle_outline:"
