"""The training loop, on Lightning Fabric: one process or several, CPU or GPU, without a change."""

import math
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import torch
from lightning_fabric import Fabric
from sklearn.metrics import log_loss, roc_auc_score
from torch import nn
from torch.nn import functional as F
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn
from torch.utils.data import DataLoader, Dataset
from torchvision.transforms import v2
from tqdm import tqdm

from cxr_models.errors import CheckpointRefused, DatasetRefused
from cxr_models.evaluation.scores import score
from train import subtype
from train.losses import distillation
from train.pictures import Pictures

WARM_UP = 0.15  # share of all steps
AVERAGED_EPOCHS = 0.5  # memory of the weight average, in epochs
CLIP = 1.0
EVALUATION_BATCH = 32
EVALUATIONS = 12  # epochs of a training that are judged
VALIDATION = ("val", "stressed", "restyled")


@dataclass(frozen=True)
class Distillation:
    """temperature and alpha of `losses.distillation`; the loader brings the teacher's answers."""

    temperature: float
    alpha: float


class Augmented(Dataset):
    """Training pictures, each drawn anew through the augmentation: (pixels (1, S, S), label). labels: others than the
    pictures' own, (n, ...)."""

    def __init__(self, pictures: Pictures, augment: v2.Transform, labels: torch.Tensor | None = None):
        self.pictures, self.augment = pictures, augment
        self.labels = pictures.labels if labels is None else labels

    def __len__(self) -> int:
        return len(self.labels)

    def __getitem__(self, index: int) -> tuple[torch.Tensor, torch.Tensor]:
        return self.augment(self.pictures.pixels[index]), self.labels[index]


class Training:
    """All that changes while a network is trained, and is saved after each epoch: the network, its weight average, the
    optimiser, the schedule, the history, and the averaged weights of the best epoch so far."""

    def __init__(
        self,
        fabric: Fabric,
        network: nn.Module,
        *,
        identity: dict[str, str],
        epochs: int,
        steps: int,
        learning_rate: float,
        decay: float,
    ):
        """identity: what makes this run this one (recipe, data, seed); a state of another run is not gone on from."""
        self.fabric, self.identity, self.epochs, self.steps = fabric, identity, epochs, steps
        optimiser = torch.optim.AdamW(weight_decay_groups(network, decay), lr=learning_rate)
        self.network, self.optimiser = fabric.setup(network, optimiser)
        memory = 1 - 1 / max(1.0, AVERAGED_EPOCHS * steps)
        self.average = AveragedModel(network, multi_avg_fn=get_ema_multi_avg_fn(memory), use_buffers=True)
        self.schedule = torch.optim.lr_scheduler.OneCycleLR(
            self.optimiser, max_lr=learning_rate, total_steps=epochs * steps, pct_start=WARM_UP, cycle_momentum=False
        )
        self.history: list[dict] = []
        self.best: dict[str, torch.Tensor] = {}

    def state(self) -> dict:
        return {
            "network": self.network,
            "average": self.average,
            "optimiser": self.optimiser,
            "schedule": self.schedule.state_dict(),
            "history": self.history,
            "best": self.best,
            "identity": self.identity,
        }

    def save(self, path: Path) -> None:
        """Write the state beside its place, then move it there: a killed run leaves the former state whole."""
        partial = path.with_suffix(".partial")
        self.fabric.save(partial, self.state())
        if self.fabric.is_global_zero:
            os.replace(partial, path)
        self.fabric.barrier()

    def resume(self, path: Path) -> None:
        """Go on from a saved state. Raises CheckpointRefused when it is another run's."""
        loaded = self.fabric.load(
            path, {"network": self.network, "average": self.average, "optimiser": self.optimiser}, strict=False
        )
        if loaded.get("identity") != self.identity:
            raise CheckpointRefused(
                f"The saved state {path.name} belongs to another recipe, other data or another teacher. Delete it to "
                "begin anew."
            )
        self.schedule.load_state_dict(loaded["schedule"])
        self.history, self.best = loaded["history"], loaded["best"]

    def train_one_epoch(self, loader: DataLoader, teaching: Distillation | None) -> float:
        """One pass; returns the mean loss. Randomness depends on seed and epoch only (see `run`)."""
        self.network.train()
        total = 0.0
        bar = tqdm(loader, desc=f"epoch {len(self.history) + 1}/{self.epochs}", disable=not self.fabric.is_global_zero)
        for pixels, label, *answer in bar:
            loss = loss_of(self.network(pixels), label, *answer, teaching=teaching)
            self.optimiser.zero_grad()
            self.fabric.backward(loss)
            self.fabric.clip_gradients(self.network, self.optimiser, max_norm=CLIP)
            self.optimiser.step()
            self.schedule.step()
            self.average.update_parameters(self.network.module)
            total += float(loss.detach())
            bar.set_postfix(loss=f"{loss.item():.3f}")
        return float(self.fabric.all_reduce(torch.tensor(total / self.steps), reduce_op="mean"))


def loss_of(
    logit: torch.Tensor,
    label: torch.Tensor,
    answer: torch.Tensor | None = None,
    *,
    teaching: Distillation | None,
) -> torch.Tensor:
    """Cross-entropy with the label, or the distillation loss with the teacher's answer to the same pictures. With the
    labels of `subtype.labels`, (B, 2), the loss of the second logit is added."""
    logit = logit.float()
    if label.ndim == 2:
        verdict = loss_of(logit[:, 0], label[:, 0], answer, teaching=teaching)
        return verdict + subtype.loss(logit[:, 1], label[:, 1])
    if teaching is None:
        return F.binary_cross_entropy_with_logits(logit, label)
    return distillation(logit, answer, label, temperature=teaching.temperature, alpha=teaching.alpha)


def weight_decay_groups(network: nn.Module, decay: float) -> list[dict]:
    """Weights of convolutions and dense layers decay; biases and batch norms do not."""
    decayed = [p for p in network.parameters() if p.ndim > 1]
    others = [p for p in network.parameters() if p.ndim <= 1]
    return [{"params": decayed, "weight_decay": decay}, {"params": others, "weight_decay": 0.0}]


@torch.inference_mode()
def logits(network: nn.Module, pixels: torch.Tensor, device: torch.device | str = "cpu") -> np.ndarray:
    """(n, 1, 224, 224) -> (n,) float64, in evaluation mode, and in single precision outside an autocast."""
    network.eval()
    batches = [network(batch.to(device)).float().cpu() for batch in pixels.split(EVALUATION_BATCH)]
    return torch.cat(batches).double().numpy()


def evaluate(network: nn.Module, pictures: Pictures, prefix: str, fabric: Fabric) -> dict:
    """AUC and log loss on one set of validation pictures, keys `prefix_auc` and `prefix_log_loss`; in the precision of
    the training, so that an epoch is judged in seconds (`train.score` reads in single precision).

    Raises DatasetRefused when the network diverged: its logits are not finite, and no later epoch would mend that."""
    label = pictures.rows["label"].to_numpy()
    with fabric.autocast():
        logit = logits(network, pictures.pixels, fabric.device)
    if not np.isfinite(logit).all():
        raise DatasetRefused(
            f"The training was stopped: the network's answers to the {prefix} images are not numbers. Begin anew with "
            "a smaller --learning-rate, or with --precision 32-true."
        )
    return {
        f"{prefix}_auc": float(roc_auc_score(label, logit)),
        f"{prefix}_log_loss": float(log_loss(label, score(logit, 1.0), labels=[0, 1])),
    }


def run(
    training: Training,
    loader: DataLoader,
    validation: dict[str, Pictures],
    *,
    seed: int,
    state: Path,
    teaching: Distillation | None = None,
) -> None:
    """Train until the last epoch, saving after each.

    Before an epoch all randomness is seeded from (seed, epoch), so that a resumed run draws what an uninterrupted one
    would have drawn. `EVALUATIONS` epochs, evenly spaced and the last among them, are judged on validation: the best is
    the one whose averaged weights have the largest `choice`.
    """
    fabric = training.fabric
    for epoch in range(len(training.history), training.epochs):
        torch.manual_seed(seed * 100_003 + epoch * 101 + fabric.global_rank)
        loader.generator.manual_seed(seed * 100_003 + epoch)
        if hasattr(loader.sampler, "set_epoch"):
            loader.sampler.set_epoch(seed * 100_003 + epoch)
        started = cpu_seconds()
        row = {"epoch": epoch + 1, "learning_rate": training.schedule.get_last_lr()[0]}
        row["train_loss"] = training.train_one_epoch(loader, teaching)
        averaged = training.average.module
        if (training.epochs - epoch - 1) % math.ceil(training.epochs / EVALUATIONS) == 0:
            for name, pictures in validation.items():
                row |= evaluate(averaged, pictures, name, fabric)
        spent = fabric.all_reduce(torch.tensor(cpu_seconds() - started), reduce_op="sum")
        row["core_hours"] = float(spent) / 3600
        training.history.append(row)
        if best_epoch(training.history) is row:
            training.best = {name: tensor.detach().cpu().clone() for name, tensor in averaged.state_dict().items()}
        training.save(state)
        fabric.print("  ".join(f"{name} {value:.4g}" for name, value in row.items()))


def cpu_seconds() -> float:
    """Seconds of processor time of this process and its finished children, the workers that augmented."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def choice(row: Mapping[str, float]) -> float:
    """What epochs, seeds and students are chosen by: the mean AUC on plain, stressed and restyled validation; NaN for
    an epoch that was not judged."""
    return sum(row.get(f"{split}_auc", math.nan) for split in VALIDATION) / len(VALIDATION)


def best_epoch(history: list[dict]) -> dict | None:
    """The row of a history whose weights the checkpoint holds: of equally good ones the first; None before any was
    judged."""
    judged = [row for row in history if not math.isnan(choice(row))]
    return max(judged, key=choice, default=None)


def judged(history: list[dict]) -> pd.DataFrame:
    """A row an epoch that was judged; its train_loss is the mean and its core_hours the sum since the one before."""
    table = pd.DataFrame(history)
    step = table["val_auc"].notna()[::-1].cumsum()[::-1]
    table["train_loss"] = table.groupby(step)["train_loss"].transform("mean")
    table["core_hours"] = table.groupby(step)["core_hours"].transform("sum")
    return table.dropna(subset=["val_auc"])
