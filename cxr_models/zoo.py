"""The networks there are: name -> what it is called, how it is built, where its weights lie, which heat map it has."""

from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from cxr_models import checkpoints, paths
from cxr_models.paths import CHECKPOINTS

if TYPE_CHECKING:
    from torch import nn


# Classes of pytorch_grad_cam -> what they are called.
HEAT_MAP_METHODS = {"GradCAM": "Grad-CAM", "HiResCAM": "HiResCAM", "LayerCAM": "LayerCAM"}


@dataclass(frozen=True)
class Spec:
    """title: name on screen. architecture: 'module:Class' below cxr_models.architectures.
    checkpoint: file. heat_map_method: of `HEAT_MAP_METHODS`. heat_map_layer: dotted name of the layer whose activations
    are weighted. Both as `train.heat_maps --choose` chose them on validation images."""

    title: str
    architecture: str
    checkpoint: Path
    heat_map_method: str
    heat_map_layer: str


SPECS: dict[str, Spec] = {
    "base_cnn": Spec("Custom CNN", "base_cnn:BaseCNN", CHECKPOINTS / "base_cnn.safetensors", "HiResCAM", "stage3.1"),
    "teacher": Spec("Reference teacher", "teacher:Teacher", CHECKPOINTS / "teacher.safetensors", "HiResCAM", "pool4"),
    "student": Spec("Distilled student", "student:Student", CHECKPOINTS / "student.safetensors", "HiResCAM", "pool"),
    "resnet50": Spec(
        "ResNet-50", "resnet50:ResNet50", CHECKPOINTS / "resnet50.safetensors", "GradCAM", "backbone.layer4.2"
    ),
}

# The three that a clinician compares; the teacher stands beside them in tables.
COMPARED = ("base_cnn", "student", "resnet50")


def spec(name: str) -> Spec:
    """Raises KeyError that lists the known names."""
    if name not in SPECS:
        raise KeyError(f"There is no model {name!r}; there are {', '.join(SPECS)}.")
    return SPECS[name]


def build(name: str) -> "nn.Module":
    """The network with fresh weights, (B, 1, 224, 224) -> (B,)."""
    module, _, cls = spec(name).architecture.partition(":")
    return getattr(import_module(f"cxr_models.architectures.{module}"), cls)()


def load(name: str) -> "nn.Module":
    """The network with its shipped weights, in evaluation mode. Raises CheckpointRefused."""
    network = build(name)
    checkpoints.load_into(network, spec(name).checkpoint)
    return network.eval()


def stamp(name: str) -> int:
    """Changes when the shipped checkpoint does; 0 when there is none."""
    return paths.stamp(spec(name).checkpoint)


def stamps() -> tuple[int, ...]:
    """`stamp` of each compared network: what one of them said before this changed is another network's answer."""
    return tuple(stamp(name) for name in COMPARED)


def metadata(name: str) -> dict[str, str]:
    """Metadata of the shipped checkpoint, without loading torch. Raises CheckpointRefused."""
    return checkpoints.metadata(spec(name).checkpoint)


def calibration(name: str, *keys: str) -> tuple[float, ...]:
    """Numbers that train.calibrate left in a model's metadata: temperature, threshold, threshold_low, threshold_high,
    heat_map_scale, in the order asked for.

    Raises CheckpointRefused, also for a checkpoint that is trained but not calibrated.
    """
    return checkpoints.calibration(spec(name).checkpoint, *keys)
