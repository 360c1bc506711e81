"""Draws training samples from prepared clips: a driving picture and one to three sources of the same person, augmented."""
import hashlib
import math
import random
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from data.expression import EYE_CODES, MOUTH_CODES, Components, symmetric
from landmarks import LEFT_EYE, LEFT_MOUTH, RIGHT_EYE, RIGHT_MOUTH


@dataclass
class Sample:
    """Pictures of one clip: sources first, the driving one last."""

    pictures: Tensor
    """[N + 1, 3, R, R] in 0...1; sources may have gone through VP8."""
    landmarks: Tensor
    """[N + 1, 5, 2] in -1...1, NaN without a face."""
    codes: Tensor
    """[N + 1, 7] in 0...1: what mouth (3), left and right eye (2 each) do, see `data/expression.py`; NaN without a face."""


def similarity(scale: float, turn: float, x: float, y: float) -> Tensor:
    """Matrix [2, 3] that scales, turns (radians) and shifts locations in -1...1."""
    cos, sin = scale * math.cos(turn), scale * math.sin(turn)
    return torch.tensor([[cos, -sin, x], [sin, cos, y]])


def transform(pictures: Tensor, matrices: Tensor) -> Tensor:
    """Pictures [n, 3, R, R] read at transformed locations by matrices [n, 2, 3], edges mirrored."""
    grid = F.affine_grid(matrices, pictures.shape, align_corners=False)
    return F.grid_sample(pictures, grid, padding_mode="reflection", align_corners=False)


def transform_back(points: Tensor, matrices: Tensor) -> Tensor:
    """Where points [n, k, 2] of the pictures lie after `transform` by matrices [n, 2, 3]."""
    return torch.linalg.solve(matrices[:, None, :, :2], (points - matrices[:, None, :, 2])[..., None]).squeeze(-1)


class Clip:
    """Prepared arrays of one clip, mapped into memory."""

    def __init__(self, path: Path):
        stem = path.name.removesuffix(".pictures.npy")
        self.name = stem
        self.pictures = np.load(path, mmap_mode="r")
        self.compressed = np.load(path.with_name(stem + ".compressed.npy"), mmap_mode="r")
        self.landmarks = np.load(path.with_name(stem + ".landmarks.npy"))
        self.mouths = np.load(path.with_name(stem + ".mouths.npy"))
        self.eyes = np.load(path.with_name(stem + ".eyes.npy"))
        self.codes = np.full((len(self.pictures), MOUTH_CODES + 2 * EYE_CODES), np.nan, np.float32)

    def choose(self, n: int, rng: random.Random) -> list[int]:
        """Indices of n sources and a driving picture; half of the time sources whose mouths differ most from the driving one among a few tried.

        One time in eight the driving picture is among the sources: in a call most pictures are close to one, and must come out as it is.
        """
        chosen = rng.sample(range(len(self.pictures)), n + 1)
        driving = chosen.pop()
        if rng.random() < 0.5 and not np.isnan(self.mouths[driving, 0, 0]):
            rest = [i for i in range(len(self.pictures)) if i != driving]
            tried = rng.sample(rest, min(len(rest), 4 * n))
            distance = {i: np.nan_to_num(np.abs(self.mouths[i] - self.mouths[driving]).mean()) for i in tried}
            chosen = sorted(tried, key=lambda i: -distance[i])[:n]
            rng.shuffle(chosen)
        if rng.random() < 0.12:
            chosen[rng.randrange(n)] = driving
        return chosen + [driving]


class Clips:
    """All prepared clips of one or more folders, and samples drawn from them."""

    def __init__(self, folders: list[Path], extra: list[Path] = (), extra_share: float = 0.15, as_filmed: float = 0.65):
        """`extra` folders (such as rendered heads) together give `extra_share` of the samples, however many clips they hold; in `as_filmed` of them nothing moves but what the camera saw move."""
        self.main = [Clip(p) for folder in folders for p in sorted(folder.glob("*.pictures.npy"))]
        self.extra = [Clip(p) for folder in extra for p in sorted(folder.glob("*.pictures.npy"))]
        self.extra_share, self.as_filmed = extra_share if self.extra else 0.0, as_filmed
        if not self.main:
            raise FileNotFoundError("no prepared clips; see data/prepare.py")
        mouths = Components([symmetric(clip.mouths) for clip in self.main], MOUTH_CODES)
        eyes = Components([clip.eyes[:, side] for clip in self.main for side in (0, 1)], EYE_CODES)
        for clip in self.main + self.extra:
            clip.codes[:] = np.concatenate([mouths.codes(symmetric(clip.mouths)), eyes.codes(clip.eyes[:, 0]), eyes.codes(clip.eyes[:, 1])], 1)

    def digest(self) -> str:
        """SHA-256 of the sorted names of the clips."""
        names = sorted(clip.name for clip in self.main + self.extra)
        return hashlib.sha256("\n".join(names).encode()).hexdigest()

    def draw(self, n: int, rng: random.Random) -> Sample:
        """A sample of n sources: one flip, colour and framing for all; slightly different zoom, turn and shift for each, so that even a still clip teaches motion."""
        clip = rng.choice(self.extra if rng.random() < self.extra_share else self.main)
        chosen = clip.choose(min(n, len(clip.pictures) - 1), rng)
        chosen = [chosen[0]] * (n + 1 - len(chosen)) + chosen
        arrays = [clip.compressed if i < n and rng.random() < 0.7 else clip.pictures for i in range(n + 1)]
        x = torch.from_numpy(np.stack([a[i] for a, i in zip(arrays, chosen)])).permute(0, 3, 1, 2).float() / 255
        points = torch.from_numpy(clip.landmarks[chosen]) / (x.shape[-1] / 2) - 1
        codes = torch.from_numpy(clip.codes[chosen])
        if rng.random() < 0.5:
            x = x.flip(-1)
            mouth, left, right = codes.split([MOUTH_CODES, EYE_CODES, EYE_CODES], 1)
            codes = torch.cat([mouth, right, left], 1)
            points = points * torch.tensor([-1.0, 1.0])
            points = points[:, [RIGHT_EYE, LEFT_EYE, 2, RIGHT_MOUTH, LEFT_MOUTH]]
        u = rng.uniform
        gain, offset = torch.tensor([u(0.9, 1.1) for _ in range(3)]), torch.tensor([u(-0.05, 0.05) for _ in range(3)])
        x = (x * gain[:, None, None] + offset[:, None, None]).clamp(0, 1)
        zoom, turn, right, down = u(0.78, 1.02), u(-0.15, 0.15), u(-0.1, 0.1), u(-0.1, 0.1)
        matrices = torch.stack([similarity(zoom * u(0.95, 1.05), turn + u(-0.06, 0.06), right + u(-0.06, 0.06), down + u(-0.06, 0.06)) for _ in range(n + 1)])
        if rng.random() < self.as_filmed:
            matrices = matrices[:1].expand(n + 1, -1, -1)
        return Sample(transform(x, matrices), transform_back(points, matrices), codes)

    def batch(self, size: int, n: int, rng: random.Random) -> Sample:
        """`size` samples of n sources each: pictures [B, N + 1, 3, R, R], landmarks [B, N + 1, 5, 2], codes [B, N + 1, 7]."""
        samples = [self.draw(n, rng) for _ in range(size)]
        return Sample(torch.stack([s.pictures for s in samples]), torch.stack([s.landmarks for s in samples]), torch.stack([s.codes for s in samples]))


def face_boxes(landmarks: Tensor) -> Tensor:
    """Boxes of left eye, right eye and mouth of landmarks [..., 5, 2], [..., 3, 4] as (x0, y0, x1, y1) in -1...1; NaN without a face."""
    eyes = landmarks[..., [LEFT_EYE, RIGHT_EYE], :]
    span = torch.linalg.norm(eyes[..., 1, :] - eyes[..., 0, :], dim=-1, keepdim=True)
    mouth = landmarks[..., [LEFT_MOUTH, RIGHT_MOUTH], :].mean(-2, keepdim=True)
    width = torch.linalg.norm(landmarks[..., RIGHT_MOUTH, :] - landmarks[..., LEFT_MOUTH, :], dim=-1, keepdim=True)
    span = torch.maximum(span, 0.8 * width)      # in profile the eyes come close
    centres = torch.cat([eyes, mouth], -2)
    sizes = torch.stack([torch.cat([0.36 * span, 0.24 * span], -1)] * 2 + [torch.cat([0.62 * span, 0.45 * span], -1)], -2)
    return torch.cat([centres - sizes, centres + sizes], -1)


def box_masks(boxes: Tensor, side: int) -> Tensor:
    """1 inside any of the boxes [B, M, 4] in -1...1, else 0: [B, side, side]. Boxes of NaN are empty."""
    centres = (torch.arange(side, device=boxes.device) + 0.5) / side * 2 - 1
    across = (centres >= boxes[..., 0, None]) & (centres <= boxes[..., 2, None])
    down = (centres >= boxes[..., 1, None]) & (centres <= boxes[..., 3, None])
    return (down[..., :, None] & across[..., None, :]).any(1).float()
