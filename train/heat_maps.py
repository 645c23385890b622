"""Which heat map shows what a network's score depends on: assets/results/heatmaps.csv.

    python -m train.heat_maps --data chest_xray --choose
    python -m train.heat_maps --data chest_xray

With --choose: every map of `CANDIDATES` on validation images, an equal number of each class and one a patient, by the
removal check of `train.removal`; prints the choice, to be written into `cxr_models/zoo.py`. Without: the maps that the
zoo names, on the test images, added to the table. The mean normal X-ray is that of the validation set. While choosing,
the masked copies are read in bfloat16, which moves a logit by about .01.
"""

import argparse
import time
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path

import numpy as np
import pandas as pd
import torch
from tqdm import tqdm

from cxr_models import inference, zoo
from cxr_models.errors import Refusal
from cxr_models.evaluation import heat_maps
from cxr_models.evaluation.heat_maps import COLUMNS, GAINS, MAP, TABLE
from train import engine, pictures, removal, score, thorax
from train.pictures import Pictures

SAMPLE = 150
SEED = 0
DECIMALS = 4
ENOUGH_INSIDE = 0.7

METHODS = ("GradCAM", "HiResCAM", "LayerCAM")
# Layers from early to late, from 56 × 56 pixels down: a finer map is specks, not regions, to the eye. ResNet-50 reads
# slowly, so it gets fewer maps; at its last block HiResCAM is Grad-CAM, because only a mean over the image follows.
CANDIDATES: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "base_cnn": {layer: METHODS for layer in ("stage2.2", "stage3.1", "stage4.2", "stage5.1")},
    "teacher": {layer: METHODS for layer in ("pool4", "conv2", "conv3")},
    "student": {layer: METHODS for layer in ("pool", "conv2")},
    "resnet50": {
        "backbone.layer2.3": ("LayerCAM",),
        "backbone.layer3.5": ("HiResCAM", "LayerCAM"),
        "backbone.layer4.2": ("GradCAM", "LayerCAM"),
    },
}


def sampled(part: Pictures, count: int | None) -> Pictures:
    """At most ``count`` images of a split, half of each class and one a patient, the same every time; all without."""
    if count is None:
        return part
    drawn = part.rows.sample(frac=1, random_state=SEED).drop_duplicates(["patient", "label"])
    kept = sorted(drawn.groupby("label").head(count // 2).index)
    return Pictures(part.rows.iloc[kept].reset_index(drop=True), part.pixels[kept])


def table_of(
    part: Pictures, name: str, maps: Mapping[str, tuple[str, ...]], normal: np.ndarray, *, quick: bool
) -> pd.DataFrame:
    """A row an image and map of one network: `COLUMNS`. maps: layer -> methods; quick: copies in bfloat16."""
    rows = [
        (row.file, row.split, row.label, row.patient, name, *measured)
        for row, pixels in zip(tqdm(list(part.rows.itertuples()), desc=name), part.pixels.numpy()[:, 0], strict=True)
        for measured in checked(pixels, name, maps, normal, removal.seed_of(row.file), quick=quick)
    ]
    return pd.DataFrame(rows, columns=COLUMNS).round(DECIMALS)


def checked(
    pixels: np.ndarray, name: str, maps: Mapping[str, tuple[str, ...]], normal: np.ndarray, seed: int, *, quick: bool
) -> Iterator[tuple]:
    """Of each map of one image: method, layer, side, inside and `GAINS`. pixels, normal: (224, 224)."""
    chest, filled = thorax.template(), removal.fills(pixels, normal)
    found, masked = [], []
    for layer, methods in maps.items():
        for method in methods:
            reading = inference.read(pixels, name, method=method, layer=layer)
            shape = removal.hottest(reading.heat_map)
            masked.append(removal.copies(pixels, filled, shape, removal.rival(shape, chest, seed)))
            found.append((method, layer, reading.side, removal.inside(reading.heat_map, chest)))
    copies = torch.from_numpy(np.stack(masked)).reshape(-1, 1, *pixels.shape)
    with torch.autocast("cpu", torch.bfloat16, enabled=quick):
        logits = engine.logits(reader(name), copies)
    for measures, of_map in zip(found, logits.reshape(len(found), len(GAINS), 2), strict=True):
        yield *measures, *removal.gains(of_map)


@lru_cache(maxsize=1)
def reader(name: str) -> torch.nn.Module:
    """The network for the masked copies, its weights in the order that a CPU reads fastest; not the one in `inference`,
    whose maps stay as they are on screen."""
    return zoo.load(name).to(memory_format=torch.channels_last)


def judged(table: pd.DataFrame) -> pd.DataFrame:
    """A row a map of the validation rows, in their order: the means of `side`, `inside` and `GAINS`, the standard
    errors of the gains (`_se`), and `worst`: the smallest gain, in its standard errors, of any fill in either class."""
    rows = table[table["split"] == "val"]
    maps, by_class = (rows.groupby(by, sort=False) for by in (list(MAP), [*MAP, "label"]))
    mean, error = maps[["side", "inside", *GAINS]].mean(), maps[list(GAINS)].sem().add_suffix("_se")
    gains = by_class[list(GAINS)]
    standardised = (gains.mean() / gains.sem()).min(axis=1)
    return mean.join(error).assign(worst=standardised.groupby(level=list(MAP)).min())


def choice(maps: pd.DataFrame, layers: list[str]) -> tuple[str, str]:
    """Method and layer for one network. maps: of `judged`, one network's; layers: its layers from early to late.

    Of the maps with at least `ENOUGH_INSIDE` of their positive evidence inside the chest (of all, where none has), the
    one with the best `worst`; of those at most one standard error behind it the latest layer, which costs least, and
    there the best.
    """
    enough = maps[maps["inside"] >= ENOUGH_INSIDE]
    compared = (maps if enough.empty else enough).reset_index()
    equal = compared[compared["worst"] >= compared["worst"].max() - 1]
    depth = equal["layer"].map(layers.index)
    best = equal[depth == depth.max()].sort_values("worst").iloc[-1]
    return best["method"], best["layer"]


def report(table: pd.DataFrame, names: list[str]) -> None:
    """Print the maps of each network, and which one is chosen."""
    maps = judged(table)
    shown = pd.DataFrame(
        {gain: [f"{mean:.2f} ± {error:.2f}" for mean, error in zip(maps[gain], maps[f"{gain}_se"], strict=True)]
         for gain in GAINS},
        index=maps.index,
    )  # fmt: skip
    print(shown.join(maps[["side", "inside", "worst"]].round(2)).to_string())
    for name in names:
        method, layer = choice(maps.loc[name], list(CANDIDATES[name]))
        spec = zoo.spec(name)
        same = (method, layer) == (spec.heat_map_method, spec.heat_map_layer)
        print(f"{name}: {method} at {layer}" + ("" if same else ". The zoo names another map: change it there."))


def choose(args: argparse.Namespace, part: Pictures, normal: np.ndarray) -> None:
    """Check every candidate of the networks asked for; their former rows go, other networks' stay."""
    path = args.results / TABLE.name
    parts = [old[~old["model"].isin(args.models)]] if (old := former(path)) is not None else []
    for name in args.models:
        started = time.perf_counter()
        parts.append(table_of(part, name, CANDIDATES[name], normal, quick=True))
        pd.concat(parts).to_csv(path, index=False)
        print(f"{name}: {len(part.rows)} images in {time.perf_counter() - started:.0f} s", flush=True)
    report(heat_maps.load(path), args.models)


def measure(args: argparse.Namespace, part: Pictures, normal: np.ndarray) -> None:
    """Check the zoo's maps on the test images, and log that these were looked at."""
    path = args.results / TABLE.name
    old = former(path)
    tables = [] if old is None else [old[~((old["split"] == "test") & old["model"].isin(args.models))]]
    for name in args.models:
        spec = zoo.spec(name)
        tables.append(table_of(part, name, {spec.heat_map_layer: (spec.heat_map_method,)}, normal, quick=False))
    score.log_scoring(args.results / score.LOG, {name: zoo.spec(name).checkpoint for name in args.models})
    pd.concat(tables).to_csv(path, index=False)


def former(path: Path) -> pd.DataFrame | None:
    """The rows of the table as it is, or None where there is none of these columns."""
    if not path.exists():
        return None
    table = pd.read_csv(path, keep_default_na=False, dtype=str)
    return table if tuple(table.columns) == COLUMNS else None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    score.add_arguments(parser)
    parser.add_argument("--choose", action="store_true", help="compare maps on validation images")
    parser.add_argument("--models", nargs="+", choices=tuple(zoo.SPECS), default=tuple(zoo.SPECS), help="networks")
    parser.add_argument("--sample", type=int, help=f"images; without, {SAMPLE} validation images or all test images")
    args = parser.parse_args()
    try:
        validation = pictures.load(args.data, args.splits, "val", limit=args.limit)
        normal = validation.pixels[validation.labels == 0].mean(dim=0)[0].numpy()
        args.results.mkdir(parents=True, exist_ok=True)
        if args.choose:
            choose(args, sampled(validation, args.sample or SAMPLE), normal)
        else:
            test = pictures.load(args.data, args.splits, "test", limit=args.limit)
            measure(args, sampled(test, args.sample), normal)
    except Refusal as refusal:
        parser.exit(2, f"{refusal}\n")


if __name__ == "__main__":
    main()
