"""What each part of the custom CNN's recipe is worth on validation: assets/results/ablations.csv.

    python -m train.ablations --data chest_xray

The recipe that the search began with and seven others with one change each, shorter and on smaller pictures than the
shipped network's, so that all of them take less than an hour; one seed. Differences of a few thousandths are noise.
What is trained already stays in the table, so that the command may be stopped and given again.
"""

import argparse
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import pandas as pd
import torch
from lightning_fabric import Fabric
from torch import nn
from torch.utils.data import DataLoader, default_collate

from cxr_models.architectures.base_cnn import BaseCNN
from cxr_models.architectures.input import Standardise
from cxr_models.errors import Refusal
from cxr_models.paths import RESULTS
from train import engine, pictures, stress
from train.augmentation import augmentation
from train.fit import fast_precision
from train.pictures import Pictures
from train.recipes import RECIPES
from train.splits import SPLITS, fingerprint

TABLE = RESULTS / "ablations.csv"
MIXUP = 0.2  # both parameters of its beta distribution
SMOOTHING = 0.1
NOISY = 0.25  # share of the pictures with noise, in every row


def all_standardised_alike(**options: float) -> nn.Module:
    """The custom CNN as it was when the search began: every picture's grey levels moved and scaled alike."""
    network = BaseCNN(**options)
    network.standardise = Standardise()
    return network


def mixup(samples: list) -> list[torch.Tensor]:
    """Each picture blended with another of the batch, the labels by the same share (Zhang 2018, arXiv 1710.09412)."""
    pixels, label = default_collate(samples)
    share = torch.distributions.Beta(MIXUP, MIXUP).sample()
    other = torch.randperm(len(label))
    return [share * it + (1 - share) * it[other] for it in (pixels, label)]


def smoothed(samples: list) -> list[torch.Tensor]:
    """Labels drawn from 0 and 1 towards one half (Szegedy 2016, arXiv 1512.00567)."""
    pixels, label = default_collate(samples)
    return [pixels, label * (1 - SMOOTHING) + SMOOTHING / 2]


@dataclass(frozen=True)
class Variant:
    """One change of the recipe. network: builds it. evened: whether the classes' proportions are. augment: of
    `augmentation`. collate: what makes a batch."""

    network: Callable[[], nn.Module] = all_standardised_alike
    evened: bool = False
    augment: dict = field(default_factory=dict)
    collate: Callable = default_collate


VARIANTS: dict[str, Variant] = {
    "none: where the search began": Variant(),
    "intensities normalised per picture": Variant(network=BaseCNN),
    "crops down to 8 % of the area instead of 20 %": Variant(augment={"area": (0.08, 1.0)}),
    "proportions evened between the classes": Variant(evened=True),
    "sharpness and compression kept": Variant(augment={"sharpness": False}),
    "mixup": Variant(collate=mixup),
    "label smoothing": Variant(collate=smoothed),
    "dropout .5 instead of .3": Variant(network=partial(all_standardised_alike, dropout=0.5)),
}


def train(variant: Variant, args: argparse.Namespace, training: Pictures, validation: dict[str, Pictures]) -> dict:
    """One row's measures: AUC and log loss of the averaged weights after the last epoch, and core hours."""
    recipe = RECIPES["base_cnn"]
    started = engine.cpu_seconds()
    fabric = Fabric(devices=1, precision=fast_precision())
    torch.manual_seed(args.seed)
    traces = stress.traces(training) if variant.evened else None
    loader = DataLoader(
        engine.Augmented(training, augmentation(args.size, traces=traces, noise=NOISY, **variant.augment)),
        batch_size=recipe.batch_size,
        shuffle=True,
        drop_last=True,
        num_workers=args.workers,
        collate_fn=variant.collate,
    )
    loader = fabric.setup_dataloaders(loader)
    run = engine.Training(
        fabric,
        variant.network().to(memory_format=torch.channels_last),
        identity={},
        epochs=args.epochs,
        steps=len(loader),
        learning_rate=recipe.learning_rate,
        decay=recipe.weight_decay,
    )
    for _ in range(args.epochs):
        run.train_one_epoch(loader, None)
    row = {}
    for name, judged in validation.items():
        row |= engine.evaluate(run.average.module, judged, name, fabric)
    return row | {"core_hours": (engine.cpu_seconds() - started) / 3600}


def main() -> None:
    args = get_parser().parse_args()
    rows = pd.read_csv(args.table).to_dict("records") if args.table.exists() else []
    try:
        training = pictures.load(args.data, args.splits, "train", limit=args.limit)
        validation = stress.validation(args.data, args.splits, limit=args.limit)
    except Refusal as refusal:
        get_parser().exit(2, f"{refusal}\n")
    data_sha256 = fingerprint(args.splits, args.limit)
    how = {"epochs": args.epochs, "size": args.size, "seed": args.seed, "data_sha256": data_sha256}
    rows = [row for row in rows if how.items() <= row.items()]  # a table holds one protocol, on the same pictures
    done = {row["change"] for row in rows}
    for change in [name for name in VARIANTS if name not in done]:
        rows.append({"change": change, **how, **train(VARIANTS[change], args, training, validation)})
        table = pd.DataFrame(rows).set_index("change").reindex([name for name in VARIANTS if name in done | {change}])
        done.add(change)
        table.to_csv(args.table, float_format="%.6g")
        print(table.to_string())


def get_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="Kaggle's chest_xray folder")
    parser.add_argument("--splits", type=Path, default=SPLITS, help="table written by train.splits")
    parser.add_argument("--table", type=Path, default=TABLE, help="table to write")
    parser.add_argument("--epochs", type=int, default=6)
    parser.add_argument("--size", type=int, default=112, help="side of the augmented pictures, pixels")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--limit", type=int, help="pictures of each split, for trying the command")
    parser.add_argument("--workers", type=int, default=1, help="processes that augment pictures")
    return parser


if __name__ == "__main__":
    main()
