"""What the operating point means for 1,000 children at the reader's prevalence, in counts and sentences."""

import math
from collections.abc import Mapping

from cxr_models.evaluation import decision
from cxr_models.evaluation.confusion import Confusion
from cxr_models.evaluation.decision import Band, DecisionCurve, PerThousand
from ui import counted, words
from ui.state import OperatingPoint

NET_BENEFIT = (
    "Net benefit counts the pneumonias found and takes off the false alarms at a price: who acts once a pneumonia is "
    "10 % likely accepts nine false alarms for one found. Shaded: 95 % interval from a bootstrap of patients."
)


def counts(given: Mapping[str, Confusion], prevalence: float) -> dict[str, PerThousand]:
    """By model; without those whose split lacks pneumonias or normals."""
    return {
        name: decision.per_thousand(it.sensitivity, it.specificity, prevalence=prevalence)
        for name, it in given.items()
        if not (math.isnan(it.sensitivity) or math.isnan(it.specificity))
    }


def sentence(of: PerThousand) -> str:
    """The counts of one model in words."""
    return (
        f"{of.found + of.missed} have pneumonia: {of.found} of them are found, {of.missed} missed. "
        f"Of the {of.false_alarms + of.cleared} without, {of.false_alarms} get a false alarm."
    )


def takeaway(title: str, of: PerThousand) -> str:
    return f"{title}. Of 1,000 children, {sentence(of)}"


def suspected(of: PerThousand) -> str:
    """What a verdict of suspected is worth, as counts."""
    positive = of.found + of.false_alarms
    return f"Of {positive} children called suspected, {of.found} have pneumonia."


def decision_curves(
    point: OperatingPoint, split: str, prevalence: float
) -> tuple[dict[str, DecisionCurve], dict[str, Band]]:
    """By model: net benefit and its interval. Raises TableRefused."""
    found = {name: counted.decision_curve(name, split, prevalence) for name in point.thresholds}
    return {name: curve for name, (curve, _) in found.items()}, {name: band for name, (_, band) in found.items()}


def useful(title: str, curve: DecisionCurve) -> str:
    """Where acting on the model gains more than treating every child or none."""
    if curve.useful is None:
        return f"{title} never gains more than treating every child or none."
    low, high = (words.plain_percent(it) for it in curve.useful)
    return (
        f"{title} gains more than treating every child or none for readers who act once a pneumonia is {low} to "
        f"{high} likely."
    )
