"""Everything written that is derived from the committed tables: assets/results/metrics.csv and the README's tables.

python -m train.report            # write them
python -m train.report --check    # say what is stale, and fail if anything is
"""

import argparse
import re
import sys

import pandas as pd

from cxr_models import checkpoints, zoo
from cxr_models.evaluation import scores, summary
from cxr_models.paths import RESULTS, ROOT

README = ROOT / "README.md"
METRICS = RESULTS / "metrics.csv"
SPLITS = ("val", "stressed", "test")
MARKER = "<!-- results: written by python -m train.report -->\n{}<!-- end of results -->"
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


def results_text(tidy: pd.DataFrame) -> str:
    """The README's results: a table for each point, test split only."""
    size = len(scores.load(RESULTS / "scores.csv").query("split == 'test'"))
    parts = [
        f"Official test split, {size} pictures; 95 % intervals from a bootstrap of patients. "
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


def interval_text(row: pd.Series) -> str:
    """`.953 (.931–.971)`: no zero before the point, as medical journals print shares."""
    return "{} ({}–{})".format(*(f"{value:.3f}".removeprefix("0") for value in (row.value, row.low, row.high)))


def with_results(readme: str, text: str) -> str:
    """The README with what stands between its markers replaced."""
    pattern = re.escape(MARKER).replace(r"\{\}", "(?s:.*?)")
    return re.sub(pattern, lambda _: MARKER.format(text), readme)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="write nothing; fail when something is stale")
    check = parser.parse_args().check
    tidy = metrics(scores.load(RESULTS / "scores.csv"))
    wanted = {
        METRICS: tidy.to_csv(index=False, float_format="%.6g"),
        README: with_results(README.read_text(), results_text(tidy)),
    }
    stale = [path for path, text in wanted.items() if not path.exists() or path.read_text() != text]
    for path in stale:
        print(f"{'stale' if check else 'wrote'}: {path.relative_to(ROOT)}")
        if not check:
            path.write_text(wanted[path])
    return int(check and bool(stale))


if __name__ == "__main__":
    sys.exit(main())
