"""Custom CNN of the comparison: 11 convolutions, then 5 fully connected layers."""

import torch
from torch import nn

from cxr_models.architectures.block import conv_block
from cxr_models.architectures.input import StandardiseEach

WIDTHS = ((24,), (48, 48, 48), (96, 96), (160, 160, 160), (256, 256))


def stage(channels: int, widths: tuple[int, ...], *, stride: int = 1) -> nn.Sequential:
    """Convolution blocks one after the other; only the first has the stride."""
    blocks = []
    for width in widths:
        blocks.append(conv_block(channels, width, stride=stride))
        channels, stride = width, 1
    return nn.Sequential(*blocks)


class BaseCNN(nn.Module):
    """(B, 1, 224, 224) in [0, 1] -> one logit a picture, (B,).

    A stride-2 first convolution keeps it quick on a CPU.
    """

    def __init__(self, *, dropout: float = 0.3):
        super().__init__()
        self.standardise = StandardiseEach()
        self.stage1 = stage(1, WIDTHS[0], stride=2)
        self.stage2 = stage(WIDTHS[0][-1], WIDTHS[1])
        self.stage3 = stage(WIDTHS[1][-1], WIDTHS[2])
        self.stage4 = stage(WIDTHS[2][-1], WIDTHS[3])
        self.stage5 = stage(WIDTHS[3][-1], WIDTHS[4])
        self.pool = nn.MaxPool2d(2)
        self.mean = nn.AdaptiveAvgPool2d(1)
        self.head = nn.Sequential(
            nn.Linear(WIDTHS[4][-1], 256),
            nn.ReLU(inplace=True),
            nn.Dropout(dropout),
            nn.Linear(256, 128),
            nn.ReLU(inplace=True),
            nn.Dropout(dropout),
            nn.Linear(128, 64),
            nn.ReLU(inplace=True),
            nn.Linear(64, 32),
            nn.ReLU(inplace=True),
            nn.Linear(32, 1),
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.standardise(x)
        x = self.pool(self.stage1(x))  # (B, 24, 56, 56)
        x = self.pool(self.stage2(x))  # (B, 48, 28, 28)
        x = self.pool(self.stage3(x))  # (B, 96, 14, 14)
        x = self.stage4(x)  # (B, 160, 14, 14)
        x = self.stage5(self.pool(x))  # (B, 256, 7, 7)
        x = self.mean(x).flatten(1)  # (B, 256)
        return self.head(x).squeeze(1)  # (B,)
