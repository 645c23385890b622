"""ResNet-50's start: ImageNet weights from torchvision, or from a file where the machine cannot download them."""

from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import nn

from cxr_models.architectures.resnet50 import ResNet50
from train.pictures import Pictures

RECALIBRATION_PICTURES = 256
# Origin and licence of the one weight file we know, in the words its licence asks for.
FILE_LICENCE = (
    "CC BY-NC 4.0 (attribution, non-commercial): started from ImageNet weights of facebookresearch/kill-the-bits, "
    "Stock et al., And the Bit Goes Down, ICLR 2020"
)
TORCHVISION_LICENCE = "BSD-3-Clause: started from torchvision's ResNet50_Weights.IMAGENET1K_V2"


def initialise(network: ResNet50, weights: Path | None, training: Pictures) -> str:
    """Put ImageNet weights into the backbone, all but its last layer; returns the licence of the weights.

    A file whose batch norms came folded (mean 0, variance 1) is recalibrated on training pictures first: training
    mode would break it otherwise.
    """
    if weights is None:
        from torchvision.models import ResNet50_Weights

        state = ResNet50_Weights.IMAGENET1K_V2.get_state_dict(progress=True, check_hash=True)
    else:
        state = load_file(weights)
    state = {name: tensor.float() if tensor.is_floating_point() else tensor for name, tensor in state.items()}
    state["fc.weight"], state["fc.bias"] = network.backbone.fc.weight.data, network.backbone.fc.bias.data
    network.backbone.load_state_dict(state, strict=True)
    if is_folded(network):
        generator = torch.Generator().manual_seed(0)
        chosen = torch.randperm(len(training.pixels), generator=generator)[:RECALIBRATION_PICTURES]
        unfold(network, training.pixels[chosen])
    return FILE_LICENCE if weights else TORCHVISION_LICENCE


def is_folded(network: nn.Module) -> bool:
    """Whether every batch norm carries its function in weight and bias alone."""
    return all(
        bool((norm.running_mean == 0).all() and (norm.running_var == 1).all())
        for norm in network.modules()
        if isinstance(norm, nn.BatchNorm2d)
    )


@torch.no_grad()
def unfold(network: nn.Module, pixels: torch.Tensor) -> None:
    """Give each batch norm the statistics of its input on these pictures (n, 1, H, W), leaving the function as it was.

    With input mean m and variance v: running_mean = m, running_var = v, weight = w·sqrt(v + eps), bias = b + w·m,
    where w is the folded weight over sqrt(1 + eps).
    """
    norms = [module for module in network.modules() if isinstance(module, nn.BatchNorm2d)]
    sums = {norm: [0, 0.0, 0.0] for norm in norms}

    def measure(norm: nn.BatchNorm2d, inputs: tuple[torch.Tensor]) -> None:
        values = inputs[0].double()
        totals = sums[norm]
        totals[0] += values.numel() // values.shape[1]
        totals[1] += values.sum((0, 2, 3))
        totals[2] += values.square().sum((0, 2, 3))

    hooks = [norm.register_forward_pre_hook(measure) for norm in norms]
    network.eval()
    for batch in pixels.split(32):
        network(batch)
    for hook in hooks:
        hook.remove()
    for norm in norms:
        count, total, squares = sums[norm]
        mean = total / count
        variance = squares / count - mean.square()
        slope = norm.weight / (norm.running_var + norm.eps).sqrt()
        norm.bias += slope * (mean - norm.running_mean).float()
        norm.weight.copy_(slope * (variance + norm.eps).sqrt().float())
        norm.running_mean.copy_(mean)
        norm.running_var.copy_(variance)
