"""What puts the networks to the proof: other pictures, altered ones, and what is no medicine, in Markdown."""

import pandas as pd
from scipy.stats import spearmanr

from cxr_models import zoo
from cxr_models.evaluation import curves, evidence, intervals, scores, summary
from train.cards import interval_text
from train.readme.results import BALANCED, COLUMNS, SPLITS, auc, points, share

BARRED = 0.02  # share of the area from which dark borders count as bars


def originals_text(table: pd.DataFrame) -> str:
    """How far logits move between originals and their squashed copies: median and largest absolute difference."""
    lines = [
        f"{len(table)} pictures as they were published, against their 224-pixel copies:",
        "",
        "| model | median change of the logit | largest change | verdicts at the balanced threshold that change |",
        "|---|---|---|---|",
    ]
    for name, point in points(BALANCED).items():
        moved = (table[f"{name}_original"] - table[f"{name}_copy"]).abs()
        positive = [
            scores.score(table[f"{name}_{kind}"], point.temperature) >= point.threshold for kind in ("original", "copy")
        ]
        changed = int((positive[0] != positive[1]).sum())
        lines.append(f"| {zoo.spec(name).title} | {moved.median():.2f} | {moved.max():.2f} | {changed} |")
    return "\n".join(lines) + "\n"


def borders_text(table: pd.DataFrame) -> str:
    """What trimming dark borders costs or gains on validation: AUC with and without."""
    barred = table[table["trimmed"] > BARRED]
    shares = barred["label"].value_counts() / table["label"].value_counts()
    lines = [
        f"Of {len(table)} validation pictures, {shares[0]:.0%} of the normals and {shares[1]:.0%} of the pneumonias "
        f"lose more than {BARRED:.0%} of their area.",
        "",
        "| model | AUC, borders trimmed | AUC, borders left on |",
        "|---|---|---|",
    ]
    for name, spec in zoo.SPECS.items():
        aucs = [curves.roc(table["label"], table[f"{name}_{kind}"]).auc for kind in ("trimmed", "whole")]
        lines.append(f"| {spec.title} | {aucs[0]:.4f} | {aucs[1]:.4f} |")
    return "\n".join(lines) + "\n"


def external_text(table: pd.DataFrame) -> str:
    """The other hospital at the shipped thresholds, beside what the view alone, AP or PA, tells."""
    tidy = summary.measures(table, points(BALANCED), split="external").set_index(["model", "measure"])
    measures = ("auc", "sensitivity", "specificity")
    lines = [
        f"{len(table)} pictures, {table['label'].sum()} of them with pneumonia among their labels:",
        "",
        "| model | " + " | ".join(COLUMNS[measure] for measure in measures) + " |",
        "|---" * (len(measures) + 1) + "|",
    ]
    for name, spec in zoo.SPECS.items():
        cells = [interval_text(tidy.loc[(name, measure)]) for measure in measures]
        lines.append(f"| {spec.title} | {' | '.join(cells)} |")
    view = interval_text(evidence.view_alone(table))
    lines.append(f"| no model: PA view taken for pneumonia | {view} | | |")
    return "\n".join(lines) + "\n"


def shortcut_text(table: pd.DataFrame, training: pd.DataFrame) -> str:
    """AUC without medicine beside the models', and the number that each model's logit goes with most. training: the
    same table of the pictures that the baseline was fitted on, without models."""
    lines = ["| AUC | training | " + " | ".join(SPLITS.values()) + " |", "|---" * 5 + "|"]
    for column, title in {"gx_gy": "proportions alone (gx/gy)", "baseline": "nine numbers, no medicine"}.items():
        cells = (share(auc(training, "train", column)), *(share(auc(table, split, column)) for split in SPLITS))
        lines.append(f"| {title} | {' | '.join(cells)} |")
    for name, spec in zoo.SPECS.items():
        lines.append(f"| {spec.title} | – | {' | '.join(share(auc(table, split, name)) for split in SPLITS)} |")
    lines += [
        "",
        "Rank correlation of the logit with the nine numbers' logit, within one class, on the test pictures:",
        "",
    ]
    lines += ["| model | normals | pneumonias |", "|---|---|---|"]
    for name, spec in zoo.SPECS.items():
        cells = []
        for label in (0, 1):
            rows = table[(table["split"] == "test") & (table["label"] == label)]
            cells.append(f"{spearmanr(rows[name], rows['baseline'].astype(float)).statistic:.2f}")
        lines.append(f"| {spec.title} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def blackout_text(table: pd.DataFrame) -> str:
    """AUC with the chest blacked out, and with nothing but the chest."""
    lines = ["| model | AUC, chest blacked out | AUC, all but the chest blacked out |", "|---|---|---|"]
    for name, spec in zoo.SPECS.items():
        cells = []
        for change in ("lungs_black", "all_but_lungs_black"):
            rows = scores.rows(table[table["change"] == change], "test", name)
            cells.append(interval_text(intervals.auc(rows.label, rows.logit, rows.patient)))
        lines.append(f"| {spec.title} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def robustness_text(table: pd.DataFrame) -> str:
    """AUC, sensitivity and specificity at the shipped threshold under the strongest grade of each change."""
    pictures = len(table[table["change"] == "none"])
    grade = table["grade"].astype(int)
    strongest = table[grade == grade.groupby(table["change"]).transform("max")]
    lines = [
        f"{pictures} test pictures, strongest grade of each change; AUC, sensitivity / specificity at the shipped "
        "threshold. Both are shares of 60 pictures, sure to about ten points; the intervals of the compared models' "
        "AUC are on the page Evidence.",
        "",
        "| change | " + " | ".join(spec.title for spec in zoo.SPECS.values()) + " |",
        "|---" * (1 + len(zoo.SPECS)) + "|",
    ]
    for change, rows in strongest.groupby("change", sort=False):
        tidy = summary.measures(rows, points(BALANCED), split="test", resamples=200).set_index(["model", "measure"])
        cells = [
            "{}, {} / {}".format(
                *(share(tidy.loc[(name, it), "value"]) for it in ("auc", "sensitivity", "specificity"))
            )
            for name in zoo.SPECS
        ]
        amount = "" if change == "none" else f" {float(rows['amount'].iloc[0]):g}"
        lines.append(f"| {change}{amount} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"
