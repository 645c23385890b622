"""Everything written that is derived from the committed tables: metrics.csv, the tables of README and docs/results.md,
the model cards.

python -m train.report            # write them
python -m train.report --check    # say what is stale, and fail if anything is
"""

import argparse
import re
import sys

import pandas as pd

from cxr_models import zoo
from cxr_models.evaluation import scores, summary
from cxr_models.paths import CANDIDATES, MODEL_CARDS, RESULTS, ROOT
from train import cards
from train.readme import proof, results, trainings

README = ROOT / "README.md"
DOCUMENT = ROOT / "docs" / "results.md"
METRICS = RESULTS / "metrics.csv"
MARKER = "<!-- {name}: written by python -m train.report -->\n{text}<!-- end of {name} -->"
BLOCK = re.compile(r"<!-- (\w+): written by python -m train.report -->\n.*?<!-- end of \1 -->", re.DOTALL)


def metrics(table: pd.DataFrame) -> pd.DataFrame:
    """Every measure of every model on every split at both points, tidy, with 95 % intervals by patient bootstrap."""
    parts = [
        summary.measures(table, results.points(rule), split=split).assign(point=rule)
        for rule in (results.AT_HALF, results.BALANCED)
        for split in results.SPLITS
    ]
    return pd.concat(parts, ignore_index=True)[["point", *summary.COLUMNS]]


def with_blocks(document: str, blocks: dict[str, str]) -> str:
    """The document with what stands between the markers of each name replaced. Raises KeyError for a marker whose block
    nothing writes."""
    return BLOCK.sub(lambda found: MARKER.format(name=found[1], text=blocks[found[1]]), document)


def blocks(table: pd.DataFrame, tidy: pd.DataFrame) -> dict[str, str]:
    """The generated blocks by name; one whose table has not been made says so."""
    made = {
        "originals": lambda path: proof.originals_text(pd.read_csv(path)),
        "borders": lambda path: proof.borders_text(pd.read_csv(path)),
        "external": lambda path: proof.external_text(scores.load(path)),
        "shortcut": lambda path: proof.shortcut_text(
            pd.read_csv(path), pd.read_csv(path.with_name("shortcut_training.csv"))
        ),
        "blackout": lambda path: proof.blackout_text(scores.load(path)),
        "robustness": lambda path: proof.robustness_text(scores.load(path)),
        "distillation": lambda path: trainings.distillation_text(
            pd.read_csv(path), table, pd.read_csv(RESULTS / "student_alone.csv")
        ),
        "ablations": lambda path: trainings.ablations_text(pd.read_csv(path)),
    }
    found = {
        "candidates": results.candidates_text(
            scores.load(CANDIDATES / "scores_released.csv"), scores.load(CANDIDATES / "scores.csv")
        ),
        "results": results.results_text(tidy, int((table["split"] == "test").sum())),
        "aims": results.aims_text(tidy),
        "ranking": results.ranking_text(tidy),
        "seeds": trainings.seeds_text(scores.of_seeds(RESULTS)),
    }
    for name, text in made.items():
        path = RESULTS / f"{name}.csv"
        found[name] = text(path) if path.exists() else "This table has not been made yet for the shipped networks.\n"
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="write nothing; fail when something is stale")
    check = parser.parse_args().check
    table = scores.load(RESULTS / "scores.csv")
    tidy = metrics(table)
    made = blocks(table, tidy)
    wanted = {METRICS: tidy.to_csv(index=False, float_format="%.6g")}
    wanted |= {document: with_blocks(document.read_text(), made) for document in (README, DOCUMENT)}
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
