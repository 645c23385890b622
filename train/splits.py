"""Cuts validation from the training pictures, by patient, and writes assets/results/splits.csv.

python -m train.splits --data chest_xray
"""

import argparse
import hashlib
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from sklearn.model_selection import StratifiedGroupKFold

from cxr_models.errors import DatasetRefused
from cxr_models.paths import RESULTS, SAMPLES
from train import kermany

SPLITS = RESULTS / "splits.csv"
COLUMNS = ["file", "split", "patient", "label", "subtype", "sha256"]
FOLDS = 8  # one fold of eight, 12.5 %, is validation


def fingerprint(path: Path, limit: int | None = None) -> str:
    """SHA-256, in hexadecimal, of the table of splits, which holds each picture's hash; with a limit, as of the fewer
    pictures that it leaves, another one."""
    return hashlib.sha256(path.read_bytes() + (f"limit {limit}".encode() if limit else b"")).hexdigest()


def cut(rows: pd.DataFrame, *, samples: set[str], seed: int = 0) -> pd.DataFrame:
    """The table of `kermany.read` -> a table with `COLUMNS`; split is train, val or test.

    Kaggle's own val pictures join train before the cut. All pictures of one patient number, and all pictures with the
    same pixels, fall on one side; both subtypes and normals keep their shares. The patients in `samples` are
    validation, so that what the app shows as a sample was never trained on.
    """
    rows = rows.copy()
    pool = rows["folder"] != "test"
    group = together(rows.loc[pool, "patient"], rows.loc[pool, "sha256_pixels"])
    folds = StratifiedGroupKFold(FOLDS, shuffle=True, random_state=seed)
    _, held_out = next(folds.split(group, rows.loc[pool, "subtype"], group))
    sampled = group[rows.loc[pool, "patient"].isin(samples)]
    validation = np.isin(group, np.union1d(group[held_out], sampled))
    rows["split"] = "test"
    rows.loc[pool, "split"] = np.where(validation, "val", "train")
    return rows[COLUMNS].sort_values(["split", "file"], ignore_index=True)


def together(*keys: pd.Series) -> np.ndarray:
    """Group number (n,) for each picture: pictures that share any of the keys, directly or through others, share it."""
    n = len(keys[0])
    links = [(np.arange(n), n + i * n + pd.factorize(key)[0]) for i, key in enumerate(keys)]
    row, column = np.concatenate(links, axis=1)
    size = n * (1 + len(keys))
    _, component = connected_components(coo_array((np.ones(len(row)), (row, column)), (size, size)), directed=False)
    return component[:n]


def sample_patients(folder: Path = SAMPLES) -> set[str]:
    """Patients of the shipped sample pictures."""
    labels = kermany.CLASSES
    return {
        kermany.identity(path.name, labels["pneumonia" if path.name.startswith("person") else "normal"])[0]
        for path in folder.glob("*.jpeg")
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="Kaggle's chest_xray folder")
    parser.add_argument("--splits", type=Path, default=SPLITS, help="table to write")
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    try:
        folder = kermany.read(args.data)
    except DatasetRefused as refusal:
        parser.exit(2, f"{refusal}\n")
    table = cut(folder.rows, samples=sample_patients(), seed=args.seed)
    args.splits.parent.mkdir(parents=True, exist_ok=True)
    table.to_csv(args.splits, index=False)
    print("\n".join(folder.notes))
    print(table.groupby(["split", "subtype"]).size().unstack(fill_value=0).to_string())


if __name__ == "__main__":
    main()
