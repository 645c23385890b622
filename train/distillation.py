"""Trains students, each with another teacher or none, and ships the best: assets/results/distillation.csv.

    python -m train.distillation --data chest_xray --epochs 48 --taught-by none teacher base_cnn --soften 2,0.9
    python -m train.distillation --data chest_xray --taught-by none base_cnn --seeds 0 1 2
    python -m train.distillation --data chest_xray --ship

All students see the same stored views of the training pictures: short trainings choose the teacher, T and alpha, long
ones are shipped. What is trained already is kept, so that the command may be stopped and given again. The table is of
all students in the folder of runs that are of this recipe, these pictures and the shipped teachers. `--ship` writes the
distilled student that is best on validation (`engine.choice`) over the released one, and beside it the student without
a teacher of the same seed.
"""

import argparse
import shutil
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import torch
from lightning_fabric import Fabric
from torch.utils.data import DataLoader

from cxr_models import checkpoints, zoo
from cxr_models.errors import DatasetRefused, Refusal
from cxr_models.paths import RESULTS, STUDENT_ALONE
from train import bank, engine, pictures, seeds, splits, subtype, validation
from train.fit import RUNS, STATE, explained, fast_precision, licence_of, save_rounded
from train.pictures import Pictures
from train.recipes import RECIPES
from train.splits import SPLITS, fingerprint

TABLE = RESULTS / "distillation.csv"
TEACHERS = ("teacher", "base_cnn", "resnet50")
MEAN = "mean"  # of the three teachers' logits
MEASURES = [f"{split}_{measure}" for split in engine.VALIDATION for measure in ("auc", "log_loss")]


@dataclass(frozen=True)
class Setting:
    """One student to train. taught_by: a network's name, 'mean' or 'none'."""

    taught_by: str
    seed: int
    epochs: int
    temperature: float
    alpha: float
    views: int

    @property
    def name(self) -> str:
        how = "" if self.taught_by == "none" else f"_t{self.temperature:g}_a{self.alpha:g}"
        return f"student_{self.taught_by}{how}_e{self.epochs}_v{self.views}_seed_{self.seed}"


def train(setting: Setting, args: argparse.Namespace, training: Pictures, judged_on: dict[str, Pictures]) -> None:
    """Train one student; leaves its checkpoint and history in the folder of runs."""
    recipe = RECIPES["student"]
    views = bank.drawn(training, recipe, views=setting.views, folder=args.state / "bank")
    answers = None if setting.taught_by == "none" else answers_of(setting.taught_by, views)
    fabric = Fabric(devices=1, precision=fast_precision())
    torch.manual_seed(setting.seed)
    network = zoo.build("student").to(memory_format=torch.channels_last)
    if recipe.subtype:
        subtype.widen(network)
    dataset = bank.Views(views, subtype.labels(training) if recipe.subtype else training.labels, answers)
    loader = DataLoader(
        dataset,
        batch_size=pictures.batch_size(recipe.batch_size, training),
        shuffle=True,
        drop_last=True,
        generator=torch.Generator(),
    )
    run = engine.Training(
        fabric,
        network,
        identity=identity(setting, args),
        epochs=setting.epochs,
        steps=len(loader),
        learning_rate=recipe.learning_rate,
        decay=recipe.weight_decay,
    )
    state = args.state / f"{setting.name}.ckpt"
    if state.exists():
        run.resume(state)
    teaching = None if answers is None else engine.Distillation(setting.temperature, setting.alpha)
    engine.run(run, fabric.setup_dataloaders(loader), judged_on, seed=setting.seed, state=state, teaching=teaching)
    args.runs.mkdir(parents=True, exist_ok=True)
    engine.judged(run.history).to_csv(args.runs / f"{setting.name}.csv", index=False, float_format="%.6g")
    metadata = {**identity(setting, args), **explained(run.history, licence_of(training), fabric.device.type)}
    best = subtype.cut(run.best) if recipe.subtype else run.best
    save_rounded("student", args.runs / f"{setting.name}.safetensors", best, metadata, judged_on["val"])
    state.unlink()


def answers_of(taught_by: str, views: np.memmap) -> np.ndarray:
    """(views, n) logits of the named teacher, or the mean of all three."""
    if taught_by == MEAN:
        return np.mean([answers_of(name, views) for name in TEACHERS], axis=0)
    weights = checkpoints.weights_sha256(zoo.spec(taught_by).checkpoint)[:12]
    stored = Path(views.filename)
    path = stored.with_name(f"answers_{taught_by}_{weights}_to_{stored.name}")
    with Fabric(devices=1, precision=fast_precision()).autocast():
        return bank.answers(zoo.load(taught_by), views, path)


def identity(setting: Setting, args: argparse.Namespace) -> dict[str, str]:
    """What the result depends on, for the metadata."""
    recipe = {**vars(RECIPES["student"]), **vars(setting)}
    told = {
        "name": "student",
        "recipe": " ".join(f"{name}={value}" for name, value in sorted(recipe.items()) if name != "seed"),
        "seed": str(setting.seed),
        "data_sha256": fingerprint(args.splits, args.limit),
    }
    if setting.taught_by != "none":
        teachers = TEACHERS if setting.taught_by == MEAN else (setting.taught_by,)
        hashes = [checkpoints.weights_sha256(zoo.spec(name).checkpoint) for name in teachers]
        told |= {"distilled_from": setting.taught_by, "distilled_from_sha256": " ".join(hashes)}
    return told


def trained(args: argparse.Namespace) -> list[Setting]:
    """The students in the folder of runs that this recipe, these pictures and the shipped teachers would give again."""
    found = []
    for path in args.runs.glob("student_*.safetensors"):
        known = checkpoints.metadata(path)
        told = dict(pair.split("=", 1) for pair in known["recipe"].split())
        setting = Setting(
            told["taught_by"],
            int(known["seed"]),
            int(told["epochs"]),
            float(told["temperature"]),
            float(told["alpha"]),
            int(told["views"]),
        )
        if identity(setting, args).items() <= known.items():
            found.append(setting)
    return found


def table_of(settings: list[Setting], runs: Path) -> pd.DataFrame:
    """A row a trained student: its setting, measures of its best epoch, core hours."""
    rows = []
    for setting in settings:
        history = pd.read_csv(runs / f"{setting.name}.csv")
        best = engine.best_epoch(history.to_dict("records"))
        measured = {name: best[name] for name in MEASURES}
        rows.append({**vars(setting), **measured, "core_hours": history["core_hours"].sum()})
    return pd.DataFrame(rows, columns=[*Setting.__dataclass_fields__, *MEASURES, "core_hours"])


def ship(table: pd.DataFrame, runs: Path, *, epochs: int, views: int) -> None:
    """Copy the best distilled student of so many epochs and views, by `engine.choice`, and the one alone of its
    seed, to their places; what lies there already keeps what calibration told of it.

    Raises DatasetRefused when there is no such distilled student, or none alone of the same seed.
    """
    of_length = table.query("epochs == @epochs and views == @views")
    best_first = of_length.assign(choice=of_length.apply(engine.choice, axis=1)).sort_values("choice", ascending=False)
    settings = [Setting(**row) for row in best_first[list(Setting.__dataclass_fields__)].to_dict("records")]
    taught = [it for it in settings if it.taught_by != "none"]
    alone = [it for it in settings if taught and it.taught_by == "none" and it.seed == taught[0].seed]
    if not alone:
        raise DatasetRefused("Train a distilled student and one without a teacher of the same seed first.")
    for setting, place in ((taught[0], zoo.spec("student").checkpoint), (alone[0], STUDENT_ALONE)):
        seeds.put(runs / f"{setting.name}.safetensors", place)
        history = RESULTS / f"history_{place.stem}.csv"
        shutil.copyfile(runs / f"{setting.name}.csv", history)
        print(f"shipped {setting.name} as {place.name}")


def main() -> None:
    parser = get_parser()
    args = parser.parse_args()
    settings = [
        Setting(name, seed, args.epochs, temperature, alpha, args.views)
        for seed in args.seeds
        for name in args.taught_by
        for temperature, alpha in ([(1.0, 0.0)] if name == "none" else args.soften)
    ]
    try:
        done = trained(args)
        missing = [it for it in settings if it not in done]
        if missing:
            splits.check(args.splits)
            training = pictures.load(args.data, args.splits, "train", limit=args.limit)
            judged_on = validation.load(args.data, args.splits, limit=args.limit)
        for setting in missing:
            train(setting, args, training, judged_on)
        table = table_of(sorted({*done, *missing}, key=lambda it: it.name), args.runs)
        table.to_csv(args.table, index=False, float_format="%.6g")
        print(table.to_string(index=False))
        if args.ship:
            ship(table, args.runs, epochs=args.epochs, views=args.views)
    except Refusal as refusal:
        parser.exit(2, f"{refusal}\n")


def softening(text: str) -> tuple[float, float]:
    """'2,0.9' -> temperature 2 and alpha .9."""
    temperature, alpha = text.split(",")
    return float(temperature), float(alpha)


def get_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="Kaggle's chest_xray folder")
    parser.add_argument("--splits", type=Path, default=SPLITS, help="table written by train.splits")
    parser.add_argument("--taught-by", nargs="*", default=[], choices=["none", *TEACHERS, MEAN])
    parser.add_argument("--seeds", nargs="+", type=int, default=[0])
    parser.add_argument("--epochs", type=int, default=RECIPES["student"].epochs)
    parser.add_argument(
        "--views", type=int, default=RECIPES["student"].views, help="stored views of each training picture"
    )
    parser.add_argument(
        "--soften", nargs="+", type=softening, default=[(2.0, 0.5)], help="temperature,alpha of the distillation loss"
    )
    parser.add_argument("--ship", action="store_true", help="write the best distilled student over the shipped one")
    parser.add_argument("--state", type=Path, default=STATE, help="folder for views, answers and saved states")
    parser.add_argument("--runs", type=Path, default=RUNS, help="folder of the trained students")
    parser.add_argument("--table", type=Path, default=TABLE, help="table of the students")
    parser.add_argument("--limit", type=int, help="pictures of each split, for trying the command")
    return parser


if __name__ == "__main__":
    main()
