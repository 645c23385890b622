"""Pixels -> one Reading per model: logit and heat map out of one forward pass. Torch comes in and stays in here."""

from dataclasses import dataclass
from functools import lru_cache
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np

from cxr_models import views, zoo
from cxr_models.evaluation.scores import score

if TYPE_CHECKING:
    from torch import nn

# grad-cam hangs its hooks on the network, and the network is shared: two visitors at once would mix their maps.
_LOCK = Lock()


@dataclass(frozen=True)
class Reading:
    """What one model says of one picture.

    logit: evidence for pneumonia. score: sigmoid(logit / T) in [0, 1], T the checkpoint's temperature.
    heat_map: (224, 224) float32, signed, in units of the logit's gradient: positive where the picture speaks for
    pneumonia.
    """

    logit: float
    score: float
    heat_map: np.ndarray


def read(pixels: np.ndarray, name: str) -> Reading:
    """Read one picture with one model.

    pixels: (224, 224) float32 in [0, 1] from `imaging.pixels`. The heat map is Grad-CAM's weighted sum of activations
    (Selvaraju 2017, arXiv 1610.02391) before its ReLU and before any scaling, enlarged bilinearly.

    Raises CheckpointRefused when the model's weights are missing, damaged or not calibrated.
    """
    import torch
    from pytorch_grad_cam import GradCAM
    from torch.nn import functional as F

    network = loaded(name)
    layer = network.get_submodule(zoo.spec(name).gradcam_layer)
    picture = torch.from_numpy(np.ascontiguousarray(pixels)).view(1, 1, *pixels.shape)
    with _LOCK, GradCAM(network, [layer]) as cam:
        logit = cam.activations_and_grads(picture)
        logit.sum().backward()
        network.zero_grad(set_to_none=True)
        activations, gradients = cam.activations_and_grads.activations[0], cam.activations_and_grads.gradients[0]
        weighted = cam.get_cam_image(picture, layer, None, activations.numpy(), gradients.numpy(), eigen_smooth=False)
    heat_map = F.interpolate(torch.from_numpy(weighted)[None], size=pixels.shape, mode="bilinear", align_corners=False)
    value = float(logit.detach())
    return Reading(value, score_of(value, name), heat_map[0, 0].numpy())


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
    """The shipped network, loaded once and again when its file is another, frozen but for the layer Grad-CAM looks at,
    where the backward pass then stops.

    Raises CheckpointRefused.
    """
    return _loaded(name, zoo.stamp(name))


@lru_cache(maxsize=len(zoo.SPECS))
def _loaded(name: str, stamp: int) -> "nn.Module":
    network = zoo.load(name)
    network.requires_grad_(False)
    network.get_submodule(zoo.spec(name).gradcam_layer).requires_grad_(True)
    return network
