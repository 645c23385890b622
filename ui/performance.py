"""What the operating point does on a split, as pages show it: counts, a table of measures, sentences."""

import math
from collections.abc import Mapping

import pandas as pd

from cxr_models import zoo
from cxr_models.evaluation import decision
from cxr_models.evaluation.confusion import Confusion
from cxr_models.evaluation.curves import Roc
from ui import cached, words
from ui.state import OperatingPoint

SPLITS = {"val": "Validation", "stressed": "Stressed validation", "test": "Test"}
SPLIT_NOTES = {
    "val": "Validation: pictures kept from training, as published. Epochs and temperatures were chosen here.",
    "stressed": "Stressed validation: the same pictures, stretched, zoomed and re-exposed on purpose. Thresholds are "
    "chosen here, so these numbers flatter a little.",
    "test": "Test: the official test pictures, which chose nothing.",
}
CHART = {"displaylogo": False, "modeBarButtonsToRemove": ["select2d", "lasso2d", "autoScale2d"]}
STILL = {"displayModeBar": False}


def counts(point: OperatingPoint, split: str) -> dict[str, Confusion]:
    """By model, at its threshold. Raises TableRefused."""
    return {name: cached.counts(name, split, it.value) for name, it in point.thresholds.items()}


def measures(point: OperatingPoint, split: str, prevalence: float) -> pd.DataFrame:
    """A row a model, a column a measure, with intervals and counts in words. Raises TableRefused."""
    rows = {}
    for name, it in point.thresholds.items():
        found = cached.measures(name, split, it.value, prevalence)
        counted = cached.counts(name, split, it.value)
        rows[zoo.spec(name).title] = {
            "Threshold": f"{it.value:.3f}",
            "Sensitivity": f"{words.percent_interval(found['sensitivity'])}, {counted.tp} of {counted.tp + counted.fn}",
            "Specificity": f"{words.percent_interval(found['specificity'])}, {counted.tn} of {counted.tn + counted.fp}",
            "PPV": words.percent_interval(found["ppv_here"]),
            "NPV": words.percent_interval(found["npv_here"]),
        }
    return pd.DataFrame.from_dict(rows, orient="index")


def per_thousand(name: str, counted: Confusion, prevalence: float) -> str:
    """What the counts mean for 1,000 children at a prevalence, in one sentence."""
    title = zoo.spec(name).title
    if math.isnan(counted.sensitivity) or math.isnan(counted.specificity):
        return f"**{title}**: cannot be said, since this split lacks pneumonias or normals."
    of = decision.per_thousand(counted.sensitivity, counted.specificity, prevalence=prevalence)
    return (
        f"**{title}**: {of.found + of.missed} have pneumonia; {of.found} of them are found and {of.missed} missed. "
        f"Of the {of.false_alarms + of.cleared} without, {of.false_alarms} get a false alarm."
    )


def roc_takeaway(curves: Mapping[str, Roc], counted: Mapping[str, Confusion]) -> str:
    said = (
        f"{zoo.spec(name).title}: AUC {curve.auc:.3f}, sensitivity {words.percent(counted[name].sensitivity)} and "
        f"specificity {words.percent(counted[name].specificity)} at the operating point"
        for name, curve in curves.items()
    )
    return f"ROC curves. {'; '.join(said)}."


def matrix_takeaway(name: str, counted: Confusion) -> str:
    return (
        f"{zoo.spec(name).title}: of {counted.tp + counted.fn} pneumonias {counted.tp} found and {counted.fn} missed; "
        f"of {counted.fp + counted.tn} normals {counted.tn} cleared and {counted.fp} false alarms."
    )


def measures_takeaway(counted: Mapping[str, Confusion], split: str) -> str:
    best = max(counted, key=lambda name: counted[name].sensitivity)
    return (
        f"Sensitivity, specificity, PPV and NPV of {len(counted)} models on the {SPLITS[split].lower()} pictures; "
        f"{zoo.spec(best).title} finds most pneumonias, {words.percent(counted[best].sensitivity)}."
    )
