"""What the shipped networks are worth, and the goals, in Markdown."""

import numpy as np
import pandas as pd

from cxr_models import checkpoints, zoo
from cxr_models.evaluation import curves, summary
from train.cards import interval_text
from train.score import SAME_NETWORK

AT_HALF, BALANCED = "score .5", "balanced"
COLUMNS = {
    "auc": "AUC",
    "accuracy": "accuracy",
    "sensitivity": "sensitivity (recall)",
    "specificity": "specificity",
    "precision": "precision",
    "f1": "F1",
}
SPLITS = {
    "val": "validation",
    "stressed": "stressed validation",
    "test": "official test",
}
# What each network was to reach on the official test set, set before these were trained.
GOALS = {
    "base_cnn": {"auc": 0.989, "accuracy": 0.95, "sensitivity": 0.96, "specificity": 0.90},
    "teacher": {"auc": 0.984},
    "student": {"auc": 0.991, "accuracy": 0.955, "sensitivity": 0.96, "specificity": 0.94},
    "resnet50": {"auc": 0.992, "accuracy": 0.96, "sensitivity": 0.97, "specificity": 0.92},
}
MEASURED_AT = {"auc": BALANCED, "accuracy": AT_HALF, "sensitivity": BALANCED, "specificity": BALANCED}


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
    """Each goal beside what the test set gave, with its interval, and how far short that is."""
    found = tidy[tidy["split"] == "test"].set_index(["point", "model", "measure"])
    lines = ["| model | measure | goal | reached | short by | goal within the 95 % CI |", "|---" * 6 + "|"]
    for name, goals in GOALS.items():
        for measure, goal in goals.items():
            point = MEASURED_AT[measure]
            row = found.loc[(point, name, measure)]
            what = COLUMNS[measure] if measure == "auc" else f"{COLUMNS[measure]}, {point}"
            missed = row["value"] < goal
            short = (share(goal - row["value"]), "yes" if row["high"] >= goal else "no") if missed else ("", "")
            lines.append(f"| {' | '.join((zoo.spec(name).title, what, share(goal), interval_text(row), *short))} |")
    return "\n".join(lines) + "\n"


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


def candidates_text(released: pd.DataFrame, candidates: pd.DataFrame) -> str:
    """AUC of the released networks and of the candidates on every split; a candidate equal to the released network has
    no row."""
    titles = {**SPLITS, "restyled": "restyled validation"}
    heads = [f"AUC, {title}" for title in titles.values()]
    lines = [f"| model | | {' | '.join(heads)} |", "|---" * (len(heads) + 2) + "|"]
    for name, spec in zoo.SPECS.items():
        for which, table in (("released", released), ("candidate", candidates)):
            if which == "released" or not np.allclose(candidates[name], released[name], atol=SAME_NETWORK):
                aucs = [share(auc(table, split, name)) for split in titles]
                lines.append(f"| {spec.title} | {which} | {' | '.join(aucs)} |")
    return "\n".join(lines) + "\n"


def share(value: float, digits: int = 3) -> str:
    """`.953`: no zero before the point."""
    return f"{value:.{digits}f}".removeprefix("0")


def auc(table: pd.DataFrame, split: str, column: str) -> float:
    rows = table[table["split"] == split]
    return curves.roc(rows["label"], rows[column].astype(np.float64)).auc
