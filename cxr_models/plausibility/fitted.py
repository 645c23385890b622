"""The numbers that train.plausibility fits: a small safetensors file, bound to the weights whose features it uses."""

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from safetensors import safe_open
from safetensors.numpy import save_file

from cxr_models import checkpoints, paths, zoo
from cxr_models.errors import CheckpointRefused
from cxr_models.paths import ASSETS

FILE = ASSETS / "plausibility.safetensors"
NETWORK, LAYER = "resnet50", "backbone.layer2"
SMALL_FEATURE = 0.05  # about a tenth of what a channel usually gives
COMMAND = "python -m train.plausibility --data FOLDER"
PLAIN = "plain"
CLASSIFIER = ("appearance_mean", "appearance_scale", "weights", "bias", "odd_beyond")
TENSORS = (*CLASSIFIER, "centre", "scale", "precision")
LIMITS = ("light_at_least", "spread_at_least", "warned_beyond", "refused_beyond")


@dataclass(frozen=True)
class Fitted:
    """What a picture is held against.

    appearance_mean, appearance_scale: (d,); weights: (k, d), bias: (k,): multinomial logistic regression on the
    standardised `appearance`, a row for each of `classes`, of which the first is 'plain'.
    odd_beyond: (k - 1,): log-odds of each class but 'plain' against 'plain' that a plain picture stays below.
    centre, scale: (f,), precision: (f, f): of the training pictures' standardised features.
    light_at_least, spread_at_least: for the two of `appearance.levels`. warned_beyond, refused_beyond: distances.
    """

    classes: tuple[str, ...]
    appearance_mean: np.ndarray
    appearance_scale: np.ndarray
    weights: np.ndarray
    bias: np.ndarray
    odd_beyond: np.ndarray
    centre: np.ndarray
    scale: np.ndarray
    precision: np.ndarray
    light_at_least: float = 0.0
    spread_at_least: float = 0.0
    warned_beyond: float = np.inf
    refused_beyond: float = np.inf

    def odds(self, appearance: np.ndarray) -> np.ndarray:
        """Log-odds of each class but 'plain' against 'plain'; (…, d) -> (…, k - 1)."""
        logits = (appearance - self.appearance_mean) / self.appearance_scale @ self.weights.T + self.bias
        return logits[..., 1:] - logits[..., :1]

    def reason(self, appearance: np.ndarray) -> str:
        """The likeliest class that is beyond its limit, or the empty string when none is; (d,)."""
        odds = self.odds(appearance)
        odd = odds > self.odd_beyond
        return self.classes[1 + int(np.where(odd, odds, -np.inf).argmax())] if odd.any() else ""

    def distance(self, features: np.ndarray) -> np.ndarray:
        """Mahalanobis distance from the training pictures (Lee 2018, arXiv 1807.03888) of the `even` features, divided
        by the root of their number, so that 1 is usual; (…, f) -> (…)."""
        offset = (even(features) - self.centre) / self.scale
        return np.sqrt(((offset @ self.precision) * offset).mean(-1))

    def save(self, path: Path, metadata: dict[str, str]) -> None:
        """Write the numbers in single precision, bound to the present weights of the network."""
        limits = {name: repr(float(getattr(self, name))) for name in LIMITS}
        bound = {"classes": json.dumps(self.classes), "weights_sha256": _present_weights(), "network": NETWORK}
        tensors = {name: np.ascontiguousarray(getattr(self, name), dtype=np.float32) for name in TENSORS}
        save_file(tensors, path, metadata | limits | bound)


def even(features: np.ndarray) -> np.ndarray:
    """The logarithm of each feature's size with its sign: features have long tails, which would widen the cloud."""
    return np.sign(features) * np.log1p(np.abs(features) / SMALL_FEATURE)


def stamp() -> tuple[int, int]:
    """Changes when the committed numbers do, or the network whose features they are about."""
    return paths.stamp(FILE), zoo.stamp(NETWORK)


def current() -> Fitted:
    """The committed numbers, read once and again when they change. Raises CheckpointRefused."""
    return _current(stamp())


@lru_cache(maxsize=1)
def _current(stamp: tuple[int, int]) -> Fitted:
    return load(FILE)


def load(path: Path) -> Fitted:
    """Raises CheckpointRefused when the file is missing, damaged, or was fitted with other weights."""
    known = checkpoints.metadata(path)
    if known.get("weights_sha256") != _present_weights():
        raise CheckpointRefused(
            f"The limits in {path.name}, which tell a chest X-ray from other pictures, were fitted with other weights "
            f"of the {zoo.spec(NETWORK).title}. This command fits them again: {COMMAND}"
        )
    with safe_open(path, framework="numpy") as file:
        tensors = {name: file.get_tensor(name) for name in TENSORS}
    limits = {name: float(known[name]) for name in LIMITS}
    return Fitted(tuple(json.loads(known["classes"])), **tensors, **limits)


def _present_weights() -> str:
    return checkpoints.weights_sha256(zoo.spec(NETWORK).checkpoint)
