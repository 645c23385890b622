"""What is counted on the pictures of a split, once, and kept: measures with their intervals, curves.

split: `val`, `stressed`, `test` or `cached.OTHER_HOSPITAL`. value: a threshold on the score. Everything here raises
TableRefused for a table and CheckpointRefused for a checkpoint that cannot be read.
"""

import streamlit as st
from scipy.special import logit

from cxr_models.evaluation import curves, decision, delong, intervals, scores
from cxr_models.evaluation.probability import Line
from ui import cached


def precision_recall(name: str, split: str) -> curves.PrecisionRecall:
    """Precision against recall of a model over its scores."""
    return _precision_recall(name, split, cached.calibration(name)["temperature"], cached.rows_stamp(split))


def rates(name: str, split: str, value: float) -> dict[str, intervals.Interval]:
    """`intervals.at_threshold` of a model, and `auc`."""
    temperature, stamp = cached.calibration(name)["temperature"], cached.rows_stamp(split)
    return _rates(name, split, temperature, value, stamp) | {"auc": _auc(name, split, stamp)}


def rates_of_independent(name: str, split: str, value: float) -> dict[str, intervals.Interval]:
    """The same as if pictures were independent: Wilson's intervals, and DeLong's of `auc`."""
    counted = cached.counts(name, split, value)
    return intervals.wilson_at_threshold(counted) | {"auc": _delong(name, split, cached.rows_stamp(split))}


def predictive_values(name: str, split: str, value: float, prevalence: float) -> decision.PredictiveValues:
    """PPV and NPV of a model at a threshold and a prevalence."""
    temperature = cached.calibration(name)["temperature"]
    return _predictive_values(name, split, temperature, value, prevalence, cached.rows_stamp(split))


def probability_at(name: str, value: float, prevalence: float) -> intervals.Interval | None:
    """Probability of pneumonia for a model at the score ``value`` and a prevalence; NaN for a score of 0 or 1, None
    where the checkpoint holds no line."""
    line = cached.line(name)
    return line and line.interval(cached.calibration(name)["temperature"] * logit(value), prevalence)


def decision_curve(name: str, split: str, prevalence: float) -> tuple[decision.DecisionCurve, decision.Band] | None:
    """Net benefit of a model at a prevalence, with its interval. None where the checkpoint holds no line."""
    line = cached.line(name)
    return line and _decision_curve(name, split, line, prevalence, cached.rows_stamp(split))


@st.cache_data(max_entries=50, show_spinner=False)
def _precision_recall(name: str, split: str, temperature: float, stamp: int) -> curves.PrecisionRecall:
    rows = cached.rows(name, split)
    return curves.precision_recall(rows.label, scores.score(rows.logit, temperature))


@st.cache_data(max_entries=2000, show_spinner=False)
def _rates(name: str, split: str, temperature: float, value: float, stamp: int) -> dict[str, intervals.Interval]:
    rows = cached.rows(name, split)
    return intervals.at_threshold(rows.label, scores.score(rows.logit, temperature), rows.patient, threshold=value)


@st.cache_data(max_entries=50, show_spinner=False)
def _auc(name: str, split: str, stamp: int) -> intervals.Interval:
    rows = cached.rows(name, split)
    return intervals.auc(rows.label, rows.logit, rows.patient)


@st.cache_data(max_entries=50, show_spinner=False)
def _delong(name: str, split: str, stamp: int) -> intervals.Interval:
    rows = cached.rows(name, split)
    return delong.interval(rows.label, rows.logit)


@st.cache_data(max_entries=1000, show_spinner=False)
def _predictive_values(
    name: str, split: str, temperature: float, value: float, prevalence: float, stamp: int
) -> decision.PredictiveValues:
    rows = cached.rows(name, split)
    return decision.predictive_values(
        rows.label, scores.score(rows.logit, temperature), rows.patient, threshold=value, prevalence=prevalence
    )


@st.cache_data(max_entries=200, show_spinner=False)
def _decision_curve(
    name: str, split: str, line: Line, prevalence: float, stamp: int
) -> tuple[decision.DecisionCurve, decision.Band]:
    rows = cached.rows(name, split)
    likely = line.at(rows.logit, prevalence)
    return (
        decision.decision_curve(rows.label, likely, prevalence=prevalence),
        decision.decision_band(rows.label, likely, rows.patient, prevalence=prevalence),
    )
