"""What the operating point means for 1,000 children at the reader's prevalence, in counts and sentences."""

import math
from collections.abc import Mapping

import numpy as np
import pandas as pd

from cxr_models.evaluation import decision
from cxr_models.evaluation.confusion import Confusion
from cxr_models.evaluation.decision import Band, DecisionCurve, PerThousand
from cxr_models.evaluation.intervals import Interval
from ui import counted, words
from ui.state import OperatingPoint

INTERVALS = "In brackets the 95 % interval."
ACTS_AT = (0.05, 0.1, 0.2, 0.3, 0.5)
GAINS = "Net benefit for 1,000 children: pneumonias found, less false alarms at their price. Treating none is 0."
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


def sentence(of: PerThousand, rates: Mapping[str, Interval]) -> str:
    """The counts of one model in words; rates: its sensitivity and specificity, whose intervals the counts carry."""
    ill, well = of.found + of.missed, of.false_alarms + of.cleared
    found = _with_interval(of.found, rates["sensitivity"], ill)
    alarms = _with_interval(of.false_alarms, rates["specificity"].complement, well)
    return (
        f"{ill} with pneumonia: {found} found, {of.missed} missed. {well} without: {alarms} "
        f"false alarm{'s'[: of.false_alarms != 1]}."
    )


def takeaway(title: str, of: PerThousand, rates: Mapping[str, Interval]) -> str:
    return f"{title}. Of 1,000 children, {sentence(of, rates)}"


def suspected(of: PerThousand) -> str:
    """What a verdict of suspected is worth, as counts."""
    positive = of.found + of.false_alarms
    if not positive:
        return "No child is called suspected."
    return f"Called suspected: {positive}, of whom {of.found} with pneumonia."


def _with_interval(count: int, share: Interval, of: int) -> str:
    """'97 (95 to 99)': a count with the interval of its share of `of`."""
    if not share.low < share.high:
        return f"{count} (no interval)"
    return f"{count} ({of * share.low:.0f} to {of * share.high:.0f})"


def decision_curves(
    point: OperatingPoint, split: str, prevalence: float
) -> tuple[dict[str, DecisionCurve], dict[str, Band]]:
    """By model: net benefit and its interval; without models whose checkpoint gives no probability. Raises
    TableRefused."""
    every = {name: counted.decision_curve(name, split, prevalence) for name in point.thresholds}
    found = {name: pair for name, pair in every.items() if pair}
    return {name: curve for name, (curve, _) in found.items()}, {name: band for name, (_, band) in found.items()}


def gains_table(
    curves: Mapping[str, DecisionCurve], bands: Mapping[str, Band], titles: Mapping[str, str]
) -> pd.DataFrame:
    """The numbers behind the decision curves: a row each of `ACTS_AT`, the gain in 1,000 children with its interval."""
    every = next(iter(curves.values()))
    places = [int(np.abs(every.threshold - it).argmin()) for it in ACTS_AT]
    columns = {
        titles[name]: [
            words.number_interval(
                Interval(*(1000 * float(it[place]) for it in (curve.model, bands[name].low, bands[name].high))),
                decimals=0,
            )
            for place in places
        ]
        for name, curve in curves.items()
    }
    columns["Treat all"] = [words.number(1000 * float(every.treat_all[place]), decimals=0) for place in places]
    acts = [f"Acts once it is {words.plain_percent(it)} likely" for it in ACTS_AT]
    return pd.DataFrame(columns, index=acts)


def useful(title: str, curve: DecisionCurve, band: Band) -> str:
    """Where acting on the model gains more than treating every child or none, and where its whole interval does."""
    if curve.useful is None:
        return f"{title} never gains more than treating every child or none."
    low, high = (words.plain_percent(it) for it in curve.useful)
    surely = curve.above(band.low)
    ends = surely and " to ".join(words.plain_percent(it) for it in surely)
    return (
        f"{title} gains more than treating every child or none for readers who act once a pneumonia is {low} to "
        f"{high} likely; its whole 95 % interval does so {f'for {ends}' if ends else 'nowhere'}."
    )
