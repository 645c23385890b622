"""Pixels -> one Reading per model: logit and heat map out of one forward pass. Torch comes in and stays in here."""

from dataclasses import dataclass
from functools import lru_cache
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np

from cxr_models import views, zoo
from cxr_models.evaluation.scores import score

if TYPE_CHECKING:
    from torch import Tensor, nn

# grad-cam hangs its hooks on the network, and the network is shared: two visitors at once would mix their maps.
_LOCK = Lock()


@dataclass(frozen=True)
class Reading:
    """What one model says of one picture.

    logit: evidence for pneumonia. score: sigmoid(logit / T) in [0, 1], T the checkpoint's temperature.
    heat_map: (224, 224) float32, before any scaling: positive where the image speaks for pneumonia, negative where it
    speaks against it (LayerCAM's is never negative). side: the map's own pixels along one side, before it was enlarged.
    """

    logit: float
    score: float
    heat_map: np.ndarray
    side: int


def read(pixels: np.ndarray, name: str, *, method: str | None = None, layer: str | None = None) -> Reading:
    """Read one image with one model, by one forward and one backward pass.

    pixels: (224, 224) float32 in [0, 1] from `imaging.pixels`. method: a class of pytorch_grad_cam whose map is a sum
    over channels of weighted activations (GradCAM: Selvaraju 2017, arXiv 1610.02391; HiResCAM: Draelos 2020, arXiv
    2011.08891; LayerCAM: Jiang 2021, doi 10.1109/TIP.2021.3089943). layer: dotted name of the layer with these
    activations. Without them the map is the one that the zoo names for the model. It is taken before ReLU and scaling,
    and enlarged bilinearly.

    Raises CheckpointRefused when the model's weights are missing, damaged or not calibrated.
    """
    import pytorch_grad_cam
    import torch
    from torch.nn import functional as F

    network, spec = loaded(name), zoo.spec(name)
    activated = network.get_submodule(layer or spec.heat_map_layer)
    Method = getattr(pytorch_grad_cam, method or spec.heat_map_method)
    picture = torch.from_numpy(np.ascontiguousarray(pixels)).view(1, 1, *pixels.shape)
    # Before grad-cam's own hooks, which look for a gradient.
    with _LOCK, activated.register_forward_hook(_record), Method(network, [activated]) as cam:
        logit = cam.activations_and_grads(picture)
        logit.sum().backward()
        activations, gradients = cam.activations_and_grads.activations[0], cam.activations_and_grads.gradients[0]
        weighted = cam.get_cam_image(
            picture, activated, None, activations.numpy(), gradients.numpy(), eigen_smooth=False
        )
    heat_map = F.interpolate(torch.from_numpy(weighted)[None], size=pixels.shape, mode="bilinear", align_corners=False)
    value = float(logit.detach())
    return Reading(value, score_of(value, name), heat_map[0, 0].numpy(), weighted.shape[-1])


def _record(layer: "nn.Module", given: tuple, output: "Tensor") -> None:
    """From here on a gradient is recorded: the network is frozen, so the backward pass ends at this layer."""
    output.requires_grad_()


def score_of(logit: float, name: str) -> float:
    """sigmoid(logit / T) with the model's temperature. Raises CheckpointRefused."""
    (temperature,) = zoo.calibration(name, "temperature")
    return float(score(logit, temperature))


def scores_of_views(pixels: np.ndarray, name: str) -> dict[str, float]:
    """The score of each of the fixed small changes in `views.VIEWS`, by the change's name.

    pixels: as for `read`. Raises CheckpointRefused.
    """
    import torch

    network = loaded(name)
    found = {}
    for view, changed in views.of(pixels).items():
        picture = torch.from_numpy(np.ascontiguousarray(changed)).view(1, 1, *changed.shape)
        # One at a time: another visitor's reading waits for one look, not for eight.
        with _LOCK, torch.no_grad():
            found[view] = score_of(float(network(picture)), name)
    return found


def features(pixels: np.ndarray, name: str, layer: str) -> np.ndarray:
    """What a layer of a model sees in a picture, wherever it sees it: the mean over the picture of each channel,
    (channels,) float32.

    pixels: as for `read`. Raises CheckpointRefused.
    """
    import torch

    picture = torch.from_numpy(np.ascontiguousarray(pixels)).view(1, 1, *pixels.shape)
    with _LOCK, torch.no_grad():
        return _up_to(name, layer, zoo.stamp(name))(picture)[layer].mean((2, 3))[0].numpy()


@lru_cache(maxsize=1)
def _up_to(name: str, layer: str, stamp: int) -> "nn.Module":
    """The shipped network as far as one of its layers, made once; gives {layer: maps}. Raises CheckpointRefused."""
    from torchvision.models.feature_extraction import create_feature_extractor

    return create_feature_extractor(loaded(name), [layer])


def loaded(name: str) -> "nn.Module":
    """The released network, loaded once and again when its file is another, frozen. Raises CheckpointRefused."""
    return _loaded(name, zoo.stamp(name))


@lru_cache(maxsize=len(zoo.SPECS))
def _loaded(name: str, stamp: int) -> "nn.Module":
    return zoo.load(name).requires_grad_(False)
