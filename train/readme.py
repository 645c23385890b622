"""The README's generated tables, each from one committed table, in Markdown."""

from itertools import pairwise

import numpy as np
import pandas as pd
from scipy.stats import spearmanr

from cxr_models import checkpoints, zoo
from cxr_models.evaluation import comparison, curves, evidence, intervals, scores, summary
from cxr_models.verdict import listed
from train.cards import interval_text

BARRED = 0.02  # share of the area from which dark borders count as bars
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
# What each network was to reach at least on the official test pictures, set before these were trained.
AIMS = {
    "base_cnn": {"auc": 0.988, "accuracy": 0.95, "sensitivity": 0.96, "specificity": 0.87},
    "teacher": {"auc": 0.975},
    "student": {"auc": 0.975, "accuracy": 0.92, "sensitivity": 0.94, "specificity": 0.82},
    "resnet50": {"auc": 0.992, "accuracy": 0.96, "sensitivity": 0.97, "specificity": 0.90},
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
    lines = ["| model | measure | aim | reached | short by |", "|---" * 5 + "|"]
    for name, aims in AIMS.items():
        for measure, aim in aims.items():
            point = AIMED_AT[measure]
            row = found.loc[(point, name, measure)]
            what = COLUMNS[measure] if measure == "auc" else f"{COLUMNS[measure]}, {point}"
            missing = "" if row["value"] >= aim else share(aim - row["value"])
            if missing:
                short.append(zoo.spec(name).title)
                held.append(row["high"] >= aim)
            lines.append(f"| {zoo.spec(name).title} | {what} | {share(aim)} | {interval_text(row)} | {missing} |")
    if short:
        models = list(dict.fromkeys(short))
        lines += [
            "",
            f"{listed(models)} {'stay' if len(models) > 1 else 'stays'} short. The interval holds the aim in "
            f"{'all' if all(held) else sum(held)} of the {len(held)} cases: there, on other children of this kind, it "
            "may be met, or missed by more.",
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


def shortcut_text(table: pd.DataFrame) -> str:
    """AUC without medicine beside the models', and the number that each model's logit goes with most."""
    lines = ["| AUC | " + " | ".join(SPLITS.values()) + " |", "|---" * 4 + "|"]
    for column, title in {"gx_gy": "proportions alone (gx/gy)", "baseline": "nine numbers, no medicine"}.items():
        lines.append(f"| {title} | {' | '.join(share(_auc(table, split, column)) for split in SPLITS)} |")
    for name, spec in zoo.SPECS.items():
        lines.append(f"| {spec.title} | {' | '.join(share(_auc(table, split, name)) for split in SPLITS)} |")
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
    strongest = table[table["grade"].astype(int).isin((0, 3))]
    lines = [
        f"{pictures} test pictures, strongest of three grades; AUC, sensitivity / specificity at the shipped "
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


def distillation_text(students: pd.DataFrame, table: pd.DataFrame, alone: pd.DataFrame) -> str:
    """Each kind of student on validation, all its seeds; the shipped one against the one alone on the test pictures,
    paired by patient."""
    columns = ("taught by", "T", "α", "epochs", "views", "AUC, stressed, of each seed")
    means = ("mean AUC, stressed", "mean log loss, stressed", "mean AUC, validation")
    lines = [f"| {' | '.join((*columns, *means))} |", "|---" * (len(columns) + len(means)) + "|"]
    kinds = students.groupby(["taught_by", "temperature", "alpha", "epochs", "views"])
    of_kinds = {kind: seeds.sort_values("seed") for kind, seeds in kinds}
    best_first = sorted(of_kinds.items(), key=lambda it: (it[0][3], it[1]["stressed_auc"].mean()), reverse=True)
    for (taught_by, temperature, alpha, epochs, views), seeds in best_first:
        how = ("–", "–") if taught_by == "none" else (f"{temperature:g}", f"{alpha:g}")
        each = ", ".join(f"{row.seed}: {share(row.stressed_auc, 4)}" for row in seeds.itertuples())
        mean = seeds[["stressed_auc", "stressed_log_loss", "val_auc"]].mean()
        measured = (share(mean.stressed_auc, 4), f"{mean.stressed_log_loss:.3f}", share(mean.val_auc, 4))
        lines.append(f"| {' | '.join([taught_by, *how, str(epochs), str(views), each, *measured])} |")
    both = table.merge(alone[["file", "split", "student_alone"]], on=["file", "split"])
    judged = {"student": summary.Point(1.0, 0.5), "student_alone": summary.Point(1.0, 0.5)}
    found = comparison.differences(both, judged, split="test")[0]
    difference = round(found.value, 3) + 0.0  # no negative zero
    helped = "helped" if found.low > 0 else "hurt" if found.high < 0 else "neither helped nor hurt beyond chance"
    return "\n".join(lines) + (
        f"\n\nOn the {found.n} test pictures, distillation {helped}: AUC of the shipped student minus that of the same "
        f"student alone {difference:+.3f} (95 % {found.low:+.3f} to {found.high:+.3f}, by patient). The shipped one "
        "was picked as the best of all distilled students of its length, and the one alone beside it has the same "
        "seed; the means above are over all seeds.\n"
    )


def seeds_text(tables: dict[int, pd.DataFrame]) -> str:
    """AUC of each network of each seed (seed -> its table of scores), and the spread on the test split."""
    lines = ["| model | seed | " + " | ".join(f"AUC, {title}" for title in SPLITS.values()) + " | |", "|---" * 6 + "|"]
    spreads = []
    for name, spec in zoo.SPECS.items():
        runs = {seed: table for seed, table in tables.items() if scores.was_run(table, "test", name)}
        aucs = {seed: [share(_auc(table, split, name)) for split in SPLITS] for seed, table in runs.items()}
        for seed, found in aucs.items():
            shipped = "shipped" if zoo.metadata(name)["seed"] == str(seed) else ""
            lines.append(f"| {spec.title} | {seed} | {' | '.join(found)} | {shipped} |")
        if len(aucs) > 1:
            tested = [_auc(table, "test", name) for table in runs.values()]
            spreads.append(f"{spec.title} {share(max(tested) - min(tested))}")
    told = f"Largest minus smallest test AUC: {', '.join(spreads)}." if spreads else "One seed a network."
    return "\n".join(lines) + f"\n\n{told}\n"


def ablations_text(table: pd.DataFrame) -> str:
    """What each change of the recipe does on validation."""
    first = table.iloc[0]
    lines = [
        f"Custom CNN, {first['epochs']} epochs at {first['size']} pixels, one seed:",
        "",
        "| change | AUC, validation | AUC, stressed | log loss, validation | log loss, stressed |",
        "|---" * 5 + "|",
    ]
    for row in table.itertuples():
        lines.append(
            f"| {row.change} | {share(row.val_auc, 4)} | {share(row.stressed_auc, 4)} | {row.val_log_loss:.3f} "
            f"| {row.stressed_log_loss:.3f} |"
        )
    return "\n".join(lines) + "\n"


def share(value: float, digits: int = 3) -> str:
    """`.953`: no zero before the point."""
    return f"{value:.{digits}f}".removeprefix("0")


def _auc(table: pd.DataFrame, split: str, column: str) -> float:
    rows = table[table["split"] == split]
    return curves.roc(rows["label"], rows[column].astype(np.float64)).auc
