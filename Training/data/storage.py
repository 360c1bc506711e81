"""Where the arrays of prepared clips are while training: mapped into memory, or all of them on the device."""
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from data.flow import flow, reduced
from data.mesh import VERTICES, openness, visible


class Clip:
    """Prepared arrays of one clip, mapped into memory."""

    def __init__(self, path: Path, number: int = 0):
        stem = path.name.removesuffix(".pictures.npy")
        self.name, self.number = stem, number
        beside = lambda kind: path.with_name(f"{stem}.{kind}.npy")
        self.pictures = np.load(path, mmap_mode="r")
        self.compressed = np.load(beside("compressed"), mmap_mode="r")
        self.landmarks = np.load(beside("landmarks"))
        mesh = np.load(beside("mesh")) if beside("mesh").exists() else np.full((len(self.pictures), VERTICES, 3), np.nan, np.float32)
        self.openness = openness(mesh).astype(np.float32)
        self.mesh = np.append(mesh[..., :2], visible(mesh)[..., None], -1).astype(np.float32)
        """[n, 478, 3]: x and y in pixels, and 1 where the vertex faces the camera."""
        self.flow = np.load(beside("flow"), mmap_mode="r") if beside("flow").exists() else None
        self.partners = np.load(beside("partners")) if self.flow is not None else None

    def others(self, driving: int) -> list[int]:
        """Pictures that can be sources of a driving picture: its partners where flow was computed before, else all others."""
        return [i for i in range(len(self.pictures)) if i != driving] if self.partners is None else self.partners[driving].tolist()

    def slot(self, driving: int, source: int) -> int:
        """Which of the driving picture's partners a source is, -1 for the driving picture itself."""
        return -1 if source == driving else self.partners[driving].tolist().index(source)

    def between(self, driving: int, source: int) -> np.ndarray:
        """Flow [2, s, s] from a driving picture to a source: computed before, or now (`data/flow.py`)."""
        if self.flow is None:
            return flow(reduced(self.pictures[driving]), reduced(self.pictures[source]))
        slot = self.slot(driving, source)
        return self.flow[driving, slot].astype(np.float32) if slot >= 0 else np.zeros(self.flow.shape[2:], np.float32)


def resized(pictures: Tensor, side: int) -> Tensor:
    """8-bit pictures [n, h, w, 3] as [n, 3, side, side] in 0...1, each pixel the mean of what it covers."""
    x = pictures.permute(0, 3, 1, 2).float() / 255
    return x if x.shape[-1] == side else F.interpolate(x, size=(side, side), mode="area")


class MappedStorage:
    """Arrays are read from their files when they are needed."""

    device = torch.device("cpu")

    def __init__(self, side: int):
        self.side = side

    def pictures(self, clips: list[Clip], chosen: np.ndarray, compressed: np.ndarray) -> Tensor:
        """Pictures [B * M, 3, R, R] in 0...1 of clips and indices [B, M], through AV1 where [B, M] says so."""
        rows = [(clip.compressed if c else clip.pictures)[i] for clip, row, flags in zip(clips, chosen, compressed) for i, c in zip(row, flags)]
        return resized(torch.from_numpy(np.stack(rows)), self.side)

    def mesh(self, clips: list[Clip], chosen: np.ndarray) -> Tensor:
        """Meshes [B, M, 478, 3], see `Clip.mesh`."""
        return torch.from_numpy(np.stack([clip.mesh[row] for clip, row in zip(clips, chosen)]))

    def flow(self, clips: list[Clip], chosen: np.ndarray) -> Tensor:
        """Flow [B, N, 2, s, s] from the last of the chosen pictures to each other one."""
        return torch.from_numpy(np.stack([[clip.between(row[-1], i) for i in row[:-1]] for clip, row in zip(clips, chosen)]))


class DeviceStorage:
    """All arrays on a device, at the size that is trained on: a batch is gathered there, and only indices travel. Flow must have been computed before."""

    def __init__(self, clips: list[Clip], side: int, device: torch.device, with_flow: bool):
        lacking = [clip.name for clip in clips if with_flow and clip.flow is None]
        if lacking:
            raise FileNotFoundError(f"{lacking[0]}.flow.npy and {len(lacking) - 1} more are not there: compute flow once by python -m data.flow, or train without it: --set teachers=mesh")
        self.device = device
        counts = [len(clip.pictures) for clip in clips]
        self.first = np.concatenate([[0], np.cumsum(counts)])
        self.first_pair = np.concatenate([[0], np.cumsum([clip.partners.size for clip in clips])]) if with_flow else None
        total = int(self.first[-1])
        self._pixels = torch.empty(2 * total, side, side, 3, dtype=torch.uint8, device=device)
        for clip in clips:
            for start, array in ((0, clip.pictures), (total, clip.compressed)):
                begin = start + int(self.first[clip.number])
                on_device = torch.from_numpy(np.array(array)).to(device)
                self._pixels[begin:begin + len(array)] = (resized(on_device, side) * 255).round().byte().permute(0, 2, 3, 1)
        self._mesh = torch.cat([torch.from_numpy(clip.mesh) for clip in clips]).to(device)
        self._flow = None
        if with_flow:
            fields = [torch.from_numpy(np.array(clip.flow)).flatten(0, 1).to(device) for clip in clips]
            self._flow = torch.cat([*fields, torch.zeros_like(fields[0][:1])])      # the last one: of a picture to itself

    @staticmethod
    def bytes_needed(clips: list[Clip], side: int, with_flow: bool) -> int:
        """Memory that the arrays of clips take on a device."""
        pictures = sum(len(clip.pictures) for clip in clips)
        return pictures * (2 * side * side * 3 + VERTICES * 12) + sum(clip.flow.size * 2 for clip in clips if with_flow and clip.flow is not None)

    def _indices(self, clips: list[Clip], chosen: np.ndarray) -> np.ndarray:
        return chosen + np.array([self.first[clip.number] for clip in clips])[:, None]

    def pictures(self, clips: list[Clip], chosen: np.ndarray, compressed: np.ndarray) -> Tensor:
        """See `MappedStorage`."""
        index = self._indices(clips, chosen) + compressed * int(self.first[-1])
        return self._pixels[torch.from_numpy(index.ravel()).to(self.device)].permute(0, 3, 1, 2).float() / 255

    def mesh(self, clips: list[Clip], chosen: np.ndarray) -> Tensor:
        """See `MappedStorage`."""
        return self._mesh[torch.from_numpy(self._indices(clips, chosen)).to(self.device)]

    def flow(self, clips: list[Clip], chosen: np.ndarray) -> Tensor:
        """See `MappedStorage`."""
        last = len(self._flow) - 1
        slots = [[clip.slot(row[-1], i) for i in row[:-1]] for clip, row in zip(clips, chosen.tolist())]
        index = [[int(self.first_pair[clip.number]) + row[-1] * clip.partners.shape[1] + slot if slot >= 0 else last for slot in found] for clip, row, found in zip(clips, chosen.tolist(), slots)]
        return self._flow[torch.tensor(index).to(self.device)].float()
