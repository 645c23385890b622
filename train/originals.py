"""How far the answers move between an original picture and its 224-pixel copy: assets/results/originals.csv.

python -m train.originals --data chest_xray --originals full_resolution
"""

import argparse
from pathlib import Path

import pandas as pd

from cxr_models import imaging, inference, zoo
from cxr_models.errors import Refusal
from cxr_models.paths import RESULTS
from train import kermany

TABLE = RESULTS / "originals.csv"


def compare(originals: Path, copies: Path) -> pd.DataFrame:
    """A row an original that has a copy of the same name: file, width, height, and per model `NAME_original` and
    `NAME_copy`, its logits."""
    twins = kermany.paths(copies)
    rows = []
    for path in sorted(originals.rglob("*")):
        if path.name not in twins:
            continue
        original, copy = (imaging.decode(file.read_bytes()) for file in (path, twins[path.name]))
        row = {"file": path.name, "width": original.width, "height": original.height}
        for name in zoo.SPECS:
            for kind, picture in (("original", original), ("copy", copy)):
                row[f"{name}_{kind}"] = round(inference.read(imaging.pixels(picture), name).logit, 6)
        rows.append(row)
    return pd.DataFrame(rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="Kaggle's chest_xray folder, the copies")
    parser.add_argument("--originals", type=Path, required=True, help="folder of originals with the same file names")
    args = parser.parse_args()
    try:
        table = compare(args.originals, args.data)
    except Refusal as refusal:
        parser.exit(2, f"{refusal}\n")
    table.to_csv(TABLE, index=False)
    print(f"wrote {len(table)} rows")


if __name__ == "__main__":
    main()
