"""What the three small networks are built of."""

from torch import nn


def conv_block(channels: int, width: int, *, kernel: int = 3, stride: int = 1) -> nn.Sequential:
    """Convolution that keeps the side (but for the stride), batch norm, ReLU."""
    return nn.Sequential(
        nn.Conv2d(channels, width, kernel, stride=stride, padding=kernel // 2, bias=False),
        nn.BatchNorm2d(width),
        nn.ReLU(inplace=True),
    )
