"""What trimming dark borders does to the answers on validation pictures: assets/results/borders.csv.

python -m train.borders --data chest_xray
"""

import argparse
from dataclasses import replace
from pathlib import Path

import pandas as pd
import torch

from cxr_models import imaging, zoo
from cxr_models.errors import Refusal
from cxr_models.paths import RESULTS
from train import engine, kermany
from train.splits import SPLITS

TABLE = RESULTS / "borders.csv"
DECIMALS = 6


def compare(data: Path, splits: Path) -> pd.DataFrame:
    """A row a validation picture: file, label, `trimmed` (share of its area that is dark border), and per model
    `NAME_trimmed` and `NAME_whole`, its logits with and without the rule."""
    rows = pd.read_csv(splits, keep_default_na=False).query("split == 'val'")
    paths = kermany.paths(data)
    pictures = [imaging.decode(paths[file].read_bytes()) for file in rows["file"]]
    kept = [(p.box[2] - p.box[0]) * (p.box[3] - p.box[1]) / p.grey.size for p in pictures]
    table = rows[["file", "label"]].assign(trimmed=[round(1 - share, DECIMALS) for share in kept])
    whole = [replace(p, box=(0, 0, p.width, p.height)) for p in pictures]
    for name in zoo.SPECS:
        network = zoo.load(name)
        for kind, seen in (("trimmed", pictures), ("whole", whole)):
            pixels = torch.stack([torch.from_numpy(imaging.pixels(picture))[None] for picture in seen])
            table[f"{name}_{kind}"] = engine.logits(network, pixels).round(DECIMALS)
    return table


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="Kaggle's chest_xray folder")
    parser.add_argument("--splits", type=Path, default=SPLITS, help="table written by train.splits")
    args = parser.parse_args()
    try:
        table = compare(args.data, args.splits)
    except Refusal as refusal:
        parser.exit(2, f"{refusal}\n")
    table.to_csv(TABLE, index=False)
    print(f"wrote {len(table)} rows")


if __name__ == "__main__":
    main()
