"""What is computed once and kept: tables and thresholds for everybody, pictures and readings for one visitor.

Everything read from a file is kept under the file's time stamp as well, so that a new table or checkpoint is seen
without a restart.
"""

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from cxr_models import checkpoints, imaging, inference, plausibility, zoo
from cxr_models.evaluation import (
    comparison,
    confusion,
    curves,
    evidence,
    heat_maps,
    intervals,
    operating_point,
    probability,
    scores,
    summary,
)
from cxr_models.evaluation.operating_point import Rule, Threshold
from cxr_models.imaging import Picture
from cxr_models.inference import Reading
from cxr_models.paths import RESULTS, stamp

SCORES = RESULTS / "scores.csv"
SPLITS = RESULTS / "splits.csv"
EXTERNAL = RESULTS / "external.csv"
OTHER_HOSPITAL = "external"
CHOSEN_ON = "chosen on"  # as a split: the rows of `scores.choosing_rows`
DIAL_RESAMPLES = 1000  # for a dial that is moved, so that it answers at once
CLASSES = {"All": (0, 1), "Normal": (0,), "Pneumonia": (1,)}
CALIBRATION = ("temperature", "threshold", "threshold_low", "threshold_high", "heat_map_scale")


def scores_table() -> pd.DataFrame:
    """The fact table. Raises TableRefused when it is missing or damaged."""
    return _scores_table(stamp(SCORES))


def external_table() -> pd.DataFrame:
    """The other hospital's adults: a table of scores whose only split is `OTHER_HOSPITAL`.

    Raises TableRefused when it is missing or damaged.
    """
    return _external_table(stamp(EXTERNAL))


def rows(name: str, split: str) -> scores.Rows:
    """A model's rows of a split, `OTHER_HOSPITAL` and `CHOSEN_ON` included. Raises TableRefused."""
    return _rows(name, split, rows_stamp(split))


def rows_stamp(split: str) -> int:
    """Changes when the file that holds a split's rows does."""
    return stamp(EXTERNAL if split == OTHER_HOSPITAL else SCORES)


def splits_table() -> pd.DataFrame:
    """A row a picture of the data set: file, split, patient, label, subtype, sha256; empty when the file is missing."""
    return _splits_table(stamp(SPLITS))


def external_aucs() -> dict[str, intervals.Interval]:
    """By model: its AUC on the other hospital's adults, with a 95 % interval by patient bootstrap.

    Raises TableRefused when the table is missing or damaged.
    """
    return _external_aucs(stamp(EXTERNAL))


def external_view_alone() -> intervals.Interval:
    """AUC on the same pictures without a model, by the view alone. Raises TableRefused."""
    return _external_view_alone(stamp(EXTERNAL))


def heat_map_checks(split: str = "test") -> dict[str, dict[str, dict[str, intervals.Interval]]]:
    """By model and class (of `CLASSES`): the check of its heat map on a split (`heat_maps.means`). A model that was not
    measured there is left out. Raises TableRefused."""
    return _heat_map_checks(split, stamp(heat_maps.TABLE))


def metadata(name: str) -> dict[str, str]:
    """What a model's checkpoint says of itself. Raises CheckpointRefused."""
    return _metadata(name, zoo.stamp(name))


def calibration(name: str) -> dict[str, float]:
    """Temperature, threshold with its interval, and heat map scale of a model: the numbers of `CALIBRATION`.

    Raises CheckpointRefused, also for a checkpoint that is trained but not calibrated.
    """
    return _calibration(name, zoo.stamp(name))


def line(name: str) -> probability.Line | None:
    """What makes a probability of a model's logit; None where its checkpoint holds no such line. Raises
    CheckpointRefused."""
    return probability.from_metadata(metadata(name))


def weights_sha256(name: str) -> str:
    """Hash of a model's weights. Raises CheckpointRefused."""
    return _weights_sha256(name, zoo.stamp(name))


def threshold(name: str, rule: str, target: float = 0.0, prevalence: float = 0.0) -> Threshold:
    """A model's threshold on the rows of `CHOSEN_ON` by a rule of `rule_of`.

    Raises TableRefused and CheckpointRefused.
    """
    return _threshold(name, rule, target, prevalence, calibration(name)["temperature"], stamp(SCORES))


def roc(name: str, split: str) -> curves.Roc:
    """ROC of a model over its scores. Raises TableRefused and CheckpointRefused."""
    return _roc(name, split, calibration(name)["temperature"], rows_stamp(split))


def counts(name: str, split: str, value: float) -> confusion.Confusion:
    """Counts of a model at a threshold. Raises TableRefused and CheckpointRefused."""
    return _every(name, split, calibration(name)["temperature"], rows_stamp(split)).at(value)


def differences(points: Mapping[str, summary.Point], split: str) -> list[comparison.Difference]:
    """Paired differences between models. Raises TableRefused."""
    return _differences(tuple(points.items()), split, rows_stamp(split))


# A large picture takes 240 MB.
@st.cache_resource(scope="session", max_entries=2, show_spinner=False)
def open_picture(data: bytes) -> Picture:
    """Decode a picture's bytes. Raises PictureRefused."""
    return imaging.decode(data)


def warnings(sha256: str, data: bytes) -> list[str]:
    """What should make a reader distrust the models on this picture, kept under the picture's hash.

    Raises PictureRefused for what is no chest X-ray, and CheckpointRefused.
    """
    return _warnings(sha256, data, plausibility.fitted.stamp())


def reading(sha256: str, name: str, data: bytes) -> Reading:
    """One model's reading of one picture, kept under the picture's hash.

    Raises PictureRefused and CheckpointRefused.
    """
    return _reading(sha256, name, data, zoo.stamp(name))


def scores_of_views(sha256: str, name: str, data: bytes) -> dict[str, float]:
    """One model's scores of one picture's small changes. Raises PictureRefused and CheckpointRefused."""
    return _scores_of_views(sha256, name, data, zoo.stamp(name))


@st.cache_data(scope="session", max_entries=300, show_spinner=False)
def _warnings(sha256: str, _data: bytes, stamp: tuple[int, int]) -> list[str]:
    return plausibility.check(open_picture(_data))


@st.cache_data(scope="session", max_entries=300, show_spinner=False)
def _reading(sha256: str, name: str, _data: bytes, stamp: int) -> Reading:
    return inference.read(imaging.pixels(open_picture(_data)), name)


@st.cache_data(scope="session", max_entries=300, show_spinner=False)
def _scores_of_views(sha256: str, name: str, _data: bytes, stamp: int) -> dict[str, float]:
    return inference.scores_of_views(imaging.pixels(open_picture(_data)), name)


def _table(split: str) -> pd.DataFrame:
    return external_table() if split == OTHER_HOSPITAL else scores_table()


@st.cache_resource(max_entries=2, show_spinner=False)
def _scores_table(stamp: int) -> pd.DataFrame:
    return scores.load(SCORES)


@st.cache_resource(max_entries=2, show_spinner=False)
def _external_table(stamp: int) -> pd.DataFrame:
    return scores.load(EXTERNAL)


@st.cache_resource(max_entries=2, show_spinner=False)
def _splits_table(stamp: int) -> pd.DataFrame:
    columns = ["file", "split", "patient", "label", "subtype", "sha256"]
    return pd.read_csv(SPLITS, dtype=str, keep_default_na=False) if stamp else pd.DataFrame(columns=columns)


@st.cache_resource(max_entries=50, show_spinner=False)
def _rows(name: str, split: str, stamp: int) -> scores.Rows:
    if split == CHOSEN_ON:
        return scores.choosing_rows(scores_table(), name)
    return scores.rows(_table(split), split, name)


@st.cache_data(max_entries=2, show_spinner=False)
def _external_aucs(stamp: int) -> dict[str, intervals.Interval]:
    read = {name: rows(name, OTHER_HOSPITAL) for name in zoo.COMPARED}
    return {name: intervals.auc(it.label, it.logit, it.patient) for name, it in read.items()}


@st.cache_data(max_entries=2, show_spinner=False)
def _external_view_alone(stamp: int) -> intervals.Interval:
    return evidence.view_alone(external_table())


@st.cache_data(max_entries=4, show_spinner=False)
def _heat_map_checks(split: str, stamp: int) -> dict[str, dict[str, dict[str, intervals.Interval]]]:
    table = heat_maps.load(heat_maps.TABLE)
    rows = {name: heat_maps.released(table, split=split, model=name) for name in zoo.COMPARED}
    return {
        name: {title: heat_maps.means(of_model[of_model["label"].isin(labels)]) for title, labels in CLASSES.items()}
        for name, of_model in rows.items()
        if len(of_model)
    }


@st.cache_data(max_entries=16, show_spinner=False)
def _metadata(name: str, stamp: int) -> dict[str, str]:
    return zoo.metadata(name)


@st.cache_data(max_entries=16, show_spinner=False)
def _calibration(name: str, stamp: int) -> dict[str, float]:
    return dict(zip(CALIBRATION, zoo.calibration(name, *CALIBRATION), strict=True))


@st.cache_data(max_entries=16, show_spinner=False)
def _weights_sha256(name: str, stamp: int) -> str:
    return checkpoints.weights_sha256(zoo.spec(name).checkpoint)


@st.cache_data(max_entries=500, show_spinner=False)
def _threshold(name: str, rule: str, target: float, prevalence: float, temperature: float, stamp: int) -> Threshold:
    it, (chosen_by, resamples) = rows(name, CHOSEN_ON), rule_of(rule, target, prevalence)
    score = scores.score(it.logit, temperature)
    return operating_point.bootstrap_threshold(it.label, score, it.patient, chosen_by, resamples=resamples)


def rule_of(rule: str, target: float = 0.0, prevalence: float = 0.0) -> tuple[Rule, int]:
    """The rule and its number of resamples. rule: one of `operating_point.NAMED`, `sensitivity` or `specificity`
    (target: at least that much), or `costs` (target: how many false alarms a miss counts as, at the prevalence)."""
    if rule in operating_point.NAMED:
        return operating_point.NAMED[rule], operating_point.RESAMPLES
    if rule == "costs":
        return operating_point.least_cost(target, prevalence=prevalence), DIAL_RESAMPLES
    at_least = {"sensitivity": operating_point.at_sensitivity, "specificity": operating_point.at_specificity}
    return at_least[rule](target), DIAL_RESAMPLES


@st.cache_data(max_entries=50, show_spinner=False)
def _roc(name: str, split: str, temperature: float, stamp: int) -> curves.Roc:
    it = rows(name, split)
    return curves.roc(it.label, scores.score(it.logit, temperature))


@st.cache_resource(max_entries=50, show_spinner=False)
def _every(name: str, split: str, temperature: float, stamp: int) -> confusion.AllThresholds:
    it = rows(name, split)
    return confusion.at_all_thresholds(it.label, scores.score(it.logit, temperature))


@st.cache_data(max_entries=100, show_spinner=False)
def _differences(points: tuple[tuple[str, summary.Point], ...], split: str, stamp: int) -> list[comparison.Difference]:
    return comparison.differences(_table(split), dict(points), split=split)
