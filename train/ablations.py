"""What each part of the custom CNN's recipe is worth on validation: assets/results/ablations.csv.

    python -m train.ablations --data chest_xray

The released recipe and others with one change each, shorter and on smaller images, so that all of them take less than
an hour; one seed. Differences of a few thousandths are noise. What is trained already stays in the table, so that the
command may be stopped and given again.
"""

import argparse
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pandas as pd
import torch
from lightning_fabric import Fabric
from torch import nn
from torch.utils.data import DataLoader, WeightedRandomSampler

from cxr_models.architectures.base_cnn import BaseCNN
from cxr_models.architectures.input import Standardise
from cxr_models.errors import Refusal
from cxr_models.paths import RESULTS
from train import augmentation, engine, pictures, splits, styles, subtype, validation
from train.fit import fast_precision
from train.pictures import Pictures
from train.recipes import RECIPES
from train.splits import SPLITS, fingerprint

TABLE = RESULTS / "ablations.csv"


def all_standardised_alike() -> nn.Module:
    """The custom CNN with every image's grey levels moved and scaled alike."""
    network = BaseCNN()
    network.standardise = Standardise()
    return network


@dataclass(frozen=True)
class Variant:
    """One change of the recipe. network: builds it. recipe: fields of `Recipe` that differ. weighted: whether images
    are drawn with `styles.weights`, which make the class independent of the style."""

    network: Callable[[], nn.Module] = BaseCNN
    recipe: dict = field(default_factory=dict)
    weighted: bool = False


VARIANTS: dict[str, Variant] = {
    "none: the released recipe": Variant(),
    "no histograms of other images": Variant(recipe={"toned": 0.0}),
    "no burned-in text": Variant(recipe={"written": 0.0}),
    "no white marks": Variant(recipe={"marks": 0.0}),
    "no noise": Variant(recipe={"noise": 0.0}),
    "no second output (bacterial or viral)": Variant(recipe={"subtype": False}),
    "proportions not evened between the classes": Variant(recipe={"evened": False}),
    "grey levels not normalised per image": Variant(network=all_standardised_alike),
    "weights that make class independent of style": Variant(weighted=True),
}


def train(variant: Variant, args: argparse.Namespace, training: Pictures, judged_on: dict[str, Pictures]) -> dict:
    """One row's measures: AUC and log loss of the averaged weights after the last epoch, and core hours."""
    recipe = replace(RECIPES["base_cnn"], size=args.size, **variant.recipe)
    started = engine.cpu_seconds()
    fabric = Fabric(devices=1, precision=fast_precision())
    torch.manual_seed(args.seed)
    weights = weights_of(training, args.styles) if variant.weighted else np.ones(len(training.rows))
    loader = DataLoader(
        engine.Augmented(
            training,
            augmentation.of_recipe(recipe, training),
            subtype.labels(training) if recipe.subtype else training.labels,
        ),
        batch_size=pictures.batch_size(recipe.batch_size, training),
        sampler=WeightedRandomSampler(weights, len(training.rows), replacement=variant.weighted),
        drop_last=True,
        num_workers=args.workers,
    )
    loader = fabric.setup_dataloaders(loader)
    network = variant.network().to(memory_format=torch.channels_last)
    if recipe.subtype:
        subtype.widen(network)
    run = engine.Training(
        fabric,
        network,
        identity={},
        epochs=args.epochs,
        steps=len(loader),
        learning_rate=recipe.learning_rate,
        decay=recipe.weight_decay,
    )
    for _ in range(args.epochs):
        run.train_one_epoch(loader, None)
    row = {}
    for name, judged in judged_on.items():
        row |= engine.evaluate(run.average.module, judged, name, fabric)
    return row | {"core_hours": (engine.cpu_seconds() - started) / 3600}


def weights_of(training: Pictures, table: Path) -> np.ndarray:
    """`styles.weights` of the training images, in their order."""
    rows = pd.read_csv(table, keep_default_na=False).query("split == 'train'")
    return (
        training.rows[["file"]].merge(rows.assign(weight=styles.weights(rows)), on="file")["weight"].to_numpy(copy=True)
    )


def main() -> None:
    args = get_parser().parse_args()
    rows = pd.read_csv(args.table).to_dict("records") if args.table.exists() else []
    try:
        splits.check(args.splits)
        training = pictures.load(args.data, args.splits, "train", limit=args.limit)
        judged_on = validation.load(args.data, args.splits, limit=args.limit)
    except Refusal as refusal:
        get_parser().exit(2, f"{refusal}\n")
    data_sha256 = fingerprint(args.splits, args.limit)
    how = {"epochs": args.epochs, "size": args.size, "seed": args.seed, "data_sha256": data_sha256}
    rows = [row for row in rows if how.items() <= row.items()]  # a table holds one protocol, on the same pictures
    done = {row["change"] for row in rows}
    for change in [name for name in VARIANTS if name not in done]:
        rows.append({"change": change, **how, **train(VARIANTS[change], args, training, judged_on)})
        table = pd.DataFrame(rows).set_index("change").reindex([name for name in VARIANTS if name in done | {change}])
        done.add(change)
        table.to_csv(args.table, float_format="%.6g")
        print(table.to_string())


def get_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="Kaggle's chest_xray folder")
    parser.add_argument("--splits", type=Path, default=SPLITS, help="table written by train.splits")
    parser.add_argument("--table", type=Path, default=TABLE, help="table to write")
    parser.add_argument("--styles", type=Path, default=RESULTS / "styles.csv", help="table of train.styles")
    parser.add_argument("--epochs", type=int, default=6)
    parser.add_argument("--size", type=int, default=112, help="side of the augmented pictures, pixels")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--limit", type=int, help="pictures of each split, for trying the command")
    parser.add_argument("--workers", type=int, default=1, help="processes that augment pictures")
    return parser


if __name__ == "__main__":
    main()
