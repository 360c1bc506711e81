"""The generator of FOMM with random weights, as a peer for measurements of speed.

python peers.py --out fomm.onnx [--cached]

Built from the description in Siarohin, Lathuilière, Tulyakov, Ricci, Sebe, "First Order Motion Model for Image Animation", NeurIPS 2019 (section 3.2 and supplementary material A) in the sizes of its
256x256 models: 10 keypoints with Jacobians; dense motion by an hourglass at 1/4 of the picture; a generator that falls to 1/4, warps, passes six residual blocks and rises again. The weights mean
nothing, which the time of a picture does not depend on. `--cached` leaves out what depends on the source alone, which the authors' program computes anew for each picture.

Pictures are NHWC, RGB in 0...1. Shapes: K keypoints, R side of the picture.
"""
import argparse
import json
import sys
from pathlib import Path

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch import Tensor

SIDE = 256
KEYPOINTS = 10
WIDTH = 64
"""Channels at full size; twice as many at each half, up to `WIDEST`."""
WIDEST = 1024
"""Most channels inside the hourglass."""
LEVELS = 5
"""Halvings of the hourglass."""
DEVIATION = 0.01 ** 0.5
"""Of the Gaussian at a keypoint, in -1...1 units."""
PUBLISHED_GMAC = 54.9
"""Of the whole generator at 256x256, in thousands of millions of multiply-adds."""


class Block(nn.Sequential):
    """Convolution, batch normalisation, ReLU, at the same side."""

    def __init__(self, inputs: int, outputs: int, kernel: int = 3):
        super().__init__(nn.Conv2d(inputs, outputs, kernel, padding=kernel // 2), nn.BatchNorm2d(outputs), nn.ReLU(True))


class Falling(nn.Sequential):
    """A block, then half the side."""

    def __init__(self, inputs: int, outputs: int):
        super().__init__(Block(inputs, outputs), nn.AvgPool2d(2))


class Rising(nn.Sequential):
    """Twice the side, then a block."""

    def __init__(self, inputs: int, outputs: int):
        super().__init__(nn.Upsample(scale_factor=2, mode="nearest"), Block(inputs, outputs))


class Residual(nn.Module):
    """Pre-activation residual block of two 3x3 convolutions."""

    def __init__(self, channels: int):
        super().__init__()
        self.steps = nn.Sequential(*(layer for _ in range(2) for layer in (nn.BatchNorm2d(channels), nn.ReLU(True), nn.Conv2d(channels, channels, 3, padding=1))))

    def forward(self, x: Tensor) -> Tensor:
        return x + self.steps(x)


class Hourglass(nn.Module):
    """[1, inputs, h, w] to [1, inputs + WIDTH, h, w], with skips."""

    def __init__(self, inputs: int):
        super().__init__()
        widths = [inputs] + [min(WIDEST, WIDTH * 2 ** (i + 1)) for i in range(LEVELS)]
        self.falling = nn.ModuleList(Falling(a, b) for a, b in zip(widths[:-1], widths[1:]))
        risen = [min(WIDEST, WIDTH * 2 ** i) for i in range(LEVELS)]
        self.rising = nn.ModuleList(Rising(widths[i + 1] * (1 if i == LEVELS - 1 else 2), risen[i]) for i in reversed(range(LEVELS)))

    def forward(self, x: Tensor) -> Tensor:
        skips = [x]
        for block in self.falling:
            skips.append(block(skips[-1]))
        x = skips.pop()
        for block in self.rising:
            x = torch.cat([block(x), skips.pop()], 1)
        return x


def places(side: int) -> Tensor:
    """Locations (x, y) of the pixels of a grid, corners at -1 and 1: [side, side, 2]."""
    line = torch.linspace(-1, 1, side)
    return torch.stack([line[None].expand(side, side), line[:, None].expand(side, side)], -1)


def inverse(m: Tensor) -> Tensor:
    """Inverses of 2x2 matrices [..., 2, 2]."""
    a, b, c, d = m[..., 0, 0], m[..., 0, 1], m[..., 1, 0], m[..., 1, 1]
    determinant = a * d - b * c
    return torch.stack([torch.stack([d, -b], -1), torch.stack([-c, a], -1)], -2) / determinant[..., None, None]


class DenseMotion(nn.Module):
    """Where each pixel comes from, at 1/4 of the picture, and which are hidden in the source."""

    def __init__(self):
        super().__init__()
        self.hourglass = Hourglass((KEYPOINTS + 1) * 4)
        channels = (KEYPOINTS + 1) * 4 + WIDTH
        self.mask, self.occlusion = nn.Conv2d(channels, KEYPOINTS + 1, 7, padding=3), nn.Conv2d(channels, 1, 7, padding=3)

    def forward(self, source: Tensor, locations: Tensor, jacobians: Tensor, driving: Tensor, driving_jacobians: Tensor) -> tuple[Tensor, Tensor]:
        """A source at 1/4 [1, 3, h, h], keypoints [1, K, 2] and Jacobians [1, K, 2, 2] of both, to a flow [1, h, h, 2] and an occlusion map [1, 1, h, h]."""
        side = source.shape[-1]
        grid = places(side)
        gaussian = lambda centres: torch.exp(-0.5 * ((grid - centres[:, :, None, None]) ** 2).sum(-1) / DEVIATION ** 2)
        heat = F.pad(gaussian(driving) - gaussian(locations), (0, 0, 0, 0, 1, 0))                                   # a background without a Gaussian first
        turn = jacobians @ inverse(driving_jacobians)
        away = grid - driving[:, :, None, None]                                                                     # [1, K, h, h, 2]
        motions = (turn[:, :, None, None] * away[..., None, :]).sum(-1) + locations[:, :, None, None]
        motions = torch.cat([grid[None, None], motions], 1)                                                         # [1, K + 1, h, h, 2]
        moved = F.grid_sample(source.expand(KEYPOINTS + 1, -1, -1, -1), motions[0], align_corners=False)
        features = self.hourglass(torch.cat([heat[:, :, None], moved[None]], 2).flatten(1, 2))
        mask = torch.softmax(self.mask(features), 1)
        return (motions * mask[..., None]).sum(1), torch.sigmoid(self.occlusion(features))


class Generator(nn.Module):
    """FOMM's generator: source and keypoints of both pictures to the picture."""

    def __init__(self, cached: bool = False):
        super().__init__()
        self.cached = cached
        self.motion = DenseMotion()
        self.fall = nn.Sequential(Block(3, WIDTH, 7), Falling(WIDTH, 2 * WIDTH), Falling(2 * WIDTH, 4 * WIDTH))
        self.middle = nn.Sequential(*(Residual(4 * WIDTH) for _ in range(6)))
        self.rise = nn.Sequential(Rising(4 * WIDTH, 2 * WIDTH), Rising(2 * WIDTH, WIDTH), nn.Conv2d(WIDTH, 3, 7, padding=3))

    def forward(self, source: Tensor, locations: Tensor, jacobians: Tensor, driving: Tensor, driving_jacobians: Tensor, features: Tensor | None = None) -> Tensor:
        """A source [1, R, R, 3] and keypoints as in `DenseMotion` to a picture [1, R, R, 3]; `features` [1, R/4, R/4, 256] of the source where they are cached."""
        source = source.permute(0, 3, 1, 2)
        flow, visible = self.motion(F.avg_pool2d(source, 4), locations, jacobians, driving, driving_jacobians)
        x = features.permute(0, 3, 1, 2) if self.cached else self.fall(source)
        x = F.grid_sample(x, flow, align_corners=False) * visible
        return torch.sigmoid(self.rise(self.middle(x))).permute(0, 2, 3, 1)


def examples(cached: bool) -> dict[str, Tensor]:
    """Inputs by name."""
    inputs = {"source": torch.rand(1, SIDE, SIDE, 3)}
    for name in ("source", "driving"):
        inputs[f"{name}_locations"] = torch.rand(1, KEYPOINTS, 2) - 0.5
        inputs[f"{name}_jacobians"] = torch.eye(2).expand(1, KEYPOINTS, 2, 2).contiguous()
    if cached:
        inputs["features"] = torch.rand(1, SIDE // 4, SIDE // 4, 4 * WIDTH)
    return inputs


def multiply_adds(module: nn.Module, inputs: dict[str, Tensor]) -> int:
    """Multiply-adds of all convolutions in one pass."""
    counts = []
    count = lambda layer, _, output: counts.append(output.numel() * layer.weight[0].numel())
    hooks = [layer.register_forward_hook(count) for layer in module.modules() if isinstance(layer, nn.Conv2d)]
    with torch.no_grad():
        module(*inputs.values())
    for hook in hooks:
        hook.remove()
    return sum(counts)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True, help="the ONNX file")
    parser.add_argument("--cached", action="store_true", help="take the source's features as an input")
    options = parser.parse_args()
    torch.manual_seed(0)
    network, inputs = Generator(options.cached).eval().requires_grad_(False), examples(options.cached)
    program = torch.onnx.export(network, tuple(inputs.values()), input_names=list(inputs), output_names=["picture"], opset_version=20, dynamo=True, external_data=False, verbose=False)
    program.save(str(options.out))
    facts = {"multiply_adds_giga": round(multiply_adds(network, inputs) / 1e9, 2), "published_giga": PUBLISHED_GMAC, "cached": options.cached, "bytes": options.out.stat().st_size}
    print(json.dumps(facts))
    return 0


if __name__ == "__main__":
    sys.exit(main())
