"""Losses: differences of pictures, of their features (LPIPS with SqueezeNet), and what keeps keypoints in order.

LPIPS with AlexNet is the measure (see `evaluate.py`) and is never trained on.
"""
import torch
import torch.nn as nn
import torch.nn.functional as F
from safetensors.torch import load_file
from torch import Tensor

from model import shrink


class PerceptualDistance(nn.Module):
    """LPIPS v0.1 (Zhang et al., 2018) with the `squeeze` or `alex` backbone, of a safetensors file with `squeeze.*` and `alex.*`."""

    def __init__(self, path: str, backbone: str):
        super().__init__()
        self.backbone = backbone
        for name, tensor in load_file(path).items():
            if name.startswith(backbone + "."):
                self.register_buffer(name.removeprefix(backbone + ".").replace(".", "_"), tensor)
        self.register_buffer("shift", torch.tensor([-0.030, -0.088, -0.188])[:, None, None])
        self.register_buffer("scale", torch.tensor([0.458, 0.448, 0.450])[:, None, None])

    def _convolve(self, x: Tensor, name: str, **options) -> Tensor:
        return F.relu(F.conv2d(x, getattr(self, name + "_weight"), getattr(self, name + "_bias"), **options))

    def _fire(self, x: Tensor, index: int) -> Tensor:
        x = self._convolve(x, f"fire{index}_squeeze")
        return torch.cat([self._convolve(x, f"fire{index}_expand1x1"), self._convolve(x, f"fire{index}_expand3x3", padding=1)], 1)

    def taps(self, pictures: Tensor) -> list[Tensor]:
        """Features of pictures [n, 3, h, w] in 0...1, each normalised over its channels and weighted, so that squared differences add up to the distance."""
        x = (pictures * 2 - 1 - self.shift) / self.scale
        taps = self._squeeze(x) if self.backbone == "squeeze" else self._alex(x)
        result = []
        for index, tap in enumerate(taps):
            tap = tap.float()
            unit = tap / (tap.square().sum(1, keepdim=True) + 1e-10).sqrt()
            result.append(unit * getattr(self, f"lin{index}").clamp(min=0).sqrt()[None, :, None, None])
        return result

    def _squeeze(self, x: Tensor) -> list[Tensor]:
        pool = lambda t: F.max_pool2d(t, 3, 2, ceil_mode=True)
        taps = [x := self._convolve(x, "conv1", stride=2)]
        taps.append(x := self._fire(self._fire(pool(x), 2), 3))
        taps.append(x := self._fire(self._fire(pool(x), 4), 5))
        taps.append(x := self._fire(pool(x), 6))
        for index in (7, 8, 9):
            taps.append(x := self._fire(x, index))
        return taps

    def _alex(self, x: Tensor) -> list[Tensor]:
        taps = [x := self._convolve(x, "conv1", stride=4, padding=2)]
        taps.append(x := self._convolve(F.max_pool2d(x, 3, 2), "conv2", padding=2))
        taps.append(x := self._convolve(F.max_pool2d(x, 3, 2), "conv3", padding=1))
        taps.append(x := self._convolve(x, "conv4", padding=1))
        taps.append(x := self._convolve(x, "conv5", padding=1))
        return taps

    def forward(self, a: Tensor, b: Tensor, weight: Tensor | None = None) -> Tensor:
        """Distance of each pair of pictures [n, 3, h, w] in 0...1, [n]. `weight` [n, 1, h, w], of mean 1, says where it counts more."""
        return self.between(self.taps(a), self.taps(b), weight)

    def between(self, a: list[Tensor], b: list[Tensor], weight: Tensor | None = None) -> Tensor:
        """The distance of two lists of taps, [n]."""
        total = 0
        for p, q in zip(a, b):
            difference = (p - q).square().sum(1)
            if weight is not None:
                difference = difference * F.adaptive_avg_pool2d(weight, difference.shape[-2:])[:, 0]
            total = total + difference.mean((1, 2))
        return total


def picture_loss(distance: PerceptualDistance, rebuilt: Tensor, warped: Tensor, truth: Tensor, weight: Tensor) -> dict[str, Tensor]:
    """L1 and two-scale LPIPS of the rebuilt and of the warped pictures [n, 3, h, w] against the truth, weighted by [n, 1, h, w]."""
    n = len(truth)
    both = distance.taps(torch.cat([rebuilt, warped]))
    half = distance.taps(shrink(rebuilt, 2))
    with torch.no_grad():
        true, true_half = distance.taps(truth), distance.taps(shrink(truth, 2))
    return {
        "l1": ((rebuilt - truth).abs() * weight).mean(),
        "l1_warped": ((warped - truth).abs() * weight).mean(),
        "lpips": distance.between([t[:n] for t in both], true, weight).mean(),
        "lpips_half": distance.between(half, true_half, weight).mean(),
        "lpips_warped": distance.between([t[n:] for t in both], true, weight).mean(),
    }


def repulsion(locations: Tensor, least: float = 0.1) -> Tensor:
    """How much keypoints [B, K, 2] crowd: the sum over pairs of what is missing from a squared distance of `least` squared."""
    squared = (locations[:, :, None] - locations[:, None]).square().sum(-1)
    squared = squared + torch.eye(locations.shape[1], device=locations.device) * 9
    return F.relu(least ** 2 - squared).sum((1, 2)).mean()


def pull_targets(landmarks: Tensor) -> Tensor:
    """Places [..., 13, 2] in -1...1 that keypoints are drawn to at the start: the five landmarks [..., 5, 2]; above and below each eye and the mouth; chin and forehead."""
    left, right, nose, mouth_left, mouth_right = landmarks.unbind(-2)
    eyes, mouth = (left + right) / 2, (mouth_left + mouth_right) / 2
    down = mouth - eyes
    lids = [point + sign * 0.12 * down for point in (left, right) for sign in (-1, 1)]
    lips = [mouth - 0.10 * down, mouth + 0.28 * down]
    return torch.stack([left, right, nose, mouth_left, mouth_right, *lids, *lips, mouth + 0.8 * down, eyes - 0.7 * down], -2)
