"""Trains one network; its checkpoint and its history go to the folder of runs, out of which `train.seeds` ships.

    python -m train.fit base_cnn --data chest_xray --seed 1
    python -m train.fit resnet50 --data chest_xray --weights resnet50.safetensors
    torchrun --nproc-per-node 2 -m train.fit base_cnn --data chest_xray     # several processes: the same command

An interrupted run goes on with --resume, to the same result.
"""

import argparse
import os
import shlex
import sys
from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch
from lightning_fabric import Fabric
from torch.utils.data import DataLoader

from cxr_models import checkpoints, zoo
from cxr_models.errors import DatasetRefused, Refusal
from train import bank, engine, pictures, pretrained, splits, subtype, validation
from train.pictures import Pictures
from train.recipes import RECIPES, Recipe
from train.splits import SPLITS, fingerprint

STATE = Path.home() / ".cache" / "cxr_models" / "training"
RUNS = Path.home() / ".cache" / "cxr_models" / "runs"
ROUNDING_LIMIT = 0.01
ROUNDING_PICTURES = 128
DATA_LICENCE = "CC BY 4.0 (training pictures: Kermany et al., Mendeley Data)"
UNKNOWN_LICENCE = "training pictures: a folder of one's own, under its own licence"


def main() -> None:
    parser = get_parser()
    args = with_recipe(parser.parse_args())
    try:
        fit(args)
    except Refusal as refusal:
        parser.exit(2, f"{refusal}\n")


def fit(args: argparse.Namespace) -> None:
    run = args.runs / f"{args.name}_seed_{args.seed}.safetensors"
    if args.resume and run.exists():
        refuse_another(run, identity(args))
        print(f"{run.stem} is trained already")
        return
    splits.check(args.splits)
    fabric = Fabric(devices=int(os.environ.get("LOCAL_WORLD_SIZE", 1)), precision=args.precision)
    fabric.launch()
    torch.manual_seed(args.seed)
    training_pictures = pictures.load(args.data, args.splits, "train", limit=args.limit)
    judged_on = validation.load(args.data, args.splits, limit=args.limit)

    recipe = Recipe(**{field: getattr(args, field) for field in asdict(RECIPES[args.name])})
    network = zoo.build(args.name).to(memory_format=torch.channels_last)
    licence = licence_of(training_pictures)
    if args.name == "resnet50":
        licence = f"{pretrained.initialise(network, args.weights, training_pictures)}; {licence}"
    if args.subtype:
        subtype.widen(network)
    labels = subtype.labels(training_pictures) if args.subtype else training_pictures.labels
    with fabric.rank_zero_first():  # the others read what it stored
        views = bank.drawn(training_pictures, recipe, views=args.views, folder=args.state / "bank")
    loader = fabric.setup_dataloaders(
        DataLoader(
            bank.Views(views, labels),
            batch_size=pictures.batch_size(args.batch_size, training_pictures, processes=fabric.world_size),
            shuffle=True,
            drop_last=True,
            generator=torch.Generator(),
        )
    )
    training = engine.Training(
        fabric,
        network,
        identity=identity(args),
        epochs=args.epochs,
        steps=len(loader),
        learning_rate=args.learning_rate,
        decay=args.weight_decay,
    )
    args.state.mkdir(parents=True, exist_ok=True)
    state = args.state / f"{args.name}_seed_{args.seed}.ckpt"
    if args.resume and state.exists():
        training.resume(state)
        fabric.print(f"going on after epoch {len(training.history)}")
    engine.run(training, loader, judged_on, seed=args.seed, state=state)
    if fabric.is_global_zero:
        write(run, args, training, licence, judged_on["val"])
        state.unlink()  # finished: nothing to go on with


def licence_of(training: Pictures) -> str:
    """The published pictures are known by their files' names, which tell the kind of pneumonia."""
    return UNKNOWN_LICENCE if (training.rows["subtype"] == "unknown").any() else DATA_LICENCE


def refuse_another(run: Path, wanted: dict[str, str]) -> None:
    """Raises DatasetRefused for a finished run of other pictures or another recipe."""
    known = checkpoints.metadata(run)
    if not wanted.items() <= known.items():
        raise DatasetRefused(
            f"{run.name} in {run.parent} was trained on other pictures or by another recipe. Move it away, or give "
            "another folder with --runs."
        )


def write(run: Path, args: argparse.Namespace, training: engine.Training, licence: str, validation: Pictures) -> None:
    """The checkpoint of the best epoch, with all that explains it, and beside it the history table."""
    metadata = {
        **identity(args),
        **explained(training.history, licence, training.fabric.device.type),
    }
    run.parent.mkdir(parents=True, exist_ok=True)
    engine.judged(training.history).to_csv(run.with_suffix(".csv"), index=False, float_format="%.6g")
    best = subtype.cut(training.best) if args.subtype else training.best
    save_rounded(args.name, run, best, metadata, validation)
    print(f"wrote {run.name} (epoch {metadata['best_epoch']}) and its history")


def save_rounded(
    name: str, output: Path, state: dict[str, torch.Tensor], metadata: dict[str, str], validation: Pictures
) -> None:
    """Write a checkpoint in half precision where that moves no logit of some validation pictures by more than
    `ROUNDING_LIMIT`, else in single precision; `rounding` in the metadata says how far it moves one."""
    # From all over the set: in the order of the files the normals come first.
    pictures = len(validation.rows)
    chosen = np.linspace(0, pictures - 1, min(ROUNDING_PICTURES, pictures)).astype(int)
    network, pixels, label = zoo.build(name), validation.pixels[chosen], validation.rows["label"].to_numpy()[chosen]
    network.load_state_dict(state)
    single = engine.logits(network, pixels)
    network.load_state_dict({key: it.half() if it.dtype == torch.float32 else it for key, it in state.items()})
    moved = float(abs(engine.logits(network, pixels) - single).max())
    half = moved <= ROUNDING_LIMIT
    precision = "half" if half else "single"
    told = {
        "precision": precision,
        "rounding": f"{moved:.2g}",
        "rounding_pictures": f"{len(pixels)} validation pictures, {int(label.sum())} with pneumonia,",
    }
    checkpoints.save(output, state, {**metadata, **told}, half=half)


def identity(args: argparse.Namespace) -> dict[str, str]:
    """What the result depends on: network, recipe, seed, and the splits, which hold each picture's hash."""
    return {
        "name": args.name,
        "recipe": " ".join(f"{name}={value}" for name, value in sorted(recipe_of(args).items())),
        "seed": str(args.seed),
        "data_sha256": fingerprint(args.splits, args.limit),
    }


def recipe_of(args: argparse.Namespace) -> dict:
    names = [*asdict(RECIPES[args.name]), "precision"]
    return {name: getattr(args, name) for name in names}


def explained(history: list[dict], licence: str, device: str) -> dict[str, str]:
    """How a checkpoint came about, for its metadata. device: 'cpu' or 'cuda'."""
    return {
        "command": command_given(),
        "best_epoch": str(engine.best_epoch(history)["epoch"]),
        "core_hours": f"{sum(row['core_hours'] for row in history):.2f}",
        "device": device,
        "licence": licence,
    }


def command_given() -> str:
    """The command line that runs, each folder shortened to its name: what is committed tells no machine's paths."""
    module, *arguments = sys.argv
    public = [Path(argument).name if "/" in argument else argument for argument in arguments]
    return shlex.join(["python", "-m", f"train.{Path(module).stem}", *public])


def with_recipe(args: argparse.Namespace) -> argparse.Namespace:
    """Fill what the command line left open from the network's recipe."""
    for name, value in asdict(RECIPES[args.name]).items():
        if getattr(args, name, None) is None:
            setattr(args, name, value)
    if args.precision is None:
        args.precision = fast_precision()
    return args


def fast_precision() -> str:
    """bf16 halves the time where the hardware multiplies it, and multiplies it tenfold where it does not."""
    multiplies = torch.cuda.is_available() or torch.cpu._is_avx512_bf16_supported()
    return "bf16-mixed" if multiplies else "32-true"


def get_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("name", choices=[name for name in RECIPES if name != "student"])  # see train.distillation
    parser.add_argument("--data", type=Path, required=True, help="Kaggle's chest_xray folder")
    parser.add_argument("--splits", type=Path, default=SPLITS, help="table written by train.splits")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--resume", action="store_true", help="go on from the saved state, or stop if trained")
    parser.add_argument("--state", type=Path, default=STATE, help="folder for the state saved after each epoch")
    parser.add_argument("--runs", type=Path, default=RUNS, help="folder for the checkpoint and its history")
    parser.add_argument("--limit", type=int, help="pictures of each split, for trying a command")
    # the recipe; each network's own values are in train/recipes.py
    parser.add_argument("--epochs", type=int)
    parser.add_argument("--size", type=int, help="side of the augmented pictures, pixels")
    parser.add_argument("--batch-size", type=int)
    parser.add_argument("--learning-rate", type=float)
    parser.add_argument("--weight-decay", type=float)
    parser.add_argument(
        "--evened", action=argparse.BooleanOptionalAction, help="even the proportions between the classes"
    )
    parser.add_argument("--marks", type=float, help="share of the training pictures that get a white mark")
    parser.add_argument("--noise", type=float, help="share of the training pictures that get noise")
    parser.add_argument("--toned", type=float, help="share of the training images with the histogram of another one")
    parser.add_argument("--written", type=float, help="share of the training images that get burned-in text")
    parser.add_argument("--views", type=int, help="augmented copies of each training image, drawn once and stored")
    parser.add_argument(
        "--subtype", action=argparse.BooleanOptionalAction, help="learn bacterial or viral beside the verdict"
    )
    parser.add_argument("--precision", choices=["32-true", "bf16-mixed"], help="default: the faster one here")
    # resnet50
    parser.add_argument(
        "--weights", type=Path, help="ImageNet weights, safetensors; default: torchvision's, downloaded"
    )
    return parser


if __name__ == "__main__":
    main()
