"""Augmented views of the training pictures, drawn once and stored, and what each teacher answers to them.

Every network of one augmentation is trained on the same views; a teacher is asked once a view instead of once an epoch.
"""

import hashlib
from pathlib import Path

import numpy as np
import torch
from numpy.lib.format import open_memmap
from torch import nn
from torch.utils.data import DataLoader, Dataset
from tqdm import tqdm

from train import augmentation
from train.engine import Augmented
from train.pictures import Pictures
from train.recipes import Recipe

BATCH = 32
SEED = 0
SHARES = ("evened", "marks", "noise", "toned", "written")  # of the recipe: what the augmentation depends on


def drawn(pictures: Pictures, recipe: Recipe, *, views: int, folder: Path) -> np.memmap:
    """(views, n, 1, size, size) uint8: each picture `views` times through the recipe's augmentation. Kept in `folder`
    under a name that tells all it depends on, and read from there the next time."""
    names = hashlib.sha256("".join(pictures.rows["sha256"]).encode()).hexdigest()[:12]
    how = "_".join(f"{name}_{getattr(recipe, name)}" for name in ("size", *SHARES))
    path = folder / f"views_{views}_{how}_of_{names}.npy"
    if path.exists():
        return np.load(path, mmap_mode="r")
    folder.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial")
    shape = (views, len(pictures.rows), 1, recipe.size, recipe.size)
    stored = open_memmap(partial, mode="w+", dtype=np.uint8, shape=shape)
    loader = DataLoader(
        Augmented(pictures, augmentation.of_recipe(recipe, pictures)),
        batch_size=BATCH,
        num_workers=1,  # it draws from the generator's seed; another number of them would draw other views
        generator=torch.Generator().manual_seed(SEED),
    )
    for view in range(views):
        for number, (pixels, _) in enumerate(tqdm(loader, desc=f"view {view + 1}/{views}")):
            stored[view, number * BATCH : number * BATCH + len(pixels)] = (pixels * 255).round().numpy()
    stored.flush()
    partial.rename(path)
    return np.load(path, mmap_mode="r")


@torch.inference_mode()
def answers(network: nn.Module, views: np.ndarray, path: Path) -> np.ndarray:
    """(views, n) float32 logits of a network in evaluation mode. Kept in `path`, and read from there the next time."""
    if path.exists():
        return np.load(path)
    network = network.eval().to(memory_format=torch.channels_last)
    flat = views.reshape(-1, *views.shape[2:])
    starts = tqdm(range(0, len(flat), BATCH), desc=path.stem)
    logits = [network(as_pixels(flat[start : start + BATCH])).float().numpy() for start in starts]
    found = np.concatenate(logits).reshape(views.shape[:2])
    np.save(path, found)
    return found


def as_pixels(stored: np.ndarray) -> torch.Tensor:
    """uint8 -> float32 in [0, 1]."""
    return torch.from_numpy(np.array(stored)).float() / 255


class Views(Dataset):
    """Training pictures, each as one of its stored views drawn at random: (pixels (1, S, S), label, the teacher's
    logit). Without a teacher the third is missing."""

    def __init__(self, views: np.ndarray, labels: torch.Tensor, answers: np.ndarray | None = None):
        self.views, self.labels, self.answers = views, labels, answers

    def __len__(self) -> int:
        return len(self.labels)

    def __getitem__(self, index: int) -> tuple[torch.Tensor, ...]:
        view = int(torch.randint(len(self.views), ()))
        seen = as_pixels(self.views[view, index]), self.labels[index]
        return seen if self.answers is None else (*seen, torch.tensor(self.answers[view, index]))
