"""Everything written that is derived from the committed tables: metrics.csv, the README's tables, the model cards.

python -m train.report            # write them
python -m train.report --check    # say what is stale, and fail if anything is
"""

import argparse
import sys

import pandas as pd

from cxr_models import checkpoints, zoo
from cxr_models.evaluation import curves, intervals, scores, summary
from cxr_models.paths import MODEL_CARDS, RESULTS, ROOT
from train import cards
from train.cards import interval_text

README = ROOT / "README.md"
METRICS = RESULTS / "metrics.csv"
SPLITS = ("val", "stressed", "test")
MARKER = "<!-- {name}: written by python -m train.report -->\n{text}<!-- end of {name} -->"
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


def points(rule: str) -> dict[str, summary.Point]:
    """Each model's temperature and threshold: .5, or its checkpoint's balanced threshold."""
    metadata = {name: zoo.metadata(name) for name in zoo.SPECS}
    return {
        name: summary.Point(float(known["temperature"]), 0.5 if rule == AT_HALF else float(known["threshold"]))
        for name, known in metadata.items()
    }


def metrics(table: pd.DataFrame) -> pd.DataFrame:
    """Every measure of every model on every split at both points, tidy, with 95 % intervals by patient bootstrap."""
    parts = [
        summary.measures(table, points(rule), split=split).assign(point=rule)
        for rule in (AT_HALF, BALANCED)
        for split in SPLITS
    ]
    return pd.concat(parts, ignore_index=True)[["point", *summary.COLUMNS]]


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
    view = intervals.auc(table["label"], (table["view"] == "PA").astype(float), table["patient"])
    lines.append(f"| no model: PA view taken for pneumonia | {interval_text(view)} | | |")
    return "\n".join(lines) + "\n"


def with_block(readme: str, name: str, text: str) -> str:
    """The README with what stands between the markers of that name replaced; the markers must be there."""
    start, end = MARKER.format(name=name, text="\0").split("\0")
    before, _, rest = readme.partition(start)
    _, found, after = rest.partition(end)
    if not found:
        raise ValueError(f"README.md has no block between {start!r} and {end!r}.")
    return before + start + text + end + after


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="write nothing; fail when something is stale")
    check = parser.parse_args().check
    table = scores.load(RESULTS / "scores.csv")
    tidy = metrics(table)
    readme = with_block(README.read_text(), "results", results_text(tidy, int((table["split"] == "test").sum())))
    readme = with_block(readme, "originals", originals_text(pd.read_csv(RESULTS / "originals.csv")))
    readme = with_block(readme, "borders", borders_text(pd.read_csv(RESULTS / "borders.csv")))
    readme = with_block(readme, "external", external_text(scores.load(RESULTS / "external.csv")))
    wanted = {
        METRICS: tidy.to_csv(index=False, float_format="%.6g"),
        README: readme,
    }
    wanted |= {MODEL_CARDS / f"{name}.md": cards.model_card(name, tidy, table) for name in zoo.SPECS}
    wanted[MODEL_CARDS / "data.md"] = cards.data_card()
    stale = [path for path, text in wanted.items() if not path.exists() or path.read_text() != text]
    for path in stale:
        print(f"{'stale' if check else 'wrote'}: {path.relative_to(ROOT)}")
        if not check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(wanted[path])
    return int(check and bool(stale))


if __name__ == "__main__":
    sys.exit(main())
