"""Trains a network a little more, until a white mark hardly moves its answer.

    python -m train.steady resnet50 --data chest_xray --seed 0

A side letter or a hot marker says nothing of the lungs. A network that was trained on pictures with such marks no
longer reads the label off them, but its logit still moves a little. Here it sees each view without a mark and with one,
and learns to answer both alike. Goes on from what `train.fit` left in the folder of runs, and takes its place there.
"""

import argparse
from dataclasses import replace
from pathlib import Path

import pandas as pd
import torch
from lightning_fabric import Fabric
from torch.utils.data import DataLoader, RandomSampler, default_collate

from cxr_models import checkpoints, zoo
from cxr_models.errors import Refusal
from train import augmentation, engine, pictures, stress
from train.augmentation import mark
from train.fit import RUNS, STATE, command_given, fast_precision, save_rounded
from train.recipes import RECIPES
from train.splits import SPLITS

PICTURES = 2048  # seen in what counts as one more epoch
LEARNING_RATE = 3e-5
WEIGHT = 4.0  # of `engine.Steadiness`


def with_marks(samples: list) -> list[torch.Tensor]:
    """A batch, and behind it the same pictures with a mark each: (2n, 1, S, S), (2n,)."""
    pixels, label = default_collate(samples)
    marked = torch.stack([mark(1.0)(picture) for picture in pixels])
    return [torch.cat([pixels, marked]), label.repeat(2)]


def steady(args: argparse.Namespace) -> None:
    run = args.runs / f"{args.name}_seed_{args.seed}.safetensors"
    known, recipe = checkpoints.metadata(run), RECIPES[args.name]
    told = f"steady_pictures={PICTURES} steady_learning_rate={LEARNING_RATE:g} steady_weight={WEIGHT:g}"
    if told in known["recipe"]:
        print(f"{run.stem} is steady already")
        return
    fabric = Fabric(devices=1, precision=fast_precision())
    torch.manual_seed(args.seed)
    training_pictures = pictures.load(args.data, args.splits, "train", limit=args.limit)
    validation = stress.validation(args.data, args.splits, limit=args.limit)
    network = zoo.build(args.name)
    checkpoints.load_into(network, run)
    views = augmentation.of_recipe(replace(recipe, marks=0.0), training_pictures)
    dataset, generator = engine.Augmented(training_pictures, views), torch.Generator()
    loader = DataLoader(
        dataset,
        batch_size=recipe.batch_size,
        sampler=RandomSampler(dataset, num_samples=min(PICTURES, len(dataset)), generator=generator),
        drop_last=True,
        collate_fn=with_marks,
        generator=generator,
    )
    training = engine.Training(
        fabric,
        network.to(memory_format=torch.channels_last),
        identity=known,
        epochs=1,
        steps=len(loader),
        learning_rate=LEARNING_RATE,
        decay=recipe.weight_decay,
    )
    args.state.mkdir(parents=True, exist_ok=True)
    state = args.state / f"{run.stem}_steady.ckpt"
    teaching = engine.Steadiness(WEIGHT)
    loader = fabric.setup_dataloaders(loader)
    engine.run(training, loader, validation, seed=args.seed, state=state, teaching=teaching)
    history = pd.read_csv(run.with_suffix(".csv"))
    epoch = int(history["epoch"].max()) + 1
    row = {**training.history[0], "epoch": epoch}
    pd.concat([history, pd.DataFrame([row])]).to_csv(run.with_suffix(".csv"), index=False, float_format="%.6g")
    metadata = {
        **known,
        "recipe": f"{known['recipe']} {told}",
        "command": f"{known['command']}; {command_given()}",
        "best_epoch": str(epoch),
        "core_hours": f"{float(known['core_hours']) + row['core_hours']:.2f}",
    }
    save_rounded(args.name, run, training.best, metadata, validation["val"])
    state.unlink()
    print(f"wrote {run.name} (epoch {epoch}) and its history")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("name", choices=[name for name in RECIPES if name != "student"])
    parser.add_argument("--data", type=Path, required=True, help="Kaggle's chest_xray folder")
    parser.add_argument("--splits", type=Path, default=SPLITS, help="table written by train.splits")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--state", type=Path, default=STATE, help="folder for the state saved after the epoch")
    parser.add_argument("--runs", type=Path, default=RUNS, help="folder of the trained network")
    parser.add_argument("--limit", type=int, help="pictures of each split, for trying the command")
    args = parser.parse_args()
    try:
        steady(args)
    except Refusal as refusal:
        parser.exit(2, f"{refusal}\n")


if __name__ == "__main__":
    main()
