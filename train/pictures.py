"""The pictures of one split in memory, each through the one preprocessing."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import torch

from cxr_models import imaging
from cxr_models.errors import DatasetRefused
from train import kermany


@dataclass(frozen=True)
class Pictures:
    """rows: a row a picture, columns of splits.csv. pixels: (n, 1, 224, 224) float32 in [0, 1], in the same order."""

    rows: pd.DataFrame
    pixels: torch.Tensor

    @property
    def labels(self) -> torch.Tensor:
        """(n,) float32, 1 = pneumonia."""
        return torch.tensor(self.rows["label"].to_numpy(), dtype=torch.float32)


def batch_size(wanted: int, training: Pictures, *, processes: int = 1) -> int:
    """The images of a batch: `wanted`, or all that a process has where there are fewer, which is printed."""
    held = len(training.rows) // processes
    if held < wanted:
        print(f"A batch holds {held} images instead of {wanted}: there are no more.")
    return min(wanted, held)


def load(data: Path, splits: Path, split: str, *, limit: int | None = None) -> Pictures:
    """Read one split; with `limit`, only as many pictures, spread over both classes (for trying a command).

    Raises DatasetRefused when a picture is missing or is another copy than the one the splits were cut from.
    """
    table = pd.read_csv(splits, keep_default_na=False)
    rows = table[table["split"] == split]
    if limit:
        rows = rows.groupby("label").head(limit // 2)
    return read(data, rows.reset_index(drop=True))


def read(data: Path, rows: pd.DataFrame) -> Pictures:
    """Read the images of these rows of splits.csv. Raises DatasetRefused as `load` does."""
    paths = kermany.paths(data)
    pixels = np.empty((len(rows), 1, imaging.SIDE, imaging.SIDE), dtype=np.float32)
    for index, (file, sha256) in enumerate(zip(rows["file"], rows["sha256"], strict=True)):
        if file not in paths:
            raise DatasetRefused(
                f"{file} is in the table of splits but not in {data}. Cut new splits: python -m train.splits."
            )
        content = paths[file].read_bytes()
        if hashlib.sha256(content).hexdigest() != sha256:
            raise DatasetRefused(
                f"{file} is another copy than the one in the table of splits. Cut new splits: python -m train.splits."
            )
        pixels[index, 0] = imaging.pixels(imaging.decode(content))
    return Pictures(rows, torch.from_numpy(pixels))
