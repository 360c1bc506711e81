"""The layers that networks of this folder are made of, and how grids are enlarged, reduced and read.

Locations are (x, y) in -1...1, cell-centre convention (`align_corners=False`): -1 is the left or upper edge of the picture.
"""
import torch
import torch.nn as nn
import torch.nn.functional as F
from torch import Tensor


def cell_centres(height: int, width: int, device=None) -> Tensor:
    """Locations of the centres of a grid's cells, [height, width, 2], (x, y) in -1...1."""
    y = (torch.arange(height, device=device, dtype=torch.float32) + 0.5) / height * 2 - 1
    x = (torch.arange(width, device=device, dtype=torch.float32) + 0.5) / width * 2 - 1
    return torch.stack([x[None, :].expand(height, width), y[:, None].expand(height, width)], -1)


def gaussian_maps(locations: Tensor, strengths: Tensor, side: int, sigma: float) -> Tensor:
    """Spatial representation of keypoints (3.1): [B, K, side, side], a Gaussian of width `sigma` at each of [B, K, 2], times its strength [B, K]."""
    centres = (torch.arange(side, device=locations.device, dtype=torch.float32) + 0.5) / side * 2 - 1
    along = torch.exp((centres - locations.float()[..., None]) ** 2 * (-0.5 / sigma ** 2))     # separable: [B, K, 2, side]
    return (along[:, :, 1, :, None] * strengths.float()[..., None, None]) * along[:, :, 0, None, :]


def enlarge(x: Tensor) -> Tensor:
    """Twice the height and width, bilinear."""
    return F.interpolate(x, scale_factor=2.0, mode="bilinear", align_corners=False)


def enlarge_exactly(x: Tensor) -> Tensor:
    """The same as `enlarge` for [n, C, h, w] of few channels, as a convolution to 2x2 blocks: inference engines are slow at enlarging few channels."""
    one = torch.tensor([[0.25, 0.75, 0.0], [0.0, 0.75, 0.25]], device=x.device)
    kernel = (one[:, None, :, None] * one[None, :, None, :]).reshape(4, 1, 3, 3)
    channels = x.shape[1]
    blocks = F.conv2d(F.pad(x, (1, 1, 1, 1), mode="replicate"), torch.kron(torch.eye(channels, device=x.device)[:, :, None, None], kernel))
    return F.pixel_shuffle(blocks, 2)


def shrink(x: Tensor, factor: int) -> Tensor:
    """Height and width divided by `factor`, each cell the mean of what it covers."""
    return F.avg_pool2d(x, factor)


def doubled(x: Tensor) -> Tensor:
    """[n, C, h, w] with a value between each two, by cubic interpolation (Keys, 1981, a = -0.75): [n, C, 2 h, 2 w], of which every second value of every second row is as it was.

    Reading that bilinearly is nearly as sharp as reading x by bicubic interpolation, at a third of the cost.
    """
    channels = x.shape[1]
    kept, between = torch.tensor([0.0, 1.0, 0.0, 0.0], device=x.device), torch.tensor([-3.0, 19.0, 19.0, -3.0], device=x.device) / 32
    kernels = torch.stack([torch.outer(down, across) for down in (kept, between) for across in (kept, between)])[1:, None]       # between in x, in y, in both
    padded = F.pad(x, (1, 2, 1, 2), mode="replicate")
    new = F.conv2d(padded, kernels.repeat(channels, 1, 1, 1).to(x.dtype), groups=channels).unflatten(1, (channels, 3))
    return F.pixel_shuffle(torch.cat([x[:, :, None], new.to(x.dtype)], 2).flatten(1, 2), 2)


def sample(features: Tensor, locations: Tensor) -> Tensor:
    """Features [n, C, h, w] read bilinearly at locations [n, h', w', 2], edges continued: [n, C, h', w']."""
    return F.grid_sample(features.float(), locations.float(), mode="bilinear", padding_mode="border", align_corners=False)


def cut(x: Tensor, window: tuple[int, int, int]) -> Tensor:
    """A square part (top, left, side) of [..., h, w]."""
    top, left, side = window
    return x[..., top:top + side, left:left + side]


class ConvolutionBlock(nn.Sequential):
    """Convolution, batch normalisation, ReLU. The side is divided by `stride`."""

    def __init__(self, inputs: int, outputs: int, stride: int = 1):
        super().__init__(nn.Conv2d(inputs, outputs, 3, stride, 1), nn.BatchNorm2d(outputs), nn.ReLU(True))


class ResidualBlock(nn.Module):
    """Pre-activation residual block of two 3x3 convolutions."""

    def __init__(self, channels: int):
        super().__init__()
        self.first, self.second = nn.Conv2d(channels, channels, 3, 1, 1), nn.Conv2d(channels, channels, 3, 1, 1)
        self.first_norm, self.second_norm = nn.BatchNorm2d(channels), nn.BatchNorm2d(channels)

    def forward(self, x: Tensor) -> Tensor:
        return x + self.second(F.relu(self.second_norm(self.first(F.relu(self.first_norm(x))))))


class UNet(nn.Module):
    """Hourglass with skips: [B, inputs, h, w] to [B, outputs, h, w]; each further width halves the side."""

    def __init__(self, inputs: int, widths: tuple[int, ...], outputs: int):
        super().__init__()
        self.entry = ConvolutionBlock(inputs, widths[0])
        self.down = nn.ModuleList(nn.Sequential(ConvolutionBlock(a, b), nn.AvgPool2d(2)) for a, b in zip(widths[:-1], widths[1:]))
        self.up = nn.ModuleList(ConvolutionBlock(a + b, b) for a, b in zip(widths[:0:-1], widths[-2::-1]))
        self.exit = nn.Conv2d(widths[0], outputs, 1)

    def forward(self, x: Tensor) -> Tensor:
        x = self.entry(x)
        skips = [x]
        for block in self.down:
            x = block(x)
            skips.append(x)
        x = skips.pop()
        for block in self.up:
            x = block(torch.cat([F.interpolate(x, scale_factor=2.0, mode="nearest"), skips.pop()], 1))
        return self.exit(x)
