"""How the networks came about: students, seeds, parts of the recipe, in Markdown."""

import pandas as pd

from cxr_models import zoo
from cxr_models.evaluation import comparison, scores, summary
from train.readme.results import SPLITS, auc, share


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
        f"\n\nOn the {found.n} test X-rays, distillation {helped}: AUC of the released student minus that of the "
        f"untaught student with the same seed {difference:+.3f} (95 % CI {found.low:+.3f} to {found.high:+.3f}).\n"
    )


def seeds_text(tables: dict[int, pd.DataFrame]) -> str:
    """AUC of each network of each seed (seed -> its table of scores), and the spread on the test split."""
    splits = [split for split in SPLITS if all((table["split"] == split).any() for table in tables.values())]
    heads = [f"AUC, {SPLITS[split]}" for split in splits]
    lines = [f"| model | seed | {' | '.join(heads)} | |", "|---" * (len(splits) + 3) + "|"]
    spreads = []
    for name, spec in zoo.SPECS.items():
        runs = {seed: table for seed, table in tables.items() if scores.was_run(table, "test", name)}
        aucs = {seed: [share(auc(table, split, name)) for split in splits] for seed, table in runs.items()}
        for seed, found in aucs.items():
            shipped = "shipped" if zoo.metadata(name)["seed"] == str(seed) else ""
            lines.append(f"| {spec.title} | {seed} | {' | '.join(found)} | {shipped} |")
        if len(aucs) > 1:
            tested = [auc(table, "test", name) for table in runs.values()]
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
