"""What the shipped networks are worth, what was aimed at, and what was shipped before, in Markdown."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd

from cxr_models import checkpoints, zoo
from cxr_models.evaluation import curves, summary
from cxr_models.verdict import listed
from train.cards import interval_text


@dataclass(frozen=True)
class Aim:
    """The least that was to be reached, and what was hoped for beyond."""

    least: float
    hoped: float | None = None


AT_HALF, BALANCED = "score .5", "balanced"
COLUMNS = {
    "auc": "AUC",
    "accuracy": "accuracy",
    "sensitivity": "sensitivity (recall)",
    "specificity": "specificity",
    "precision": "precision",
    "f1": "F1",
}
SPLITS = {"val": "validation", "stressed": "stressed validation", "test": "official test"}
# What each network was to reach on the official test pictures, and what was hoped for, set before these were trained.
AIMS = {
    "base_cnn": {
        "auc": Aim(0.988, hoped=0.992),
        "accuracy": Aim(0.95, hoped=0.96),
        "sensitivity": Aim(0.96),
        "specificity": Aim(0.87),
    },
    "teacher": {"auc": Aim(0.975)},
    "student": {
        "auc": Aim(0.975, hoped=0.985),
        "accuracy": Aim(0.92),
        "sensitivity": Aim(0.94),
        "specificity": Aim(0.82),
    },
    "resnet50": {
        "auc": Aim(0.992, hoped=0.995),
        "accuracy": Aim(0.96, hoped=0.97),
        "sensitivity": Aim(0.97),
        "specificity": Aim(0.90),
    },
}
ROW_OF_EARLIER = (("stressed", "auc"), ("test", "auc"), ("test", "accuracy"))
AIMED_AT = {"auc": BALANCED, "accuracy": AT_HALF, "sensitivity": BALANCED, "specificity": BALANCED}


def points(rule: str) -> dict[str, summary.Point]:
    """Each model's temperature and threshold: .5, or its checkpoint's balanced threshold."""
    metadata = {name: zoo.metadata(name) for name in zoo.SPECS}
    return {
        name: summary.Point(float(known["temperature"]), 0.5 if rule == AT_HALF else float(known["threshold"]))
        for name, known in metadata.items()
    }


def results_text(tidy: pd.DataFrame, pictures: int) -> str:
    """The README's results: a table for each point, test split only."""
    parts = [
        f"Official test split, {pictures} pictures; 95 % intervals from a bootstrap of patients. "
        "Temperatures and thresholds come from validation pictures.\n"
    ]
    for rule, heading in ((AT_HALF, "At a score of .5"), (BALANCED, "At the shipped balanced threshold")):
        parts += [f"\n**{heading}**\n", markdown(tidy, rule)]
    return "\n".join(parts)


def markdown(tidy: pd.DataFrame, rule: str) -> str:
    """One Markdown table, a row a model."""
    chosen = tidy[(tidy["point"] == rule) & (tidy["split"] == "test")].set_index(["model", "measure"])
    lines = [
        "| model | parameters | threshold | " + " | ".join(COLUMNS.values()) + " |",
        "|---" * (len(COLUMNS) + 3) + "|",
    ]
    for name, point in points(rule).items():
        cells = [interval_text(chosen.loc[(name, measure)]) for measure in COLUMNS]
        size = checkpoints.parameters(zoo.spec(name).checkpoint)
        lines.append(f"| {zoo.spec(name).title} | {size:,} | {point.threshold:.3f} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def aims_text(tidy: pd.DataFrame) -> str:
    """Each aim beside what the test pictures gave, with its interval, and how far short that is."""
    found = tidy[tidy["split"] == "test"].set_index(["point", "model", "measure"])
    short, held = [], []
    lines = ["| model | measure | aim | hoped for | reached | short of the aim by |", "|---" * 6 + "|"]
    for name, aims in AIMS.items():
        for measure, aim in aims.items():
            point = AIMED_AT[measure]
            row = found.loc[(point, name, measure)]
            what = COLUMNS[measure] if measure == "auc" else f"{COLUMNS[measure]}, {point}"
            missing = "" if row["value"] >= aim.least else share(aim.least - row["value"])
            if missing:
                short.append(zoo.spec(name).title)
                held.append(row["high"] >= aim.least)
            hoped = "" if aim.hoped is None else share(aim.hoped)
            cells = (zoo.spec(name).title, what, share(aim.least), hoped, interval_text(row), missing)
            lines.append(f"| {' | '.join(cells)} |")
    if short:
        models = list(dict.fromkeys(short))
        lines += [
            "",
            f"{listed(models)} {'stay' if len(models) > 1 else 'stays'} short. In "
            f"{'all' if all(held) else sum(held)} of the {len(held)} cases the aim lies within the 95 % interval: so "
            "short a distance may be chance.",
        ]
    return "\n".join(lines) + "\n"


def earlier_text(table: pd.DataFrame, tidy: pd.DataFrame) -> str:
    """The networks before the present ones, which close the row of their kind; how often stressed validation and the
    test pictures agreed on which of two was better."""
    lines = [
        "| model | AUC, stressed validation | AUC, official test | accuracy, score .5 | commit |",
        "|---" * 5 + "|",
    ]
    found = tidy[tidy["point"] == AT_HALF].set_index(["split", "model", "measure"])["value"]
    steps, better, agreed = 0, 0, 0
    for name, spec in zoo.SPECS.items():
        present = [found[split, name, measure] for split, measure in ROW_OF_EARLIER]
        columns = ["stressed_auc", "test_auc", "test_accuracy"]
        before = table[table["model"] == name]
        every = [*before[columns].to_numpy().tolist(), present]
        for row, commit in zip(every, [*before["commit"], "shipped"], strict=True):
            lines.append(f"| {spec.title} | {' | '.join(share(value) for value in row)} | {commit} |")
        for (stressed, tested, _), (later_stressed, later_tested, _) in pairwise(every):
            steps += 1
            better += later_stressed > stressed
            agreed += (later_stressed > stressed) == (later_tested > tested)
    return "\n".join(lines) + (
        f"\n\nOf {steps} steps from one network of a kind to the next, {better} raised the AUC on stressed validation; "
        f"in {agreed} of the {steps} the AUC on the test pictures went the same way.\n"
    )


def ranking_text(tidy: pd.DataFrame) -> str:
    """How plain and stressed validation order the models, beside the test split: AUC, and who comes first."""
    auc = tidy[(tidy["measure"] == "auc") & (tidy["point"] == BALANCED)].pivot(
        index="model", columns="split", values="value"
    )
    lines = ["| AUC on | " + " | ".join(spec.title for spec in zoo.SPECS.values()) + " | order |", "|---" * 6 + "|"]
    for split, title in SPLITS.items():
        order = " > ".join(zoo.spec(name).title for name in auc[split].sort_values(ascending=False).index)
        lines.append(f"| {title} | {' | '.join(share(auc.loc[name, split]) for name in zoo.SPECS)} | {order} |")
    return "\n".join(lines) + "\n"


def share(value: float, digits: int = 3) -> str:
    """`.953`: no zero before the point."""
    return f"{value:.{digits}f}".removeprefix("0")


def auc(table: pd.DataFrame, split: str, column: str) -> float:
    rows = table[table["split"] == split]
    return curves.roc(rows["label"], rows[column].astype(np.float64)).auc
