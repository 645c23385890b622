"""torchvision's ResNet-50 with one logit, fed with the shared grey picture."""

import torch
from torch import nn
from torchvision.models import resnet50

from cxr_models.architectures.input import GreyToImageNet


class ResNet50(nn.Module):
    """(B, 1, 224, 224) in [0, 1] -> one logit a picture, (B,)."""

    def __init__(self):
        super().__init__()
        self.to_imagenet = GreyToImageNet()
        self.backbone = resnet50(weights=None)
        self.backbone.fc = nn.Linear(self.backbone.fc.in_features, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.to_imagenet(x)  # (B, 3, 224, 224)
        return self.backbone(x).squeeze(1)  # (B,)
