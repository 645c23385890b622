"""Scores every validation, stressed and test picture with the shipped networks: assets/results/scores.csv.

    python -m train.score --data chest_xray

The only place where a test picture meets a network. Each run appends a line to assets/results/test_scorings.csv, so
that how often the test split was looked at is public.
"""

import argparse
import shlex
import subprocess
import sys
from datetime import date
from pathlib import Path

import pandas as pd

from cxr_models import checkpoints, zoo
from cxr_models.errors import Refusal
from cxr_models.paths import RESULTS, ROOT
from train import engine, pictures
from train.fit import public_arguments
from train.splits import SPLITS
from train.stress import aspect_trace, stressed

COLUMNS = ["file", "split", "label", "subtype", "patient"]
DECIMALS = 6


def table_of(parts: list[pictures.Pictures], names: tuple[str, ...]) -> pd.DataFrame:
    """Logits of the shipped networks on each set of pictures: columns `COLUMNS` and one per network."""
    table = pd.concat([part.rows[COLUMNS] for part in parts], ignore_index=True)
    for name in names:
        network = zoo.load(name)
        logits = [engine.logits(network, part.pixels) for part in parts]
        table[name] = pd.concat([pd.Series(values) for values in logits], ignore_index=True).round(DECIMALS)
    return table


def traces(parts: list[pictures.Pictures]) -> pd.DataFrame:
    """What the squash left in each picture: columns `COLUMNS` and `gx_gy`, the aspect trace."""
    table = pd.concat([part.rows[COLUMNS] for part in parts], ignore_index=True)
    return table.assign(gx_gy=[round(aspect_trace(picture), DECIMALS) for part in parts for picture in part.pixels])


def log_scoring(path: Path, hashes: dict[str, str]) -> None:
    """Append date, commit, command and the hash of each network's weights to the log of test scorings."""
    commit = subprocess.run(
        ["git", "rev-parse", "--short=12", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.strip()
    line = {
        "date": date.today().isoformat(),
        "commit": commit,
        "command": shlex.join(["python", "-m", "train.score", *public_arguments(sys.argv[1:])]),
        **{f"{name}_sha256": sha256 for name, sha256 in hashes.items()},
    }
    pd.DataFrame([line]).to_csv(path, mode="a", header=not path.exists(), index=False)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="Kaggle's chest_xray folder")
    parser.add_argument("--splits", type=Path, default=SPLITS, help="table written by train.splits")
    parser.add_argument("--results", type=Path, default=RESULTS, help="folder of the tables to write")
    parser.add_argument("--limit", type=int, help="pictures of each split, for trying the command")
    args = parser.parse_args()
    try:
        plain = pictures.load(args.data, args.splits, "val", limit=args.limit)
        parts = [plain, stressed(plain), pictures.load(args.data, args.splits, "test", limit=args.limit)]
        table = table_of(parts, tuple(zoo.SPECS))
        hashes = {name: checkpoints.weights_sha256(spec.checkpoint) for name, spec in zoo.SPECS.items()}
    except Refusal as refusal:
        parser.exit(2, f"{refusal}\n")
    args.results.mkdir(parents=True, exist_ok=True)
    table.to_csv(args.results / "scores.csv", index=False)
    traces(parts).to_csv(args.results / "aspect_trace.csv", index=False)
    log_scoring(args.results / "test_scorings.csv", hashes)
    print(f"wrote {len(table)} rows for {', '.join(zoo.SPECS)}")


if __name__ == "__main__":
    main()
