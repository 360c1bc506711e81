"""Pictures of how a run goes on."""
import math
import struct
import zlib
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor

from model import Network


def write_png(path: Path, picture: Tensor) -> None:
    """Writes a picture [3, h, w] in 0...1 as an 8-bit RGB PNG."""
    rows = (picture.clamp(0, 1) * 255).round().byte().permute(1, 2, 0).contiguous().cpu()
    height, width = rows.shape[:2]
    lines = torch.cat([torch.zeros(height, 1, dtype=torch.uint8), rows.flatten(1)], 1).numpy().tobytes()      # each row begins with filter 0
    chunk = lambda kind, data: struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)) + chunk(b"IDAT", zlib.compress(lines, 6)) + chunk(b"IEND", b""))


def colours(count: int) -> Tensor:
    """As many hues, [count, 3]."""
    return wheel(torch.arange(count) / count)


def wheel(turn: Tensor) -> Tensor:
    """Hues of turns, 0...1 for once round the colour wheel: [..., 3]."""
    return (torch.stack([turn, turn + 2 / 3, turn + 1 / 3], -1).remainder(1) * 6 - 3).abs().sub(1).clamp(0, 1)


def draw_flow(displacement: Tensor, mass: Tensor, side: int) -> Tensor:
    """Displacements [n, 2, G, G] as pictures [n, 3, side, side]: direction as hue, length as saturation (full at a tenth of the picture); `mass` [n, 1, G, G] in 0...1 as brightness."""
    x, y = displacement.unbind(1)
    hue, length = wheel(torch.atan2(y, x) / (2 * math.pi)).movedim(-1, 1), (displacement.norm(dim=1, keepdim=True) / 0.2).clamp(0, 1)
    return F.interpolate((1 + (hue.to(length.device) - 1) * length) * (0.15 + 0.85 * mass), size=(side, side), mode="nearest")


def draw_keypoints(pictures: Tensor, locations: Tensor, strengths: Tensor) -> Tensor:
    """Pictures [n, 3, R, R] with a dot at each of the keypoints [n, K, 2], the brighter the stronger [n, K]."""
    side = pictures.shape[-1]
    along = (torch.arange(side, device=pictures.device) + 0.5) / side * 2 - 1
    radius, result = 2 * max(1.6, side / 110) / side, pictures * 0.8
    for k, colour in enumerate(colours(locations.shape[1]).to(pictures.device)):
        squared = (along[None, None, :] - locations[:, k, 0, None, None]) ** 2 + (along[None, :, None] - locations[:, k, 1, None, None]) ** 2
        dot, rim = ((squared < (r * radius) ** 2)[:, None] for r in (1.0, 1.6))
        result = torch.where(dot, colour[:, None, None] * (0.25 + 0.75 * strengths[:, k, None, None, None]), torch.where(rim, torch.zeros_like(result), result))
    return result


def draw_strengths(strengths: Tensor, width: int, height: int) -> Tensor:
    """Strengths [n, K] as bars, in the colours of the dots, [n, 3, height, width]."""
    n, k = strengths.shape
    bars = colours(k).to(strengths.device).T[None, :, None, :] * (torch.linspace(1, 0, height, device=strengths.device)[None, None, :, None] <= strengths[:, None, None, :])
    return F.interpolate(bars.expand(n, 3, height, k), size=(height, width), mode="nearest")


@torch.no_grad()
def write_sheet(network: Network, pictures: Tensor, path: Path) -> None:
    """One column for each of the first eight samples [B, N + 1, 3, R, R], the driving pictures last. From above: each source; the driving picture with its keypoints; the sources as warped; the rebuilt picture; the truth;
    for each source where the attention looks (direction as hue, length as saturation, how much it takes from this source as brightness); the driving strengths."""
    x = pictures[:8]
    n, side = x.shape[1] - 1, x.shape[-1]
    locations, strengths = network.detector(x.flatten(0, 1))
    locations, strengths = locations.unflatten(0, x.shape[:2]), strengths.unflatten(0, x.shape[:2])
    sources = network.encode(x[:, :n], locations[:, :n], strengths[:, :n])
    out = network.generator(sources, locations[:, n], strengths[:, n], network.attention)
    maps = network.attention.maps(locations[:, n], strengths[:, n], side // network.configuration.cell)
    _, mass, _ = network.attention.look(sources, maps, network.attention.queries(maps))
    displacement = out["displacement"]
    rows = [x[:, i] for i in range(n)] + [draw_keypoints(x[:, n], locations[:, n], strengths[:, n]), out["warped"], out["picture"], x[:, n]]
    rows += [draw_flow(displacement[:, i], mass[:, i], side) for i in range(n)] + [draw_strengths(strengths[:, n], side, side // 4)]
    write_png(path, torch.cat([torch.cat(list(row.float()), 2) for row in rows], 1))
