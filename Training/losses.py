"""Losses: differences of pictures, of their features (LPIPS with SqueezeNet, VGG-19), what the teachers say, and what keeps keypoints in order. (`discriminator.py` has the GAN losses.)

LPIPS with AlexNet is the measure (see `evaluate.py`) and is never trained on.
"""
import math

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch import Tensor

import tensors
from data.mesh import KEYPOINT_VERTICES, MIRRORED
from layers import cell_centres, shrink


class PerceptualDistance(nn.Module):
    """LPIPS v0.1 (Zhang et al., 2018) with the `squeeze` or `alex` backbone, of a safetensors file with `squeeze.*` and `alex.*`."""

    def __init__(self, path: str, backbone: str):
        super().__init__()
        self.backbone = backbone
        for name, tensor in tensors.load(path)[0].items():
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


class FeatureDifference(nn.Module):
    """The paper's perceptual loss: mean absolute differences of VGG-19's features after the first ReLU of each of its five blocks, weighted 1/32, 1/16, 1/8, 1/4 and 1 (Wang et al., pix2pixHD, CVPR 2018),
    of a safetensors file in torchvision's layout (`features.0.weight` and so on). Fully convolutional, so widths are the file's."""

    BLOCKS = ((0, 2), (5, 7), (10, 12, 14, 16), (19, 21, 23, 25), (28,))
    """Indices of the convolutions of each block, as far as they are needed; the first one's result is compared."""

    def __init__(self, path: str):
        super().__init__()
        loaded, _ = tensors.load(path)
        lacking = [f"features.{i}.weight" for block in self.BLOCKS for i in block if f"features.{i}.weight" not in loaded]
        if lacking:
            raise ValueError(f"{path} does not hold VGG-19 in torchvision's layout: {lacking[0]} is not there")
        for block in self.BLOCKS:
            for i in block:
                self.register_buffer(f"weight_{i}", loaded[f"features.{i}.weight"].float())
                self.register_buffer(f"bias_{i}", loaded[f"features.{i}.bias"].float())
        self.register_buffer("shift", torch.tensor([0.485, 0.456, 0.406])[:, None, None])
        self.register_buffer("scale", torch.tensor([0.229, 0.224, 0.225])[:, None, None])

    def taps(self, pictures: Tensor) -> list[Tensor]:
        """Features of pictures [n, 3, h, w] in 0...1."""
        x, taps = (pictures - self.shift) / self.scale, []
        for number, block in enumerate(self.BLOCKS):
            x = F.max_pool2d(x, 2) if number else x
            for i in block:
                x = F.relu(F.conv2d(x, getattr(self, f"weight_{i}"), getattr(self, f"bias_{i}"), padding=1))
                if i == block[0]:
                    taps.append(x.float())
        return taps

    def forward(self, a: Tensor, b: Tensor) -> Tensor:
        """The loss of pictures [n, 3, h, w] in 0...1 against true ones, whose gradient is not needed."""
        with torch.no_grad():
            true = self.taps(b)
        return sum(share * (p - q).abs().mean() for share, p, q in zip((1 / 32, 1 / 16, 1 / 8, 1 / 4, 1.0), self.taps(a), true))


def picture_loss(wanted: set[str], distance: PerceptualDistance | None, rebuilt: Tensor, warped: Tensor, truth: Tensor, weight: Tensor) -> dict[str, Tensor]:
    """Those wanted of L1 and two-scale LPIPS of the rebuilt and of the warped pictures [n, 3, h, w] against the truth, weighted by [n, 1, h, w]."""
    n, losses = len(truth), {}
    if "l1" in wanted:
        losses["l1"] = ((rebuilt - truth).abs() * weight).mean()
    if "l1_warped" in wanted:
        losses["l1_warped"] = ((warped - truth).abs() * weight).mean()
    if {"lpips", "lpips_warped"} & wanted:
        taps = distance.taps(torch.cat([rebuilt, warped] if "lpips_warped" in wanted else [rebuilt]))
        with torch.no_grad():
            true = distance.taps(truth)
        losses["lpips"] = distance.between([t[:n] for t in taps], true, weight).mean()
        if "lpips_warped" in wanted:
            losses["lpips_warped"] = distance.between([t[n:] for t in taps], true, weight).mean()
    if "lpips_half" in wanted:
        with torch.no_grad():
            true = distance.taps(shrink(truth, 2))
        losses["lpips_half"] = distance.between(distance.taps(shrink(rebuilt, 2)), true, weight).mean()
    return {name: value for name, value in losses.items() if name in wanted}


def repulsion(locations: Tensor, free: list[int], least: float = 0.1) -> Tensor:
    """How much the `free` keypoints of [B, K, 2] crowd each other and the rest: the sum over pairs of what is missing from a squared distance of `least` squared."""
    squared = (locations[:, free, None] - locations[:, None]).square().sum(-1)                 # [B, F, K]
    squared = squared + torch.eye(locations.shape[1], device=locations.device)[free] * 9
    return F.relu(least ** 2 - squared).sum((1, 2)).mean()


def mean_known(error: Tensor, known: Tensor) -> Tensor:
    """Mean of an error where it is known (1, not 0), both of one shape; 0 where nothing is. Errors there may not be NaN."""
    return (error * known).sum() / known.sum().clamp(min=1)


def keypoint_targets(mesh: Tensor, flipped: Tensor, keypoints: int) -> Tensor:
    """Places [..., K, 2] in -1...1 that keypoints are drawn to, of meshes [B, M, 478, 3] of samples that were flipped or not [B]; NaN for keypoints that find their own place."""
    plain, mirrored = torch.full((keypoints,), -1), torch.full((keypoints,), -1)
    for keypoint, vertex in KEYPOINT_VERTICES.items():
        if keypoint < keypoints:
            plain[keypoint], mirrored[keypoint] = vertex, KEYPOINT_VERTICES[MIRRORED.get(keypoint, keypoint)]
    vertices = torch.where(flipped[:, None], mirrored.to(mesh.device), plain.to(mesh.device))   # [B, K]
    index = vertices.clamp(min=0)[:, None, :, None].expand(-1, mesh.shape[1], -1, 2)
    return torch.where((vertices < 0)[:, None, :, None], math.nan, mesh[..., :2].gather(2, index))


def mesh_error(displacement: Tensor, window: tuple[float, float, float], mesh: Tensor) -> Tensor:
    """How far, in -1...1 units, displacements [B, N, 2, h, w] send the vertices of the driving face from where they are in each source; meshes [B, N + 1, 478, 3], the driving one last.

    The displacements are those of a part of the picture: `window` is its upper and left edge and its side, as shares of the picture's side.
    """
    top, left, side = window
    here, there = mesh[:, -1:], mesh[:, :-1]
    place = (here[..., :2] + 1) / 2
    place = torch.stack([(place[..., 0] - left) / side, (place[..., 1] - top) / side], -1) * 2 - 1
    known = here[..., 2] * there[..., 2] * (place.abs().amax(-1) < 1) * (there[..., :2].abs().amax(-1) < 1) * ~(here + there).isnan().any(-1)       # [B, N, V]
    b, n = displacement.shape[:2]
    read = F.grid_sample(displacement.float().flatten(0, 1), torch.nan_to_num(place).expand(b, n, -1, -1).flatten(0, 1)[:, None], padding_mode="border", align_corners=False)
    read = read[:, :, 0].unflatten(0, (b, n)).transpose(2, 3)                                  # [B, N, V, 2]
    return mean_known(torch.nan_to_num(here[..., :2] + read - there[..., :2]).abs().sum(-1), known)


def flow_error(displacement: Tensor, flow: Tensor, window: tuple[float, float, float]) -> Tensor:
    """How far, in -1...1 units, displacements [B, N, 2, h, w] are from the taught flow [B, N, h, w, 3] where it can be trusted; `window` as of `mesh_error`."""
    top, left, side = window
    h, w = displacement.shape[-2:]
    centres = (cell_centres(h, w, displacement.device) + 1) * side - 1 + 2 * torch.tensor([left, top], device=displacement.device)
    found = centres + displacement.permute(0, 1, 3, 4, 2)
    return mean_known((found - flow[..., :2]).abs().sum(-1), flow[..., 2])


def opening_error(strengths: Tensor, openness: Tensor) -> Tensor:
    """How far the strengths [B, M, K] of lower lip, left and right upper lid are from how far mouth and eyes [B, M, 3] are open."""
    chosen = [k for k in OPENING_KEYPOINTS if k < strengths.shape[2]]
    known = ~openness[..., :len(chosen)].isnan()
    return mean_known((strengths[:, :, chosen] - torch.nan_to_num(openness[..., :len(chosen)])).abs(), known)


OPENING_KEYPOINTS = (6, 5, 7)
"""Keypoints whose strengths say how far mouth, left and right eye are open."""
