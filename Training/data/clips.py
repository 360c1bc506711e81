"""Draws training samples from prepared clips: a driving picture and a few sources of the same person, augmented."""
import hashlib
import math
import random
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from config.base import Training
from data.storage import Clip, DeviceStorage, MappedStorage
from landmarks import LEFT_EYE, LEFT_MOUTH, RIGHT_EYE, RIGHT_MOUTH
from layers import cell_centres


@dataclass
class Sample:
    """Pictures of one clip each: sources first, the driving one last. B samples of N sources, M = N + 1 pictures."""

    pictures: Tensor
    """[B, M, 3, R, R] in 0...1; sources may have gone through AV1."""
    landmarks: Tensor
    """[B, M, 5, 2] in -1...1, NaN without a face."""
    mesh: Tensor
    """[B, M, 478, 3]: x and y in -1...1 of the vertices of `data/mesh.py`, and 1 where they face the camera; NaN without a face."""
    openness: Tensor
    """[B, M, 3] in 0...1: mouth, left and right eye of the picture; NaN without a face."""
    flow: Tensor
    """[B, N, G, G, 3]: where each cell of the driving picture's attention grid has come from in a source, x and y in -1...1, and 1 where that can be trusted."""
    flipped: Tensor
    """[B]: whether left and right of the pictures were exchanged (vertices keep their numbers)."""

    def to(self, device: torch.device) -> "Sample":
        """The same on a device."""
        return Sample(*(getattr(self, field.name).to(device, non_blocking=True) for field in fields(self)))


def similarity_rows(scale: float, turn: float, x: float, y: float) -> list[list[float]]:
    """Rows of the matrix [2, 3] that scales, turns (radians) and shifts locations in -1...1."""
    cos, sin = scale * math.cos(turn), scale * math.sin(turn)
    return [[cos, -sin, x], [sin, cos, y]]


def similarity(scale: float, turn: float, x: float, y: float) -> Tensor:
    """The same as a tensor."""
    return torch.tensor(similarity_rows(scale, turn, x, y))


def transform(pictures: Tensor, matrices: Tensor) -> Tensor:
    """Pictures [n, 3, R, R] read at transformed locations by matrices [n, 2, 3], edges mirrored."""
    with torch.autocast(pictures.device.type, enabled=False):      # which would round locations to half a pixel
        grid = F.affine_grid(matrices.float(), pictures.shape, align_corners=False)
    return F.grid_sample(pictures, grid, padding_mode="reflection", align_corners=False)


def transform_back(points: Tensor, matrices: Tensor) -> Tensor:
    """Where points [..., k, 2] of the pictures lie after `transform` by matrices [..., 2, 3]."""
    x, y = (points - matrices[..., None, :, 2]).unbind(-1)
    a, b, c, d = (matrices[..., i, j, None] for i in (0, 1) for j in (0, 1))
    # Cramer's rule: a general solver would wait for the device, to see whether it failed.
    return torch.stack([d * x - b * y, a * y - c * x], -1) / (a * d - b * c)[..., None]


def transform_points(points: Tensor, matrices: Tensor) -> Tensor:
    """Where points [..., k, 2] of transformed pictures were before `transform` by matrices [..., 2, 3]."""
    return (matrices[..., None, :, :2] * points[..., None, :]).sum(-1) + matrices[..., None, :, 2]


def choose(clip: Clip, n: int, rng: random.Random) -> list[int]:
    """Indices of n sources and a driving picture; half of the time sources whose mouths and eyes differ most from the driving one's among a few tried.

    One time in eight the driving picture is among the sources: in a call most pictures are close to one, and must come out as it is. A clip of too few pictures repeats a source.
    """
    driving = rng.randrange(len(clip.pictures))
    others = clip.others(driving)
    count = min(n, len(others))
    chosen = rng.sample(others, count)
    if rng.random() < 0.5 and not np.isnan(clip.openness[driving, 0]):
        tried = rng.sample(others, min(len(others), 4 * count))
        distance = {i: np.nan_to_num(np.abs(clip.openness[i] - clip.openness[driving]).sum()) for i in tried}
        chosen = sorted(tried, key=lambda i: -distance[i])[:count]
        rng.shuffle(chosen)
    if rng.random() < 0.12:
        chosen[rng.randrange(count)] = driving
    return [chosen[0]] * (n - count) + chosen + [driving]


class Plan:
    """All that is drawn at random for one sample: a clip, its pictures, and how they are changed. One flip, colour and framing for all; slightly different zoom, turn and shift for each, so that
    even a still clip teaches motion, unless the sample stays as filmed."""

    def __init__(self, clip: Clip, n: int, training: Training, rng: random.Random):
        u = rng.uniform
        self.clip, self.chosen = clip, choose(clip, n, rng)
        self.compressed = [rng.random() < training.compressed for _ in range(n)] + [False]
        self.flip = rng.random() < 0.5
        self.colour = [[u(0.9, 1.1) for _ in range(3)], [u(-0.05, 0.05) for _ in range(3)]]
        """What red, green and blue are multiplied by, and what is added."""
        zoom, turn, right, down, apart = u(0.78, 1.02), u(-0.15, 0.15), u(-0.1, 0.1), u(-0.1, 0.1), training.apart
        if rng.random() < training.as_filmed:
            apart = 0.0
        self.matrices = [similarity_rows(zoom * u(1 - 0.05 * apart, 1 + 0.05 * apart), turn + apart * u(-0.06, 0.06), right + apart * u(-0.06, 0.06), down + apart * u(-0.06, 0.06)) for _ in range(n + 1)]
        """Where each picture is read, see `transform`."""


class Clips:
    """All prepared clips of one or more folders, and samples drawn from them.

    `extra` folders (such as rendered heads) together give a fixed share of the samples, however many clips they hold. `side` is that of the samples' pictures, and `cell` that of the attention grid's cells in pixels.
    """

    def __init__(self, folders: list[Path], extra: list[Path] = (), training: Training = Training(), side: int | None = None, cell: int = 8):
        paths = [[p for folder in some for p in sorted(Path(folder).glob("*.pictures.npy"))] for some in (folders, extra)]
        if not paths[0]:
            raise FileNotFoundError(f"no prepared clips in {', '.join(map(str, folders))}; see data/prepare.py")
        every = [Clip(path, number) for number, path in enumerate(paths[0] + paths[1])]
        self.main, self.extra, self.training = every[:len(paths[0])], every[len(paths[0]):], training
        self.side, self.cell = side or every[0].pictures.shape[1], cell
        self.extra_share, self.with_flow = training.extra_share if self.extra else 0.0, "flow" in training.teachers
        self.storage = MappedStorage(self.side)

    def hold(self, device: torch.device) -> None:
        """Puts all arrays on a device, where samples are made from now on."""
        self.storage = DeviceStorage(self.main + self.extra, self.side, device, self.with_flow)

    def digest(self) -> str:
        """SHA-256 of the sorted names of the clips."""
        names = sorted(clip.name for clip in self.main + self.extra)
        return hashlib.sha256("\n".join(names).encode()).hexdigest()

    def batch(self, size: int, n: int, rng: random.Random) -> Sample:
        """`size` samples of n sources each. Landmarks are on the CPU; the rest is on the device that holds the arrays."""
        return self.realise([Plan(rng.choice(self.extra if rng.random() < self.extra_share else self.main), n, self.training, rng) for _ in range(size)])

    def realise(self, plans: list[Plan]) -> Sample:
        """The samples that were planned."""
        clips, device = [plan.clip for plan in plans], self.storage.device
        chosen, compressed = np.array([plan.chosen for plan in plans]), np.array([plan.compressed for plan in plans])
        flipped, colour = torch.tensor([plan.flip for plan in plans]), torch.tensor([plan.colour for plan in plans])
        matrices = torch.tensor([plan.matrices for plan in plans])                                                              # [B, M, 2, 3]
        # A flip is the picture read from right to left. So nothing else has to know of it but what has a left and a right by name.
        matrices[:, :, 0] *= torch.where(flipped, -1.0, 1.0)[:, None, None]
        half = np.array([clip.pictures.shape[1] / 2 for clip in clips], np.float32)[:, None, None, None]
        points = transform_back(torch.from_numpy(np.stack([clip.landmarks[row] for clip, row in zip(clips, chosen)]) / half - 1), matrices)
        points = torch.where(flipped[:, None, None, None], points[:, :, [RIGHT_EYE, LEFT_EYE, 2, RIGHT_MOUTH, LEFT_MOUTH]], points)
        openness = torch.from_numpy(np.stack([clip.openness[row] for clip, row in zip(clips, chosen)]))
        openness = torch.where(flipped[:, None, None], openness[..., [0, 2, 1]], openness)
        placed, (gain, offset) = matrices.to(device), colour.to(device)[:, :, None, :, None, None].unbind(1)
        pictures = transform(self.storage.pictures(clips, chosen, compressed), placed.flatten(0, 1)).unflatten(0, chosen.shape)
        mesh = self.storage.mesh(clips, chosen)
        vertices = transform_back(mesh[..., :2] / torch.from_numpy(half).to(device) - 1, placed)
        grid = self.side // self.cell
        flow = taught_flow(self.storage.flow(clips, chosen), placed, grid) if self.with_flow else torch.zeros(len(plans), chosen.shape[1] - 1, grid, grid, 3, device=device)
        return Sample((pictures * gain + offset).clamp(0, 1), points, torch.cat([vertices, mesh[..., 2:]], -1), openness.to(device), flow, flipped.to(device))


def taught_flow(fields_: Tensor, matrices: Tensor, grid: int) -> Tensor:
    """`Sample.flow` of flow [B, N, 2, s, s] between pictures that are shown through matrices [B, N + 1, 2, 3]."""
    places = cell_centres(grid, grid, fields_.device).reshape(-1, 2)
    raw = places @ matrices[:, -1, :, :2].transpose(1, 2) + matrices[:, -1, None, :, 2]                                            # [B, P, 2]
    read = F.grid_sample(fields_.flatten(1, 2), raw.unflatten(1, (grid, grid)), align_corners=False).unflatten(1, fields_.shape[1:3]).flatten(3).transpose(2, 3)      # [B, N, P, 2]
    target = transform_back(raw[:, None] + read, matrices[:, :-1])
    known = ~target.isnan().any(-1, keepdim=True) & (target.abs().amax(-1, keepdim=True) < 1) & (raw.abs().amax(-1, keepdim=True) < 1)[:, None]
    return torch.cat([torch.nan_to_num(target), known.float()], -1).unflatten(2, (grid, grid))


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
