"""The networks that were shipped before the present ones, out of the project's own history: assets/results/earlier.csv.

    python -m train.earlier

Every version of scores.csv in the history holds what the networks of that day said of the same pictures: what was
shipped, and how the official test split received it.
"""

import argparse
import io
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.metrics import accuracy_score, roc_auc_score

from cxr_models import zoo
from cxr_models.errors import Refusal, TableRefused
from cxr_models.evaluation import scores
from cxr_models.paths import RESULTS, ROOT
from train.score import SAME_NETWORK

TABLE = RESULTS / "earlier.csv"
SCORES = RESULTS / "scores.csv"


def versions(path: Path) -> Iterator[tuple[str, str, pd.DataFrame]]:
    """(date, commit, table) of every version of a table of scores in the history, the oldest first.

    Raises TableRefused where there is no history.
    """
    name = path.relative_to(ROOT).as_posix()
    lines = (
        _git("log", "--reverse", "--format=%cs %h", "--abbrev=7", "--diff-filter=AM", "--", name).decode().splitlines()
    )
    if not lines:
        raise TableRefused(f"The history of this folder does not hold {name}.")
    for date, commit in map(str.split, lines):
        yield date, commit, scores.load(io.BytesIO(_git("show", f"{commit}:{name}")))


def earlier(before: Iterable[tuple[str, str, pd.DataFrame]], present: pd.DataFrame) -> pd.DataFrame:
    """A row for each network that was scored before the present ones, where it is first found: model, date, commit,
    AUC on each kind of pictures, and accuracy at a score of .5 on the test pictures. Versions that are of other test
    pictures than the present table are passed over."""
    rows, now = [], tested(present)
    known = {name: [now[name].to_numpy()] for name in zoo.SPECS}
    for date, commit, table in before:
        then = tested(table)
        if then.index.tolist() != now.index.tolist():
            continue
        for name in zoo.SPECS:
            logit = then[name].to_numpy()
            if np.isnan(logit).any() or any(np.abs(logit - other).max() < SAME_NETWORK for other in known[name]):
                continue
            known[name].append(logit)
            rows.append({"model": name, "date": date, "commit": commit, **measured(table, name)})
    columns = ["model", "date", "commit", *measured(present, next(iter(zoo.SPECS)))]
    table = pd.DataFrame(rows, columns=columns)
    return table.sort_values("model", key=lambda column: column.map(list(zoo.SPECS).index), kind="stable")


def tested(table: pd.DataFrame) -> pd.DataFrame:
    """The rows of the test pictures, by file."""
    return table[table["split"] == "test"].set_index("file").sort_index()


def measured(table: pd.DataFrame, name: str) -> dict[str, float]:
    """val_auc, stressed_auc, test_auc and test_accuracy of one network. A score of .5 is a logit of 0, whatever the
    temperature."""
    rows = {split: table[table["split"] == split] for split in ("val", "stressed", "test")}
    aucs = {f"{split}_auc": roc_auc_score(part["label"], part[name]) for split, part in rows.items()}
    return {**aucs, "test_accuracy": accuracy_score(rows["test"]["label"], rows["test"][name] >= 0)}


def _git(*words: str) -> bytes:
    try:
        return subprocess.run(["git", *words], cwd=ROOT, capture_output=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError) as error:
        raise TableRefused("There is no history to look into: clone the project with git, all of it.") from error


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.parse_args()
    try:
        table = earlier(versions(SCORES), scores.load(SCORES))
    except Refusal as refusal:
        parser.exit(2, f"{refusal}\n")
    table.to_csv(TABLE, index=False, float_format="%.6g")
    print(table.to_string(index=False))


if __name__ == "__main__":
    main()
