"""Draws training samples from prepared clips: a driving picture and one to three sources of the same person, augmented."""
import hashlib
import math
import random
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from data.flow import flow, reduced
from data.mesh import VERTICES, openness, visible
from landmarks import LEFT_EYE, LEFT_MOUTH, RIGHT_EYE, RIGHT_MOUTH
from model import cell_centres


@dataclass
class Sample:
    """Pictures of one clip: sources first, the driving one last; a batch of them has one more dimension in front."""

    pictures: Tensor
    """[N + 1, 3, R, R] in 0...1; sources may have gone through VP8."""
    landmarks: Tensor
    """[N + 1, 5, 2] in -1...1, NaN without a face."""
    mesh: Tensor
    """[N + 1, 478, 3]: x and y in -1...1 of the vertices of `data/mesh.py`, and 1 where they face the camera; NaN without a face."""
    openness: Tensor
    """[N + 1, 3] in 0...1: mouth, left and right eye of the picture; NaN without a face."""
    flow: Tensor
    """[N, G, G, 3]: where each cell of the driving picture's attention grid has come from in a source, x and y in -1...1, and 1 where that can be trusted."""
    flipped: Tensor
    """Whether left and right of the pictures were exchanged (vertices keep their numbers)."""

    def to(self, device: torch.device) -> "Sample":
        """The same on a device."""
        return Sample(*(getattr(self, field.name).to(device, non_blocking=True) for field in fields(self)))


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
        mesh = path.with_name(stem + ".mesh.npy")
        self.mesh = np.load(mesh) if mesh.exists() else np.full((len(self.pictures), VERTICES, 3), np.nan, np.float32)
        self.openness = openness(self.mesh).astype(np.float32)
        self.visible = visible(self.mesh).astype(np.float32)

    def choose(self, n: int, rng: random.Random) -> list[int]:
        """Indices of n sources and a driving picture; half of the time sources whose mouths and eyes differ most from the driving one's among a few tried.

        One time in eight the driving picture is among the sources: in a call most pictures are close to one, and must come out as it is.
        """
        chosen = rng.sample(range(len(self.pictures)), n + 1)
        driving = chosen.pop()
        if rng.random() < 0.5 and not np.isnan(self.openness[driving, 0]):
            rest = [i for i in range(len(self.pictures)) if i != driving]
            tried = rng.sample(rest, min(len(rest), 4 * n))
            distance = {i: np.nan_to_num(np.abs(self.openness[i] - self.openness[driving]).sum()) for i in tried}
            chosen = sorted(tried, key=lambda i: -distance[i])[:n]
            rng.shuffle(chosen)
        if rng.random() < 0.12:
            chosen[rng.randrange(n)] = driving
        return chosen + [driving]


class Clips:
    """All prepared clips of one or more folders, and samples drawn from them."""

    def __init__(self, folders: list[Path], extra: list[Path] = (), extra_share: float = 0.15, as_filmed: float = 0.65, apart: float = 1.0):
        """`extra` folders (such as rendered heads) together give `extra_share` of the samples, however many clips they hold; in `as_filmed` of them nothing moves but what the camera saw
        move, in the others each picture is zoomed, turned and shifted a little on its own, times `apart`."""
        self.main = [Clip(p) for folder in folders for p in sorted(folder.glob("*.pictures.npy"))]
        self.extra = [Clip(p) for folder in extra for p in sorted(folder.glob("*.pictures.npy"))]
        self.extra_share, self.as_filmed, self.apart = extra_share if self.extra else 0.0, as_filmed, apart
        if not self.main:
            raise FileNotFoundError("no prepared clips; see data/prepare.py")

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
        flip = rng.random() < 0.5
        pixels = np.stack([a[i] for a, i in zip(arrays, chosen)])
        small = [reduced(clip.pictures[i][:, ::-1] if flip else clip.pictures[i]) for i in chosen]
        x = torch.from_numpy(pixels).permute(0, 3, 1, 2).float() / 255
        half = x.shape[-1] / 2
        points, mesh = torch.from_numpy(clip.landmarks[chosen]) / half - 1, torch.from_numpy(clip.mesh[chosen, :, :2]) / half - 1
        if flip:
            x = x.flip(-1)
            points, mesh = points * torch.tensor([-1.0, 1.0]), mesh * torch.tensor([-1.0, 1.0])
            points = points[:, [RIGHT_EYE, LEFT_EYE, 2, RIGHT_MOUTH, LEFT_MOUTH]]
        u = rng.uniform
        gain, offset = torch.tensor([u(0.9, 1.1) for _ in range(3)]), torch.tensor([u(-0.05, 0.05) for _ in range(3)])
        x = (x * gain[:, None, None] + offset[:, None, None]).clamp(0, 1)
        zoom, turn, right, down = u(0.78, 1.02), u(-0.15, 0.15), u(-0.1, 0.1), u(-0.1, 0.1)
        a = self.apart
        matrices = torch.stack([similarity(zoom * u(1 - 0.05 * a, 1 + 0.05 * a), turn + a * u(-0.06, 0.06), right + a * u(-0.06, 0.06), down + a * u(-0.06, 0.06)) for _ in range(n + 1)])
        if rng.random() < self.as_filmed:
            matrices = matrices[:1].expand(n + 1, -1, -1)
        seen = torch.from_numpy(clip.visible[chosen])[..., None]
        open_ = torch.from_numpy(clip.openness[chosen])
        return Sample(transform(x, matrices), transform_back(points, matrices), torch.cat([transform_back(mesh, matrices), seen], -1),
                      open_[:, [0, 2, 1]] if flip else open_, taught_flow(small, matrices, x.shape[-1] // 8), torch.tensor(flip))

    def batch(self, size: int, n: int, rng: random.Random) -> Sample:
        """`size` samples of n sources each, every tensor with one more dimension in front."""
        samples = [self.draw(n, rng) for _ in range(size)]
        return Sample(*(torch.stack([getattr(sample, field.name) for sample in samples]) for field in fields(Sample)))


def taught_flow(small: list[np.ndarray], matrices: Tensor, grid: int) -> Tensor:
    """`Sample.flow` of reduced pictures, sources first, that are shown through matrices [N + 1, 2, 3]."""
    places = cell_centres(grid, grid).reshape(-1, 2)
    raw = places @ matrices[-1, :, :2].T + matrices[-1, :, 2]
    fields_ = [flow(small[-1], source) for source in small[:-1]]
    rows = torch.from_numpy(np.concatenate([np.stack([f for f, _ in fields_]), np.stack([g for _, g in fields_])[..., None]], -1).astype(np.float32)).permute(0, 3, 1, 2)
    read = F.grid_sample(rows, raw.reshape(1, grid, grid, 2).expand(len(rows), -1, -1, -1), align_corners=False).permute(0, 2, 3, 1).flatten(1, 2)      # [N, P, 3]
    target = transform_back(raw + read[..., :2], matrices[:-1])
    known = (read[..., 2:] > 0.99) & (target.abs().amax(-1, keepdim=True) < 1) & (raw.abs().amax(-1, keepdim=True) < 1)
    return torch.cat([target, known.float()], -1).unflatten(1, (grid, grid))


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
