"""Networks trained with several seeds: ships the best of each, and scores all: assets/results/scores_seed_N.csv.

    python -m train.seeds --data chest_xray --ship     # by engine.choice; then train.score and train.calibrate
    python -m train.seeds --data chest_xray

Reads what `train.fit` and `train.distillation` left in the folder of runs. The shipped networks' own seeds are in the
tables too, copied out of scores.csv, so that no final network meets the test pictures twice.
"""

import argparse
import shutil
from pathlib import Path

import pandas as pd

from cxr_models import checkpoints, zoo
from cxr_models.errors import DatasetRefused, Refusal
from cxr_models.evaluation import scores
from train import engine, pictures, score, validation
from train.fit import RUNS
from train.splits import fingerprint

# The student is shipped by `train.distillation`, which knows its teachers.
SHIPPED_HERE = ("base_cnn", "teacher", "resnet50")
SAME = ("name", "recipe", "data_sha256", "distilled_from_sha256")


def ship(runs: Path, results: Path, data: str) -> None:
    """Copy each network's run that is best on validation (`engine.choice`), and its history, to its place.

    data: `splits.fingerprint` of the pictures; a run of others does not count. A network without a run in the folder
    stays as it is. Raises CheckpointRefused for a damaged file.
    """
    for name in SHIPPED_HERE:
        candidates = sorted(runs.glob(f"{name}_seed_*.safetensors"))
        of_these = [path for path in candidates if checkpoints.metadata(path)["data_sha256"] == data]
        found = {path: engine.choice(held(path)) for path in of_these}
        if not found:
            continue
        best = max(found, key=found.get)
        place = zoo.spec(name).checkpoint
        put(best, place)
        shutil.copyfile(best.with_suffix(".csv"), results / f"history_{name}.csv")
        print(f"{name}: shipped {best.stem} of", *(f"{path.stem} {auc:.4f}" for path, auc in found.items()), sep="\n  ")


def put(run: Path, place: Path) -> None:
    """Copy a run to its place; where its weights lie there already, what calibration told of them stays."""
    if not place.exists() or checkpoints.weights_sha256(run) != checkpoints.weights_sha256(place):
        shutil.copyfile(run, place)


def held(run: Path) -> dict:
    """The row of a run's history whose weights its checkpoint holds."""
    history = pd.read_csv(run.with_suffix(".csv")).set_index("epoch")
    return history.loc[int(checkpoints.metadata(run)["best_epoch"])].to_dict()


def trained(runs: Path) -> dict[int, dict[str, Path]]:
    """Seed -> name -> checkpoint of each run that differs from the shipped network in nothing but its seed."""
    shipped = {name: zoo.metadata(name) for name in zoo.SPECS}
    found = {int(known["seed"]): {} for known in shipped.values()}
    for path in sorted(runs.glob("*.safetensors")):
        known = checkpoints.metadata(path)
        like = shipped.get(known.get("name"))
        if like and all(known.get(key) == like.get(key) for key in SAME) and known["seed"] != like["seed"]:
            found.setdefault(int(known["seed"]), {})[known["name"]] = path
    return dict(sorted(found.items()))


def write(
    seed: int,
    runs: dict[str, Path],
    parts: list[pictures.Pictures],
    shipped: pd.DataFrame,
    results: Path,
    *,
    trained_here: set[str],
) -> list[str]:
    """Write the logits of one seed's networks, the shipped ones' out of their own table; a network without this seed is
    empty. Returns the names of those that were scored, and logs them: one that was scored before keeps its logits.

    trained_here: networks with a run of any seed in the folder; the others' columns stay as they are. Raises
    DatasetRefused when the shipped networks' table is of other pictures.
    """
    path = results / f"scores_seed_{seed}.csv"
    known, new = {}, {}
    for name, run in runs.items():
        network = zoo.build(name)
        checkpoints.load_into(network, run)
        known[name] = score.read_before(path, name, network, parts)
        if known[name] is None:
            new[name] = network
    table = score.table_of(parts, new).assign(**{name: it for name, it in known.items() if name not in new})
    keys = ["split", "file"]
    own = [name for name in zoo.SPECS if zoo.metadata(name)["seed"] == str(seed)]
    merged = table.merge(shipped[[*keys, *own]], on=keys, how="left", validate="one_to_one")
    if path.exists():
        elsewhere = [name for name in zoo.SPECS if name not in (*own, *trained_here)]
        merged = merged.merge(scores.load(path)[[*keys, *elsewhere]], on=keys, how="left")
    if merged[own].isna().any(axis=None):
        raise DatasetRefused("scores.csv is of other pictures: run train.score first.")
    merged.reindex(columns=[*score.COLUMNS, *zoo.SPECS]).to_csv(path, index=False)
    if new:
        score.log_scoring(results / score.LOG, {name: runs[name] for name in new})
    return list(new)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    score.add_arguments(parser)
    parser.add_argument("--runs", type=Path, default=RUNS, help="folder of the trained networks")
    parser.add_argument("--ship", action="store_true", help="write the best runs over the shipped networks, no more")
    args = parser.parse_args()
    try:
        if args.ship:
            ship(args.runs, args.results, fingerprint(args.splits, args.limit))
            return
        shipped = scores.load(args.results / "scores.csv")
        judged_on = validation.load(args.data, args.splits, limit=args.limit)
        parts = [*judged_on.values(), pictures.load(args.data, args.splits, "test", limit=args.limit)]
        found = trained(args.runs)
        here = {name for runs in found.values() for name in runs}
        for seed, runs in found.items():
            scored = write(seed, runs, parts, shipped, args.results, trained_here=here)
            print(f"scores_seed_{seed}.csv: scored {', '.join(scored) or 'nothing new'}")
    except Refusal as refusal:
        parser.exit(2, f"{refusal}\n")


if __name__ == "__main__":
    main()
