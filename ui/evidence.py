"""What the evidence is worth, from split to split: at the same thresholds, by score, by subtype, by seed, by look."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from cxr_models import zoo
from cxr_models.errors import Refusal, TableRefused
from cxr_models.evaluation import calibration, evidence, scores, tables
from cxr_models.evaluation.calibration import Reliability
from cxr_models.evaluation.intervals import Interval
from cxr_models.evaluation.summary import Point
from cxr_models.paths import RESULTS, stamp
from cxr_models.verdict import listed
from ui import cached, counted, ledger, performance, words
from ui.picture import SUBTYPE_WORDS
from ui.state import OperatingPoint

MEASURES = {"auc": "AUC", "sensitivity": "Sensitivity", "specificity": "Specificity"}
TITLES = {name: spec.title for name, spec in zoo.SPECS.items()}
SCORINGS = RESULTS / "test_scorings.csv"

Series = dict[str, dict[str, Interval]]


@dataclass(frozen=True)
class Dots:
    """Values with intervals for one picture: series → category → value; titles of the series; the sentence that says
    what they mean."""

    series: Series
    titles: Mapping[str, str]
    sentence: str

    @property
    def table(self) -> pd.DataFrame:
        """A row a category, a column a series."""
        return pd.DataFrame(
            {
                self.titles[name]: {category: words.number_interval(it, decimals=3) for category, it in points.items()}
                for name, points in self.series.items()
            }
        ).fillna(words.UNDEFINED)


@contextmanager
def section(title: str, command: str, meaning: str) -> Iterator[None]:
    """A heading with what the section measures, and at its end the command that makes its table. Where the table is
    missing the page goes on."""
    st.subheader(title)
    st.caption(meaning)
    try:
        yield
        st.caption(f"Made by `{command}`")
    except TableRefused as refusal:
        st.info(f"{refusal} This command makes it: `{command}`", icon=":material/table_view:")
    except Refusal as refusal:
        st.warning(str(refusal), icon=":material/error:")


def show(figure: object, key: str, sentence: str, table: pd.DataFrame) -> None:
    """A picture, what it means, and the numbers behind it, closed until asked for. figure: one of `charts`."""
    st.plotly_chart(figure, key=key, alt=sentence, config=performance.STILL)
    st.markdown(sentence)
    with st.expander("The numbers behind it", key=f"{key}_numbers"):
        st.table(table, border="horizontal")


def journey(point: OperatingPoint) -> dict[str, Dots]:
    """By measure: from validation to another hospital at the same thresholds. A step without its table is left out.

    Raises TableRefused without any table.
    """
    found = {split: rates for split in performance.SPLITS if (rates := _rates(point, split))}
    if not found:
        raise TableRefused("There is no table of scores.")
    return {measure: _step(measure, found) for measure in MEASURES}


def reliability(point: OperatingPoint, split: str) -> tuple[dict[str, Reliability], pd.DataFrame, str]:
    """By model: its reliability curve on a split; Brier score, slope and intercept; what they mean."""
    curves, table, said = {}, {}, []
    for name in point.thresholds:
        temperature = cached.calibration(name)["temperature"]
        curves[name], found = _calibrated(name, split, temperature, cached.rows_stamp(split))
        said += [f"{TITLES[name]}: {departure}" for departure in found.departures()]
        table[TITLES[name]] = {
            "Brier score": words.share_interval(found.brier),
            "Slope": words.number_interval(found.slope),
            "Intercept": words.number_interval(found.intercept),
        }
    found_out = "; ".join(said) or "No model departs from the line by more than chance explains"
    return (
        curves,
        pd.DataFrame(table).T,
        f"Below the line scores promise more pneumonias than there are. {found_out}.",
    )


def subtypes(point: OperatingPoint) -> Dots:
    """Sensitivity by kind of pneumonia, on the test pictures. Raises TableRefused."""
    series = {name: _subtypes(name, at, stamp(cached.SCORES)) for name, at in point.points.items()}
    found = {
        name: [f"{words.percent(it.value)} of the {kind.lower()}s" for kind, it in points.items()]
        for name, points in series.items()
    }
    said = "; ".join(f"{TITLES[name]} finds {listed(parts)}" for name, parts in found.items())
    return Dots(
        series,
        TITLES,
        f"{said}. Where the intervals overlap, the difference may be chance. The data names no other group: age, sex "
        "and machine are not recorded.",
    )


def seeds() -> Dots:
    """AUC on the test pictures of networks trained with other seeds. Raises TableRefused without such a table."""
    series = _seeds(tuple((str(path), stamp(path)) for path in sorted(RESULTS.glob(scores.OF_A_SEED))))
    values = [[it.value for it in runs.values()] for runs in series.values() if len(runs) > 1]
    if not values:
        raise TableRefused("No network has been trained with a second seed, so chance in training is not known.")
    spread = max(max(runs) - min(runs) for runs in values)
    return Dots(
        series,
        TITLES,
        f"Trained again with another seed, the AUC moved by up to {spread:.3f}, and more seeds may move it further: "
        "differences smaller than that may be luck of the training.",
    )


def scorings() -> tuple[pd.DataFrame, str]:
    """How often the test pictures were scored: the log, and a sentence. Raises TableRefused."""
    titles = TITLES | {ledger.ALONE_COLUMN: "Student without a teacher"}
    hashes = [f"{name}_sha256" for name in titles]
    log = tables.load(SCORINGS, text=("date", "commit", "command", *hashes))
    times = "once" if len(log) == 1 else f"{len(log)} times"
    scored = [listed([titles[name] for name in titles if line[f"{name}_sha256"]]) for line in log.to_dict("records")]
    shown = log[["date", "commit", "command"]].rename(columns=str.capitalize).assign(Networks=scored)
    return shown, (
        f"Within this project networks read the test pictures {times}; each time is in this list. By the rules of this "
        "project none of them chose a network, a threshold or a temperature. One choice was made with a former test "
        "figure in view: validation gave the student another weight of its teacher's answers (α) when the test figure "
        "of the student before was known."
    )


def _rates(point: OperatingPoint, split: str) -> dict[str, dict[str, Interval]]:
    try:
        return {name: counted.rates(name, split, it.value) for name, it in point.thresholds.items()}
    except TableRefused:
        return {}


def _step(measure: str, found: Mapping[str, Mapping[str, Mapping[str, Interval]]]) -> Dots:
    models = next(iter(found.values()))
    series = {
        name: {performance.SPLITS[split]: rates[name][measure] for split, rates in found.items()} for name in models
    }
    first, last = next(iter(found)), next(reversed(found))
    said = ", ".join(
        f"{TITLES[name]} from {found[first][name][measure].value:.3f} to {found[last][name][measure].value:.3f}"
        for name in models
    )
    start, end = (words.lowered(performance.SPLITS[split]) for split in (first, last))
    without = _without_a_model() if measure == "auc" and last == cached.OTHER_HOSPITAL else ""
    return Dots(series, TITLES, f"{MEASURES[measure]}, {start} → {end}: {said}.{without}")


def _without_a_model() -> str:
    try:
        alone = cached.external_view_alone()
    except TableRefused:
        return ""
    return (
        " Beside it, without any model: taking every PA view there for pneumonia and every AP view for none has an AUC "
        f"of {words.number_interval(alone, decimals=3)}."
    )


@st.cache_data(max_entries=2, show_spinner=False)
def _seeds(stamps: tuple[tuple[str, int], ...]) -> Series:
    """stamps: path and `paths.stamp` of each table."""
    series: Series = {}
    for seed, table in scores.of_seeds(RESULTS).items():
        for name, it in evidence.aucs(table, zoo.SPECS, split="test").items():
            series.setdefault(name, {})[f"Seed {seed}"] = it
    return series


@st.cache_data(max_entries=50, show_spinner=False)
def _subtypes(name: str, at: Point, stamp: int) -> dict[str, Interval]:
    found = evidence.sensitivity_by_subtype(cached.scores_table(), name, at, split="test")
    return {SUBTYPE_WORDS[subtype].capitalize(): it for subtype, it in found.items()}


@st.cache_data(max_entries=50, show_spinner=False)
def _calibrated(name: str, split: str, temperature: float, stamp: int):
    rows = cached.rows(name, split)
    curve = calibration.reliability(rows.label, scores.score(rows.logit, temperature))
    return curve, calibration.assess(rows.label, rows.logit, rows.patient, temperature=temperature)
