"""What is found on the reader's own X-rays: measures, tests, calibration, and how default thresholds do there."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
import streamlit as st

from cxr_models import zoo
from cxr_models.evaluation import comparison, own_analysis, site
from cxr_models.evaluation.calibration import Calibration, Reliability
from cxr_models.evaluation.confusion import Confusion
from cxr_models.evaluation.curves import PrecisionRecall, Roc
from cxr_models.evaluation.decision import Band, DecisionCurve
from cxr_models.evaluation.intervals import Interval
from cxr_models.evaluation.operating_point import NAMED, NAMED_TARGET, Rule, Threshold
from cxr_models.evaluation.own_analysis import applicable
from cxr_models.evaluation.site import Site
from cxr_models.evaluation.summary import COUNTS
from cxr_models.paths import stamp
from ui import cached, state, thousand, words
from ui.own_hospital import Given
from ui.words import plain_percent

RULES: dict[str, tuple[str, Rule]] = {
    "balanced": ("Balanced", NAMED["balanced"]),
    "sensitive": (f"Sensitivity of at least {plain_percent(NAMED_TARGET)}", NAMED["sensitive"]),
    "specific": (f"Specificity of at least {plain_percent(NAMED_TARGET)}", NAMED["specific"]),
}
HALVES = (
    "Thresholds were chosen on one half of the patients. AUC and calibration use all X-rays, everything else the other "
    f"half. In brackets the 95 % CI (patient-level bootstrap), then the counts. {words.AGREED}"
)
OVER_ALL = "All X-rays, at this table's prevalence."
HOW_LIKELY = (
    "The probability of pneumonia at each score is fitted on the first half (isotonic regression) and judged on the "
    "second."
)
HERE = dict.fromkeys(("ppv", "npv"), ", at this table's prevalence")
SHARES = ("sensitivity", "specificity", "ppv", "npv")


@dataclass(frozen=True)
class Found:
    """By column key. thresholds: chosen on one half; counts, measures, curves, precisions: on the other; aucs,
    calibrations: on all pictures; shipped_at, shipped: for columns of this app's networks its thresholds by the same
    rule, and the measures there; values: the scores themselves."""

    titles: Mapping[str, str]
    thresholds: Mapping[str, Threshold]
    counts: Mapping[str, Confusion]
    measures: Mapping[str, Mapping[str, Interval]]
    curves: Mapping[str, Roc]
    precisions: Mapping[str, PrecisionRecall]
    aucs: Mapping[str, Interval]
    calibrations: Mapping[str, tuple[Reliability, Calibration]]
    differences: list[comparison.Difference]
    shipped_at: Mapping[str, float]
    shipped: Mapping[str, Mapping[str, Interval]]
    values: Mapping[str, np.ndarray]

    def threshold_text(self, key: str, threshold: float) -> str:
        """A threshold of that column with as many digits as it takes to apply it elsewhere."""
        return applicable(threshold, self.values[key])


@st.cache_data(scope="session", max_entries=6, show_spinner="The tables are being computed.")
def found(key: str, rule: str, _it: Site, *, shipped: tuple) -> Found:
    """Everything at once; key: the same for the same site; shipped: changes with what `_shipped` reads. Raises
    TableRefused and CheckpointRefused."""
    it = _it
    chosen = site.thresholds(it, RULES[rule][1])
    values = {key: at.value for key, at in chosen.items()}
    measures = _by_column(site.measures(it, values))
    ours = {key: state.named(column.model, rule).value for key, column in it.columns.items() if column.model}
    return Found(
        titles={key: column.title for key, column in it.columns.items()},
        thresholds=chosen,
        counts={key: Confusion(*(int(rows[count].value) for count in COUNTS)) for key, rows in measures.items()},
        measures=measures,
        curves=site.curves(it),
        precisions=site.precision_recalls(it),
        aucs=site.aucs(it),
        calibrations=site.calibrations(it),
        differences=site.differences(it, values),
        shipped_at=ours,
        shipped=_by_column(site.measures(it, ours)) if ours else {},
        values={key: column.values for key, column in it.columns.items()},
    )


@st.cache_data(scope="session", max_entries=20, show_spinner=False)
def decision_curves(key: str, prevalence: float, _it: Site) -> tuple[dict[str, DecisionCurve], dict[str, Band]]:
    """By column key: net benefit and its interval, on the half that judges; key: the same for the same site."""
    curves = site.decision_curves(_it, prevalence=prevalence)
    return {key: curve for key, (curve, _) in curves.items()}, {key: band for key, (_, band) in curves.items()}


def width_of_intervals(columns: Site, it: Found) -> str:
    """Empty, or how wide the intervals are where there are few X-rays."""
    if min(columns.ill, columns.well) >= site.ENOUGH:
        return ""
    widest = {
        measure: max(rates[measure].high - rates[measure].low for rates in it.measures.values())
        for measure in ("sensitivity", "specificity")
    }
    return (
        f"There are {columns.ill} X-rays with and {columns.well} without pneumonia. Below {site.ENOUGH} of each the "
        f"intervals are wide: here that of a sensitivity spans up to {words.points(widest['sensitivity'])}, that of a "
        f"specificity up to {words.points(widest['specificity'])}. Read the intervals, not the values."
    )


def useful(gains: Mapping[str, DecisionCurve], bands: Mapping[str, Band], it: Found) -> list[str]:
    """Where acting on each column gains more than treating all or none, a sentence a column."""
    return [thousand.useful(it.titles[key], gain, bands[key]) for key, gain in gains.items()]


def key_of(given: Given, it: Site) -> str:
    """Names the site: the table and what its columns were said to be."""
    parts = hashlib.sha256(given.key.encode() + it.label.tobytes() + "|".join(it.patient).encode())
    for column in it.columns.values():
        parts.update(f"{column.title}|{column.model}|".encode() + column.values.tobytes())
    return parts.hexdigest()


def table(it: Found) -> pd.DataFrame:
    """A column a column of scores: threshold, measures on the half that judges with counts, AUC."""
    return pd.DataFrame({it.titles[key]: _rows(it, key) for key in it.titles})


def shipped_table(it: Found) -> pd.DataFrame:
    """The default threshold beside the one chosen here, on the same X-rays."""
    return pd.DataFrame(
        {
            it.titles[key]: {
                "Sensitivity, default threshold": words.percent_interval(rates["sensitivity"]),
                "Sensitivity, threshold chosen here": words.percent_interval(it.measures[key]["sensitivity"]),
                "Specificity, default threshold": words.percent_interval(rates["specificity"]),
                "Specificity, threshold chosen here": words.percent_interval(it.measures[key]["specificity"]),
            }
            for key, rates in it.shipped.items()
        }
    )


def shipped_sentences(it: Found) -> list[str]:
    """The default threshold and the one chosen here, a sentence for each network."""
    said = []
    for key in it.shipped:
        shipped, here = it.shipped_at[key], it.thresholds[key]
        inside = "inside" if here.low <= shipped <= here.high else "outside"
        said.append(
            f"{it.titles[key]}: default threshold {it.threshold_text(key, shipped)}, chosen here "
            f"{_with_interval(it, key)}. The default lies {inside} that interval."
        )
    return said


def tests(it: Found) -> list[str]:
    """Each pair of columns in a sentence a measure."""
    return [comparison.words(difference, it.titles) for difference in it.differences]


def calibration_table(it: Found) -> pd.DataFrame:
    return pd.DataFrame(
        {
            it.titles[key]: {
                "Brier score": words.share_interval(found.brier),
                "Slope": words.number_interval(found.slope),
                "Intercept": words.number_interval(found.intercept),
            }
            for key, (_, found) in it.calibrations.items()
        }
    )


def calibration_takeaway(it: Found) -> str:
    """Which columns depart from the line by more than chance explains."""
    said = [f"{it.titles[key]}: {departure}" for key, (_, found) in it.calibrations.items()
            for departure in found.departures()]  # fmt: skip
    return f"{'; '.join(said) or 'No column departs from the line by more than chance explains'}."


def takeaway(it: Found) -> str:
    said = (
        f"{it.titles[key]}: AUC {words.share_interval(it.aucs[key])}, sensitivity "
        f"{words.percent(it.measures[key]['sensitivity'].value)}, specificity "
        f"{words.percent(it.measures[key]['specificity'].value)}"
        for key in it.titles
    )
    return f"{'; '.join(said)}."


def threshold_notes(it: Found) -> list[str]:
    """What must be said of thresholds that could not be chosen as wished."""
    return [f"{it.titles[key]}: {at.note}" for key, at in it.thresholds.items() if at.note]


def stretches(it: Found) -> dict[str, Roc]:
    """The part of each curve that the interval of its threshold covers."""
    return {key: it.curves[key].between(at.low, at.high) for key, at in it.thresholds.items()}


def stamps() -> tuple[int, ...]:
    """Change when the default thresholds do: of the checkpoints and of the scores they are chosen on."""
    return *zoo.stamps(), stamp(cached.SCORES)


def _rows(it: Found, key: str) -> dict[str, str]:
    counts, rates = it.counts[key], it.measures[key]
    behind = {
        "sensitivity": f"{counts.tp} of {counts.tp + counts.fn}",
        "specificity": f"{counts.tn} of {counts.tn + counts.fp}",
        "ppv": f"{counts.tp} of {counts.tp + counts.fp}",
        "npv": f"{counts.tn} of {counts.tn + counts.fn}",
    }
    return {
        "Threshold, 5th to 95th percentile": _with_interval(it, key),
        **{
            f"{words.MEANINGS[share]}{HERE.get(share, '')}": f"{words.percent_interval(rates[share])}, {behind[share]}"
            for share in SHARES
        },
        f"{words.MEANINGS['auc']}, all X-rays": words.auc_interval(it.aucs[key]),
    }


def _with_interval(it: Found, key: str) -> str:
    """'0.62 (0.55 to 0.70)', the ends with the threshold's decimals."""
    text, at = it.threshold_text(key, it.thresholds[key].value), it.thresholds[key]
    decimals = len(text.partition(".")[2]) if "e" not in text else own_analysis.MOST_DIGITS
    return f"{text} ({at.low:.{decimals}f} to {at.high:.{decimals}f})"


def _by_column(tidy: pd.DataFrame) -> dict[str, dict[str, Interval]]:
    by_column: dict[str, dict[str, Interval]] = {}
    for row in tidy.itertuples():
        by_column.setdefault(row.model, {})[row.measure] = Interval(row.value, row.low, row.high)
    return by_column
