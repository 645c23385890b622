"""What besides the disease could tell the classes apart, and does it move the networks? assets/results/properties.csv.

    python -m train.properties --data chest_xray

For each global property of an image: how well a small model tells the classes from it alone (logistic regression,
fitted on training images), and by how much the AUC of each network changes when each image takes that property from a
random image of the other class. All of it on validation images; no test image is read. The networks run in bfloat16.
A network of more than `LARGE` parameters reads a part of the images only, equally many of each class.
"""

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd
import torch
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from torch import nn

from cxr_models import checkpoints, zoo
from cxr_models.errors import Refusal
from cxr_models.evaluation import curves, intervals, properties
from train import engine, framing, marks, pictures, score, shortcut, styles, swaps
from train.pictures import Pictures

FITTED_ON = 2000  # training images, drawn by `SEED`
LARGE = 10_000_000
OF_LARGE = 100  # images of each class
SEED = 0

Numbers = Callable[[torch.Tensor], np.ndarray]
Swap = Callable[[torch.Tensor, torch.Tensor], torch.Tensor]


@dataclass(frozen=True)
class Property:
    """numbers: picture (1, 224, 224) -> the property as a vector. swap: picture, donor -> picture with the donor's."""

    numbers: Numbers
    swap: Swap


def every(typical: np.ndarray) -> dict[str, Property]:
    """The properties looked at, by the keys of `properties.TITLES`. typical: (224, 224), the mean training image."""
    return {
        "histogram": Property(lambda it: np.sqrt(shortcut.histogram(it[0].numpy())), swaps.histogram),
        "spectrum": Property(lambda it: styles.spectrum(it[0].numpy()), swaps.spectrum),
        "jpeg_grid": Property(lambda it: np.concatenate(framing.grid(it[0].numpy())), swaps.jpeg_grid),
        "borders": Property(lambda it: styles.borders(it[0].numpy()), swaps.borders),
        "marks": Property(lambda it: styles.marked(marks.find(it)), swaps.marked),
        "field_of_view": Property(
            lambda it: np.append(framing.body(it[0].numpy()), framing.size(it[0].numpy(), typical)),
            partial(swaps.field_of_view, typical=typical),
        ),
        "rotation": Property(lambda it: _turn(it[0].numpy()), swaps.rotation),
    }


def table_of(training: Pictures, validation: Pictures, networks: dict[str, nn.Module], large: set[str]) -> pd.DataFrame:
    """The columns of `properties.load`, a row a property and network. large: networks that read a part only."""
    part = balanced(validation, OF_LARGE)
    read_by = {name: part if name in large else validation for name in networks}
    plain = {name: logits(network, read_by[name].pixels) for name, network in networks.items()}
    donors = swaps.other_class(validation, validation)
    rows = []
    for key, it in every(training.pixels.mean(dim=0)[0].numpy()).items():
        alone = told_apart(it.numbers, training, validation)
        changed = torch.stack([it.swap(*pair) for pair in zip(validation.pixels, donors, strict=True)])
        for name, network in networks.items():
            seen = read_by[name].rows
            swapped = logits(network, changed[seen.index.tolist()])
            moved = properties.change(seen["label"], seen["patient"], plain[name], swapped)
            aucs = [curves.roc(seen["label"], logit).auc for logit in (plain[name], swapped)]
            numbers = (len(seen), alone.value, alone.low, alone.high, *aucs, moved.value, moved.low, moved.high)
            rows.append({"property": key, "network": name, **dict(zip(properties.NUMBERS, numbers, strict=True))})
    table = pd.DataFrame(rows)
    return table.assign(flagged=properties.flagged(table)).round(score.DECIMALS)


def told_apart(numbers: Numbers, training: Pictures, validation: Pictures) -> intervals.Interval:
    """AUC on validation of a logistic regression that sees these numbers alone."""
    train_on, judged = (np.stack([numbers(it) for it in part.pixels]) for part in (training, validation))
    model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000, class_weight="balanced"))
    model.fit(train_on, training.rows["label"])
    return intervals.auc(validation.rows["label"], model.decision_function(judged), validation.rows["patient"])


def balanced(part: Pictures, per_class: int) -> Pictures:
    """Equally many images of each class, drawn by `SEED`; the rows keep their index."""
    fewest = part.rows["label"].value_counts().min()
    chosen = part.rows.groupby("label").sample(min(per_class, fewest), random_state=SEED).sort_index()
    return Pictures(chosen, part.pixels[chosen.index.tolist()])


def logits(network: nn.Module, pixels: torch.Tensor) -> np.ndarray:
    with torch.autocast("cpu", torch.bfloat16):
        return engine.logits(network, pixels)


def _turn(grey: np.ndarray) -> np.ndarray:
    symmetry = framing.symmetry(grey)
    angle = framing.angle(grey)
    return np.array([angle, abs(angle), max(symmetry), symmetry[len(symmetry) // 2]])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    score.add_arguments(parser)
    args = parser.parse_args()
    try:
        training = pictures.load(args.data, args.splits, "train", limit=args.limit)
        validation = pictures.load(args.data, args.splits, "val", limit=args.limit)
        networks = {name: zoo.load(name) for name in zoo.SPECS}
    except Refusal as refusal:
        parser.exit(2, f"{refusal}\n")
    drawn = training.rows.sample(min(FITTED_ON, len(training.rows)), random_state=SEED).sort_index()
    fitted_on = Pictures(drawn, training.pixels[drawn.index.tolist()])
    large = {name for name, spec in zoo.SPECS.items() if checkpoints.parameters(spec.checkpoint) > LARGE}
    table = table_of(fitted_on, validation, networks, large)
    table.to_csv(args.results / "properties.csv", index=False)
    print(table.to_string(index=False))


if __name__ == "__main__":
    main()
