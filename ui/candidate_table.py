"""The one table for stakeholders: a row a measure, a column a model, the three together last; all of it text."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pandas as pd

from cxr_models.evaluation.speed import Spread
from cxr_models.evaluation.tradeoff import Candidate
from ui import words


@dataclass(frozen=True)
class Row:
    """A measure. title, meaning: for a reader without statistics; of: what it says of a candidate, None where its table
    is missing; command: what makes that table."""

    group: str
    title: str
    meaning: str
    of: Callable[[Candidate], str | None]
    command: str = ""


FINDS, ELSEWHERE, SCORES, COSTS = "It finds", "Elsewhere", "Its scores", "It costs"
BENCHMARK = "python -m benchmarks.reading"


def _milliseconds(it: Spread) -> str:
    return f"{it.median:,.0f} ({it.low:,.0f} to {it.high:,.0f})"


ROWS = (
    Row(FINDS, "Threshold", "A score of at least this is called suspected.", lambda it: f"{it.threshold:.3f}"),
    Row(
        FINDS,
        "Sensitivity",
        "Of the pneumonias, how many are found at the threshold.",
        lambda it: words.percent_interval(it.sensitivity),
    ),
    Row(
        FINDS,
        "Specificity",
        "Of the normals, how many are left in peace at the threshold.",
        lambda it: words.percent_interval(it.specificity),
    ),
    Row(
        FINDS,
        "AUC",
        "How well scores part pneumonias from normals, over all thresholds. 1 is perfect, .500 a coin toss.",
        lambda it: words.auc_interval(it.auc),
    ),
    Row(
        ELSEWHERE,
        "AUC at the other hospital",
        "The same on mostly adults of another hospital, with labels that a program read out of reports.",
        lambda it: it.elsewhere and words.auc_interval(it.elsewhere),
        command="python -m train.nih --data FOLDER",
    ),
    Row(
        ELSEWHERE,
        "AUC with the chest blacked out",
        "The same on the test pictures without the chest. Near .500 little is read outside it, or the black itself "
        "upset the model.",
        lambda it: it.lungs_black and words.auc_interval(it.lungs_black),
        command="python -m train.blackout --data FOLDER",
    ),
    Row(
        SCORES,
        "Slope",
        "Calibration: 1 is right, below 1 the scores are too sure, above 1 not sure enough.",
        lambda it: words.number_interval(it.calibration.slope),
    ),
    Row(
        SCORES,
        "Intercept",
        "Calibration: 0 is right, below 0 the scores are too high on the whole, above 0 too low; a share of "
        "pneumonias unlike that in validation moves it too.",
        lambda it: words.number_interval(it.calibration.intercept),
    ),
    Row(
        SCORES,
        "Brier score",
        "Calibration and discrimination in one: the mean squared error of the score. 0 is best.",
        lambda it: words.share_interval(it.calibration.brier),
    ),
    Row(COSTS, "Parameters", "The numbers that training sets.", lambda it: words.roughly(it.parameters)),
    Row(COSTS, "File", "What the model takes on a disk.", lambda it: words.megabytes(it.size)),
    Row(
        COSTS,
        "Core hours",
        "Processor cores times hours of its training; that of a teacher, or of weights it began with, is not in it.",
        lambda it: words.UNDEFINED if it.core_hours is None else f"{it.core_hours:.2f}",
    ),
    Row(
        COSTS,
        "Multiply-adds",
        "The computing that one verdict takes, on any machine.",
        lambda it: it.speed and words.roughly(it.speed.multiply_adds),
        command=BENCHMARK,
    ),
    Row(
        COSTS,
        "Verdict, ms",
        "Milliseconds for one picture: the median, in brackets the 5th and 95th percentile of repeated readings.",
        lambda it: it.speed and _milliseconds(it.speed.score),
        command=BENCHMARK,
    ),
    Row(
        COSTS,
        "With heat map, ms",
        "The same for verdict and heat map.",
        lambda it: it.speed and _milliseconds(it.speed.heat_map),
        command=BENCHMARK,
    ),
)


def table(found: Mapping[str, Candidate]) -> pd.DataFrame:
    """By group and row; a row whose table is missing stays, and names the command that fills it."""
    index, cells = [], []
    for row in ROWS:
        said = [row.of(it) for it in found.values()]
        waits = f" (waits for `{row.command}`)" if row.command and not any(said) else ""
        index.append((row.group, f"{row.title}{waits}"))
        cells.append([it or words.UNDEFINED for it in said])
    return pd.DataFrame(cells, index=pd.MultiIndex.from_tuples(index), columns=[it.title for it in found.values()])


def meanings() -> list[str]:
    """A sentence a row."""
    return [f"{row.title}: {row.meaning}" for row in ROWS]


def takeaway(found: Mapping[str, Candidate]) -> str:
    """What stands out of the table, for those who do not see it."""
    said = (
        f"{it.title}: sensitivity {words.percent(it.sensitivity.value)}, specificity "
        f"{words.percent(it.specificity.value)}, AUC {words.auc_interval(it.auc)}, {words.megabytes(it.size)}"
        for it in found.values()
    )
    return f"A row a measure, a column a model. {'; '.join(said)}."
