"""Other hospital, adults, text-mined labels: the shipped networks on NIH pictures, assets/results/external.csv.

python -m train.nih --data nih_adult

The folder holds manifest.csv (label, path, patient, age, sex, view) and the pictures it names. For the external check
only: nothing is trained, tuned or chosen on it.
"""

import argparse
from pathlib import Path

import numpy as np
import pandas as pd
import torch

from cxr_models import imaging, zoo
from cxr_models.errors import DatasetRefused, PictureRefused, Refusal
from cxr_models.paths import RESULTS
from train import engine
from train.pictures import Pictures

TABLE = RESULTS / "external.csv"
NEEDED = ["label", "file", "path", "patient", "age", "sex", "view"]
LABELS = {"NORMAL": 0, "PNEUMONIA": 1}
DECIMALS = 6


def read(data: Path) -> Pictures:
    """The pictures of the manifest; rows hold file, split ('external'), label, subtype, patient, age, sex, view.

    Raises DatasetRefused when the manifest lacks a column, names another label, or names a picture that cannot be read.
    """
    manifest = data / "manifest.csv"
    if not manifest.is_file():
        raise DatasetRefused(f"There is no manifest.csv in {data}; it must name each picture with label, age and view.")
    table = pd.read_csv(manifest, dtype=str, keep_default_na=False)
    if missing := [column for column in NEEDED if column not in table]:
        raise DatasetRefused(f"manifest.csv lacks {', '.join(missing)}.")
    if strangers := sorted(set(table["label"]) - set(LABELS)):
        raise DatasetRefused(f"manifest.csv holds the labels {', '.join(strangers)}; known are {', '.join(LABELS)}.")
    label = table["label"].map(LABELS)
    rows = table[["file", "patient", "age", "sex", "view"]].assign(
        split="external", label=label, subtype=np.where(label == 1, "unknown", "normal")
    )
    pixels = [_pixels(data / path) for path in table["path"]]
    return Pictures(rows, torch.from_numpy(np.stack(pixels)[:, None]))


def scored(pictures: Pictures) -> pd.DataFrame:
    """The rows in the order of the other score tables, with each shipped network's logits."""
    table = pictures.rows[["file", "split", "label", "subtype", "patient", "age", "sex", "view"]].copy()
    for name in zoo.SPECS:
        table[name] = engine.logits(zoo.load(name), pictures.pixels).round(DECIMALS)
    return table


def _pixels(path: Path) -> np.ndarray:
    try:
        return imaging.pixels(imaging.decode(path.read_bytes()))
    except (OSError, PictureRefused) as error:
        raise DatasetRefused(f"The picture {path.name} that manifest.csv names cannot be read.") from error


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder with manifest.csv")
    try:
        table = scored(read(parser.parse_args().data))
    except Refusal as refusal:
        parser.exit(2, f"{refusal}\n")
    table.to_csv(TABLE, index=False)
    print(f"wrote {len(table)} rows")


if __name__ == "__main__":
    main()
