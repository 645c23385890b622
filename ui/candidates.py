"""What the models and the three together are worth and cost at the operating point, counted once and kept."""

import hashlib
from collections.abc import Mapping

import pandas as pd
import streamlit as st

from cxr_models import checkpoints, zoo
from cxr_models.errors import TableRefused
from cxr_models.evaluation import calibration, comparison, curves, intervals, scores, speed, summary, together
from cxr_models.evaluation.calibration import Calibration
from cxr_models.evaluation.comparison import Difference
from cxr_models.evaluation.confusion import Confusion
from cxr_models.evaluation.equal_sensitivity import AtSensitivity, at_targets
from cxr_models.evaluation.intervals import Interval
from cxr_models.evaluation.summary import COUNTS, Point
from cxr_models.evaluation.tradeoff import Candidate
from cxr_models.paths import BENCHMARKS, RESULTS, stamp
from ui import cached, state
from ui.state import OperatingPoint

SPLIT = "test"
BLACKOUT = RESULTS / "blackout.csv"
LUNGS_BLACK = "lungs_black"
TITLES = {name: spec.title for name, spec in zoo.SPECS.items()} | {together.NAME: "The three together"}
Frozen = tuple[tuple[str, Point], ...]


def points(point: OperatingPoint) -> dict[str, Point]:
    """By model: temperature and threshold; and of the three together, where all three can be read: their own threshold,
    chosen by the rule in force, or balanced where thresholds are free. Raises TableRefused."""
    found = point.points
    if set(found) == set(zoo.COMPARED):
        found[together.NAME] = _together(_frozen(found), state.asked(), cached.rows_stamp(cached.CHOSEN_ON))
    return found


def of(read_at: Mapping[str, Point]) -> dict[str, Candidate]:
    """By model of `points`. Raises TableRefused and CheckpointRefused."""
    frozen, stamp = _frozen(read_at), cached.rows_stamp(SPLIT)
    measured, calibrated = _measured(frozen, stamp), _calibrated(frozen, stamp)
    elsewhere, lungs_black, speeds = elsewhere_aucs(read_at), lungs_black_aucs(read_at), machine_speeds()[0]
    return {
        name: Candidate(
            title=TITLES[name],
            threshold=it.threshold,
            sensitivity=measured[name]["sensitivity"],
            specificity=measured[name]["specificity"],
            auc=measured[name]["auc"],
            counts=Confusion(*(int(measured[name][count].value) for count in COUNTS)),
            calibration=calibrated[name],
            parameters=sum(checkpoints.parameters(zoo.spec(one).checkpoint) for one in parts(name)),
            size=sum(zoo.spec(one).checkpoint.stat().st_size for one in parts(name)),
            core_hours=_core_hours(name),
            elsewhere=elsewhere.get(name),
            lungs_black=lungs_black.get(name),
            speed=speeds.get(name),
        )
        for name, it in read_at.items()
    }


def parts(name: str) -> tuple[str, ...]:
    """The models that a column of logits is made of."""
    return zoo.COMPARED if name == together.NAME else (name,)


def differences(read_at: Mapping[str, Point]) -> list[Difference]:
    """Between the single models, each with each. Raises TableRefused."""
    return cached.differences({name: it for name, it in read_at.items() if name != together.NAME}, SPLIT)


def equal_sensitivity(read_at: Mapping[str, Point]) -> list[AtSensitivity]:
    """The false alarms of the single models at the same sensitivity. Raises TableRefused."""
    models = tuple(name for name in read_at if name != together.NAME)
    return _equal_sensitivity(models, cached.rows_stamp(SPLIT))


def asking_all(read_at: Mapping[str, Point], candidates: Mapping[str, Candidate]) -> Difference | None:
    """The AUC of the three together minus that of the best single model; None where not all three can be read."""
    if together.NAME not in read_at:
        return None
    best = max((name for name in candidates if name != together.NAME), key=lambda name: candidates[name].auc.value)
    return _asking_all(_frozen(read_at), best, cached.rows_stamp(SPLIT))


def at_half(read_at: Mapping[str, Point]) -> dict[str, dict[str, Interval]]:
    """By single model, the measures where a score of at least .5 is positive. Raises TableRefused."""
    half = {name: Point(it.temperature, 0.5) for name, it in read_at.items() if name != together.NAME}
    return _measured(_frozen(half), cached.rows_stamp(SPLIT))


def roc(read_at: Mapping[str, Point], name: str) -> curves.Roc:
    """Of a model or of the three together, over scores. Raises TableRefused."""
    return _roc(_frozen(read_at), name, cached.rows_stamp(SPLIT))


def elsewhere_aucs(read_at: Mapping[str, Point]) -> dict[str, Interval]:
    """At the other hospital; empty without its table."""
    return _aucs(_frozen(read_at), "elsewhere", cached.rows_stamp(cached.OTHER_HOSPITAL))


def lungs_black_aucs(read_at: Mapping[str, Point]) -> dict[str, Interval]:
    """On the test pictures with the lungs blacked out; empty without their table."""
    return _aucs(_frozen(read_at), LUNGS_BLACK, stamp(BLACKOUT))


def machine_speeds() -> tuple[dict[str, speed.Speed], speed.Machine | None]:
    """What `python -m benchmarks.reading` measured; nothing without its table."""
    return _speeds(stamp(BENCHMARKS))


def sha256(path) -> str:
    """Hash of a file that a number comes from. Raises FileNotFoundError."""
    return _sha256(path, stamp(path))


def _frozen(read_at: Mapping[str, Point]) -> Frozen:
    return tuple(read_at.items())


def _with_together(table: pd.DataFrame, frozen: Frozen) -> pd.DataFrame:
    temperatures = {name: it.temperature for name, it in frozen if name != together.NAME}
    return together.with_column(table, temperatures)


def _core_hours(name: str) -> float | None:
    stated = [cached.metadata(one).get("core_hours") for one in parts(name)]
    return sum(float(hours) for hours in stated) if all(stated) else None


@st.cache_data(max_entries=200, show_spinner=False)
def _together(frozen: Frozen, asked: tuple, stamp: int) -> Point:
    rule, resamples = cached.rule_of(*asked)
    return together.point(_with_together(cached.scores_table(), frozen), rule=rule, resamples=resamples)


@st.cache_data(max_entries=500, show_spinner=False)
def _measured(frozen: Frozen, stamp: int) -> dict[str, dict[str, Interval]]:
    tidy = summary.measures(_with_together(cached.scores_table(), frozen), dict(frozen), split=SPLIT)
    found = {name: {} for name, _ in frozen}
    for row in tidy.itertuples():
        found[row.model][row.measure] = Interval(row.value, row.low, row.high)
    return found


@st.cache_data(max_entries=50, show_spinner=False)
def _calibrated(frozen: Frozen, stamp: int) -> dict[str, Calibration]:
    table = _with_together(cached.scores_table(), frozen)
    found = {}
    for name, it in frozen:
        rows = scores.rows(table, SPLIT, name)
        found[name] = calibration.assess(rows.label, rows.logit, rows.patient, temperature=it.temperature)
    return found


@st.cache_data(max_entries=50, show_spinner=False)
def _aucs(frozen: Frozen, where: str, stamp: int) -> dict[str, Interval]:
    try:
        if where == LUNGS_BLACK:
            table, split = scores.load(BLACKOUT), SPLIT
            table = table[table["change"] == LUNGS_BLACK]
        else:
            table, split = cached.external_table(), cached.OTHER_HOSPITAL
    except TableRefused:
        return {}
    table = _with_together(table, frozen)
    run = [name for name, _ in frozen if scores.was_run(table, split, name)]
    rows = {name: scores.rows(table, split, name) for name in run}
    return {name: intervals.auc(it.label, it.logit, it.patient) for name, it in rows.items()}


@st.cache_data(max_entries=8, show_spinner=False)
def _equal_sensitivity(models: tuple[str, ...], stamp: int) -> list[AtSensitivity]:
    return at_targets(cached.scores_table(), models, split=SPLIT)


@st.cache_data(max_entries=200, show_spinner=False)
def _asking_all(frozen: Frozen, best: str, stamp: int) -> Difference:
    pair = {name: it for name, it in frozen if name in (best, together.NAME)}
    found = comparison.differences(_with_together(cached.scores_table(), frozen), pair, split=SPLIT)
    return next(it for it in found if it.measure == "auc")


@st.cache_data(max_entries=50, show_spinner=False)
def _roc(frozen: Frozen, name: str, stamp: int) -> curves.Roc:
    rows = scores.rows(_with_together(cached.scores_table(), frozen), SPLIT, name)
    return curves.roc(rows.label, scores.score(rows.logit, dict(frozen)[name].temperature))


@st.cache_data(max_entries=2, show_spinner=False)
def _speeds(stamp: int) -> tuple[dict[str, speed.Speed], speed.Machine | None]:
    try:
        return speed.load(BENCHMARKS)
    except TableRefused:
        return {}, None


@st.cache_data(max_entries=20, show_spinner=False)
def _sha256(path, stamp: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
