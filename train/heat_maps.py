"""What the heat maps are worth, on validation and test pictures: assets/results/heatmaps.csv.

    python -m train.heat_maps --data chest_xray

Two checks of every map. Where it lies: the share of its positive evidence inside the chest template. Whether the model
used what it points at: how far the logit falls when the hottest tenth of the picture is blurred, against a tenth of the
same shape at a random place (a deletion check: Petsiuk 2018, arXiv 1806.07421). A seeded sample of each split, for
time.
"""

import argparse
import hashlib

import numpy as np
import pandas as pd
import torch
from scipy.ndimage import gaussian_filter

from cxr_models import inference, zoo
from cxr_models.errors import Refusal
from cxr_models.evaluation.heat_maps import COLUMNS, TABLE
from train import engine, pictures, score, thorax
from train.pictures import Pictures

SPLITS = ("val", "test")
SAMPLE = 150
SEED = 0
SHARE = 0.1
BLUR_PIXELS = 10.0
DECIMALS = 6


def sampled(rows: pd.DataFrame, count: int) -> list[int]:
    """Positions of at most ``count`` rows, both classes in their proportion, the same every time."""
    kept = min(count / len(rows), 1.0)
    return sorted(rows.groupby("label").sample(frac=kept, random_state=SEED).index)


def table_of(part: Pictures) -> pd.DataFrame:
    """A row a picture and model: `COLUMNS`."""
    template = thorax.template()
    found = []
    for row, pixels in zip(part.rows.itertuples(), part.pixels.numpy()[:, 0], strict=True):
        for name in zoo.SPECS:
            measures = checked(pixels, name, template, seed_of(row.file))
            found.append((row.file, row.split, row.label, row.patient, name, *measures))
    return pd.DataFrame(found, columns=COLUMNS)


def checked(pixels: np.ndarray, name: str, template: np.ndarray, seed: int) -> tuple[float, float, float]:
    """Of one map: share of positive evidence inside the template (NaN without any), fall of the logit when the hottest
    tenth is blurred, fall when a random tenth is. pixels, template: (224, 224)."""
    reading = inference.read(pixels, name)
    evidence = np.clip(reading.heat_map, 0, None)
    inside = evidence[template].sum() / evidence.sum() if evidence.any() else np.nan
    hottest = tenth(reading.heat_map)
    without = np.stack([blurred(pixels, where) for where in (hottest, moved(hottest, seed))])
    left = engine.logits(inference.loaded(name), torch.from_numpy(without)[:, None])
    return tuple(round(float(value), DECIMALS) for value in (inside, *(reading.logit - left)))


def tenth(heat_map: np.ndarray) -> np.ndarray:
    """The hottest tenth of the pixels, (h, w) bool; of equal ones the first."""
    order = np.argsort(-heat_map, axis=None, kind="stable")
    chosen = np.zeros(heat_map.size, dtype=bool)
    chosen[order[: round(SHARE * heat_map.size)]] = True
    return chosen.reshape(heat_map.shape)


def moved(where: np.ndarray, seed: int) -> np.ndarray:
    """The same shape at a random place; what leaves at one edge comes in at the other."""
    return np.roll(where, np.random.default_rng(seed).integers(0, where.shape), axis=(0, 1))


def blurred(pixels: np.ndarray, where: np.ndarray) -> np.ndarray:
    """The picture with those pixels from a blurred copy."""
    return np.where(where, gaussian_filter(pixels, BLUR_PIXELS), pixels).astype(np.float32)


def seed_of(file: str) -> int:
    """A seed by file name."""
    return int.from_bytes(hashlib.sha256(file.encode()).digest()[:4])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    score.add_arguments(parser)
    parser.add_argument("--sample", type=int, default=SAMPLE, help="pictures of each split")
    args = parser.parse_args()
    try:
        tables = []
        for split in SPLITS:
            part = pictures.load(args.data, args.splits, split, limit=args.limit)
            kept = sampled(part.rows, args.sample)
            part = Pictures(part.rows.iloc[kept].reset_index(drop=True), part.pixels[kept])
            tables.append(table_of(part))
            print(f"{split}: {len(kept)} pictures", flush=True)
    except Refusal as refusal:
        parser.exit(2, f"{refusal}\n")
    table = pd.concat(tables)
    args.results.mkdir(parents=True, exist_ok=True)
    table.to_csv(args.results / TABLE.name, index=False)
    score.log_scoring(args.results / score.LOG, {name: spec.checkpoint for name, spec in zoo.SPECS.items()})
    print(f"wrote {len(table)} rows to {TABLE.name}")


if __name__ == "__main__":
    main()
