"""Scores every validation, stressed and test picture with the shipped networks: assets/results/scores.csv.

    python -m train.score --data chest_xray

A test picture meets a network only through this module. Each run appends a line to assets/results/test_scorings.csv, so
that how often the test split was looked at is public. The student trained without a teacher, where there is one, is
scored beside the shipped ones, into student_alone.csv.
"""

import argparse
import subprocess
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from cxr_models import checkpoints, zoo
from cxr_models.errors import Refusal
from cxr_models.paths import CHECKPOINTS, RESULTS, ROOT
from train import engine, pictures, stress
from train.fit import command_given
from train.splits import SPLITS

if TYPE_CHECKING:
    from torch import nn

COLUMNS = ["file", "split", "label", "subtype", "patient"]
DECIMALS = 6
LOG = "test_scorings.csv"
STUDENT_ALONE = CHECKPOINTS / "student_alone.safetensors"


def table_of(
    parts: list[pictures.Pictures], networks: dict[str, "nn.Module"], *, extra: tuple[str, ...] = ()
) -> pd.DataFrame:
    """Logits of each network on each set of pictures: columns `COLUMNS`, those of `extra`, and one per network."""
    table = pd.concat([part.rows[[*COLUMNS, *extra]] for part in parts], ignore_index=True)
    for name, network in networks.items():
        logits = [engine.logits(network, part.pixels) for part in parts]
        table[name] = pd.concat([pd.Series(values) for values in logits], ignore_index=True).round(DECIMALS)
    return table


def write(name: str, parts: list[pictures.Pictures], results: Path, *, extra: tuple[str, ...] = ()) -> None:
    """Score test pictures with the shipped networks into NAME.csv, and log that they were looked at."""
    table = table_of(parts, shipped(), extra=extra)
    results.mkdir(parents=True, exist_ok=True)
    table.to_csv(results / f"{name}.csv", index=False)
    log_scoring(results / LOG, {name: spec.checkpoint for name, spec in zoo.SPECS.items()})
    print(f"wrote {len(table)} rows to {name}.csv")


def shipped() -> dict[str, "nn.Module"]:
    """The networks as the zoo loads them, by name."""
    return {name: zoo.load(name) for name in zoo.SPECS}


def log_scoring(path: Path, scored: Mapping[str, Path]) -> None:
    """Append date, commit, command and the hash of each scored checkpoint's weights to the log of test scorings."""
    commit = subprocess.run(
        ["git", "rev-parse", "--short=12", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.strip()
    line = {
        "date": date.today().isoformat(),
        "commit": commit,
        "command": command_given(),
        **{f"{name}_sha256": checkpoints.weights_sha256(scored[name]) if name in scored else "" for name in zoo.SPECS},
    }
    pd.DataFrame([line]).to_csv(path, mode="a", header=not path.exists(), index=False)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What every command that scores pictures asks for."""
    parser.add_argument("--data", type=Path, required=True, help="Kaggle's chest_xray folder")
    parser.add_argument("--splits", type=Path, default=SPLITS, help="table written by train.splits")
    parser.add_argument("--results", type=Path, default=RESULTS, help="folder of the tables to write")
    parser.add_argument("--limit", type=int, help="pictures of each split, for trying the command")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_arguments(parser)
    args = parser.parse_args()
    try:
        validation = stress.validation(args.data, args.splits, limit=args.limit)
        parts = [*validation.values(), pictures.load(args.data, args.splits, "test", limit=args.limit)]
        write("scores", parts, args.results)
        if STUDENT_ALONE.exists():
            alone = zoo.build("student")
            checkpoints.load_into(alone, STUDENT_ALONE)
            table_of(parts, {"student_alone": alone}).to_csv(args.results / "student_alone.csv", index=False)
    except Refusal as refusal:
        parser.exit(2, f"{refusal}\n")


if __name__ == "__main__":
    main()
