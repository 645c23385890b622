"""Scores every validation, stressed and test picture with the shipped networks: assets/results/scores.csv.

    python -m train.score --data chest_xray

A test picture meets a network through this module, and where heat maps (`train.heat_maps`) and the picture check
(`train.plausibility`) are measured. Each such look appends a line to assets/results/test_scorings.csv, so that how
often the test split was looked at is public. The student trained without a teacher, where there is one, is scored
beside the shipped ones, into student_alone.csv.
"""

import argparse
import os
import subprocess
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from cxr_models import checkpoints, zoo
from cxr_models.errors import Refusal
from cxr_models.paths import RESULTS, ROOT, STUDENT_ALONE
from train import engine, pictures, validation
from train.fit import command_given
from train.splits import SPLITS

if TYPE_CHECKING:
    from torch import nn

COLUMNS = ["file", "split", "label", "subtype", "patient"]
DECIMALS = 6
SAME_NETWORK = 1e-3  # processors differ by less; two trainings differ by more
RECOGNISED_BY = 32  # pictures
LOG = "test_scorings.csv"
LOGGED = (*zoo.SPECS, STUDENT_ALONE.stem)


def rows_of(parts: list[pictures.Pictures], extra: tuple[str, ...] = ()) -> pd.DataFrame:
    """What a table of scores tells of its pictures, set after set: `COLUMNS` and those of `extra`."""
    return pd.concat([part.rows[[*COLUMNS, *extra]] for part in parts], ignore_index=True)


def table_of(
    parts: list[pictures.Pictures], networks: dict[str, "nn.Module"], *, extra: tuple[str, ...] = ()
) -> pd.DataFrame:
    """Logits of each network on each set of pictures: columns `COLUMNS`, those of `extra`, and one per network."""
    table = rows_of(parts, extra)
    for name, network in networks.items():
        logits = [engine.logits(network, part.pixels) for part in parts]
        table[name] = pd.concat([pd.Series(values) for values in logits], ignore_index=True).round(DECIMALS)
    return table


def write(name: str, parts: list[pictures.Pictures], results: Path, *, extra: tuple[str, ...] = ()) -> None:
    """Score test pictures with the shipped networks into NAME.csv, and log that they were looked at.

    A network that this command scored on pictures of these names before keeps its logits: a final network meets the
    test pictures once. Where the preprocessing or the copy of the pictures has changed, delete the table first.
    """
    path = results / f"{name}.csv"
    rows = rows_of(parts, extra)
    known = kept(path, rows)
    new = {model: zoo.load(model) for model in zoo.SPECS if model not in known}
    table = table_of(parts, new, extra=extra).assign(**known)[[*rows, *zoo.SPECS]]
    results.mkdir(parents=True, exist_ok=True)
    table.to_csv(path, index=False)
    if new:
        log_scoring(results / LOG, {model: zoo.spec(model).checkpoint for model in new})
    print(f"wrote {len(table)} rows to {name}.csv; scored {', '.join(new) or 'nothing new'}")


def write_student_alone(parts: list[pictures.Pictures], results: Path) -> None:
    """Score the student trained without a teacher into student_alone.csv, unless that is done."""
    path, column = results / "student_alone.csv", STUDENT_ALONE.stem
    alone = zoo.build("student")
    checkpoints.load_into(alone, STUDENT_ALONE)
    if read_before(path, column, alone, parts) is None:
        table_of(parts, {column: alone}).to_csv(path, index=False)
        log_scoring(results / LOG, {column: STUDENT_ALONE})


def kept(path: Path, rows: pd.DataFrame) -> pd.DataFrame:
    """The logits of a table that hold for these rows: a column for each network whose weights are those that the
    command that runs has scored last, as the log beside the table says."""
    log, old = path.parent / LOG, _written(path, rows)
    if old is None or not log.exists():
        return pd.DataFrame()
    lines = pd.read_csv(log, keep_default_na=False)
    own = lines[lines["command"].map(_module) == _module(command_given())]
    last = {name: own.loc[own[f"{name}_sha256"] != "", f"{name}_sha256"].tail(1).tolist() for name in zoo.SPECS}
    now = {name: [checkpoints.weights_sha256(spec.checkpoint)] for name, spec in zoo.SPECS.items()}
    return old[[name for name in zoo.SPECS if last[name] == now[name]]]


def read_before(path: Path, column: str, network: "nn.Module", parts: list[pictures.Pictures]) -> pd.Series | None:
    """The column of a table that this very network wrote on these pictures, or None where it did not: recognised by
    its logits of some validation pictures, the first part, which may be read as often as one likes."""
    old = _written(path, rows_of(parts))
    if old is None or column not in old:
        return None
    known = pd.to_numeric(old[column])  # empty where the network was not run, and then no number is near
    now = engine.logits(network, parts[0].pixels[:RECOGNISED_BY])
    return known if (known[: len(now)] - now).abs().max() < SAME_NETWORK else None


def _written(path: Path, rows: pd.DataFrame) -> pd.DataFrame | None:
    """The table, when there is one and it is of these rows."""
    if not path.exists():
        return None
    old = pd.read_csv(path, keep_default_na=False)
    return old if rows.astype(str).equals(old.reindex(columns=rows.columns).astype(str)) else None


def _module(command: str) -> str:
    return command.split()[2]


def log_scoring(path: Path, scored: Mapping[str, Path]) -> None:
    """Append date, commit, command and the hash of each scored checkpoint's weights to the log of test scorings."""
    commit = subprocess.run(
        ["git", "rev-parse", "--short=12", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.strip()
    line = {
        "date": date.today().isoformat(),
        "commit": commit,
        "command": command_given(),
        **{f"{name}_sha256": checkpoints.weights_sha256(scored[name]) if name in scored else "" for name in LOGGED},
    }
    # A network that is new in the zoo is a new column, empty in the lines before it.
    lines = [pd.read_csv(path, dtype=str, keep_default_na=False)] if path.exists() else []
    partial = path.with_suffix(".partial")
    pd.concat([*lines, pd.DataFrame([line])]).fillna("").to_csv(partial, index=False)
    os.replace(partial, path)


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
        judged_on = validation.load(args.data, args.splits, limit=args.limit)
        parts = [*judged_on.values(), pictures.load(args.data, args.splits, "test", limit=args.limit)]
        write("scores", parts, args.results)
        if STUDENT_ALONE.exists():
            write_student_alone(parts, args.results)
    except Refusal as refusal:
        parser.exit(2, f"{refusal}\n")


if __name__ == "__main__":
    main()
