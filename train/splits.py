"""Cuts validation from the training images, by patient, and writes assets/results/splits.csv.

    python -m train.splits --data chest_xray
    python -m train.splits --data own_folder --patients "^(p[0-9]+)_"     # or folder:1, or none

The last two are for names that are not those of the published set: the rule says which images are of one patient.
"""

import argparse
import hashlib
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from sklearn.model_selection import StratifiedGroupKFold

from cxr_models import patients
from cxr_models.errors import DatasetRefused
from cxr_models.paths import RESULTS, SAMPLES
from train import kermany

SPLITS = RESULTS / "splits.csv"
COLUMNS = ["file", "split", "patient", "label", "subtype", "sha256"]
FOLDS = 8  # one fold of eight, 12.5 %, is validation
MIN_PATIENTS = 20  # of each class; below, validation has one or two of them


def fingerprint(path: Path, limit: int | None = None) -> str:
    """SHA-256, in hexadecimal, of the table of splits, which holds each picture's hash; with a limit, as of the fewer
    pictures that it leaves, another one."""
    return hashlib.sha256(path.read_bytes() + (f"limit {limit}".encode() if limit else b"")).hexdigest()


def cut(rows: pd.DataFrame, *, samples: set[str], seed: int = 0) -> pd.DataFrame:
    """The table of `kermany.read` -> a table with `COLUMNS`; split is train, val or test.

    Kaggle's own val pictures join train before the cut. All pictures of one patient number, and all pictures with the
    same pixels, fall on one side; both subtypes and normals keep their shares. The patients in `samples` are
    validation, so that what the app shows as a sample was never trained on.

    Raises DatasetRefused where no cut leaves both classes on both sides.
    """
    rows = rows.copy()
    pool = rows["folder"] != "test"
    label = rows.loc[pool, "label"].to_numpy()
    group = together(rows.loc[pool, "patient"], rows.loc[pool, "sha256_pixels"])
    if min(len(np.unique(group[label == value])) for value in (0, 1)) < FOLDS:
        raise too_few(rows[pool])
    subtype = rows.loc[pool, "subtype"]
    strata = subtype if subtype.value_counts().min() >= FOLDS else label
    folds = StratifiedGroupKFold(FOLDS, shuffle=True, random_state=seed).split(group, strata, group)
    both = (held_out for others, held_out in folds if len({*label[held_out]}) == len({*label[others]}) == 2)
    held_out = next(both, None)
    if held_out is None:
        raise too_few(rows[pool])
    sampled = group[rows.loc[pool, "patient"].isin(samples)]
    validation = np.isin(group, np.union1d(group[held_out], sampled))
    rows["split"] = "test"
    rows.loc[pool, "split"] = np.where(validation, "val", "train")
    return rows[COLUMNS].sort_values(["split", "file"], ignore_index=True)


def too_few(rows: pd.DataFrame) -> DatasetRefused:
    """The refusal of a folder with too few patients. rows: those that training and validation are cut from."""
    count = rows.groupby("label")["patient"].nunique().reindex([1, 0], fill_value=0)
    return DatasetRefused(
        f"Training needs at least {MIN_PATIENTS} patients with pneumonia and {MIN_PATIENTS} without, besides those in "
        f"test; this folder has {count[1]} with and {count[0]} without. Add X-rays, or check the rule for patients "
        "(python -m train.splits --patients)."
    )


def check(path: Path) -> None:
    """Raises DatasetRefused for a table of splits on which no network can be trained and judged: it is missing, has
    fewer than `MIN_PATIENTS` of a class, or lacks a class in training or validation."""
    if not path.exists():
        raise DatasetRefused("There is no table of splits yet. Write it first: python -m train.splits --data FOLDER.")
    table = pd.read_csv(path, keep_default_na=False)
    pool = table[table["split"] != "test"]
    if (pool.groupby("label")["patient"].nunique().reindex([0, 1], fill_value=0) < MIN_PATIENTS).any():
        raise too_few(pool)
    for split, name in (("train", "training"), ("val", "validation")):
        if pool.loc[pool["split"] == split, "label"].nunique() < 2:
            raise DatasetRefused(
                f"All {name} images are of one class. Both classes are needed in training and in validation: add "
                "patients of the other class, or cut again with another --seed of train.splits."
            )


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
    names = [path.name for path in folder.glob("*.jpeg")]
    return set(patients.patients(names, patients.KERMANY))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    kermany.add_arguments(parser)
    parser.add_argument("--splits", type=Path, default=SPLITS, help="table to write")
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    try:
        folder = kermany.read_as_asked(args)
        table = cut(folder.rows, samples=sample_patients(), seed=args.seed)
    except DatasetRefused as refusal:
        parser.exit(2, f"{refusal}\n")
    args.splits.parent.mkdir(parents=True, exist_ok=True)
    table.to_csv(args.splits, index=False)
    print("\n".join(folder.notes))
    print(table.groupby(["split", "subtype"]).size().unstack(fill_value=0).to_string())
    try:
        check(args.splits)
    except DatasetRefused as refusal:
        print(f"Not yet enough to train on. {refusal}")


if __name__ == "__main__":
    main()
