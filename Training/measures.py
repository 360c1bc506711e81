"""Measures of rebuilt pictures against true ones, of background that should stand still, and of what a clip shows."""
import math
from dataclasses import dataclass
from functools import cache

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from data.clips import box_masks, face_boxes
from data.crop import EYES_TO_MOUTH
from landmarks import LEFT_EYE, LEFT_MOUTH, NOSE, RIGHT_EYE, RIGHT_MOUTH, LandmarkDetector
from losses import PerceptualDistance

STATIC = 4.0
"""8-bit levels: where no colour of the original has a larger standard deviation over the clip, nothing moves."""
LEAST_BACKGROUND = 0.02
"""Share of the picture that must be background standing still for its motion to be measured."""


@cache
def blur(size: int, kind: torch.dtype) -> Tensor:
    """Matrix [size - 10, size] that takes the Gaussian mean of sigma 1.5 of 11 values, wherever they fit; several times as fast here as a convolution."""
    weights = torch.exp(-(torch.arange(11, dtype=torch.float64) - 5) ** 2 / 4.5)
    matrix = torch.zeros(size - 10, size, dtype=torch.float64)
    for i in range(size - 10):
        matrix[i, i:i + 11] = weights / weights.sum()
    return matrix.to(kind)


def ssim(a: Tensor, b: Tensor) -> Tensor:
    """Structural similarity (Wang et al., 2004) of pictures [n, 3, h, w] in 0...1, Gaussian window of 11 and sigma 1.5, mean over channels: [n]."""
    rows, columns = (blur(size, a.dtype) for size in a.shape[2:])
    mean = lambda t: rows @ t @ columns.T
    ma, mb = mean(a), mean(b)
    va, vb, cov = mean(a * a) - ma ** 2, mean(b * b) - mb ** 2, mean(a * b) - ma * mb
    value = (2 * ma * mb + 1e-4) * (2 * cov + 9e-4) / ((ma ** 2 + mb ** 2 + 1e-4) * (va + vb + 9e-4))
    return value.mean((1, 2, 3))


def head(points: np.ndarray) -> tuple[np.ndarray, float]:
    """Of a clip's landmarks [n, 5, 2]: the middle between eyes and mouth of each picture [n, 2], and the height of the head, median, in the same unit."""
    eyes, mouth = points[:, [LEFT_EYE, RIGHT_EYE]], points[:, [LEFT_MOUTH, RIGHT_MOUTH]].mean(1)
    length = np.maximum(np.linalg.norm(mouth - eyes.mean(1), axis=-1), 0.9 * np.linalg.norm(eyes[:, 1] - eyes[:, 0], axis=-1))
    return (eyes.mean(1) + mouth) / 2, float(np.nanmedian(length)) / EYES_TO_MOUTH


def person_mask(points: np.ndarray, side: int) -> np.ndarray:
    """True [side, side] where head and shoulders may be in any picture of a clip with landmarks [n, 5, 2] in pixels, generously: 1.2 heads wide from above the hair, three below the chin."""
    middles, height = head(points)
    down, across = np.mgrid[:side, :side] + 0.5
    mask = np.zeros((side, side), bool)
    for x, y in middles[~np.isnan(middles[:, 0])]:
        mask |= (abs(across - x) < 0.6 * height) & (down > y - 0.9 * height)
        mask |= (abs(across - x) < 1.5 * height) & (down > y + 0.4 * height)
    return mask


def static_background(pictures: np.ndarray, points: np.ndarray | None) -> np.ndarray | None:
    """True [R, R] where the original [n, R, R, 3], 8-bit, shows background that stands still: outside of head and shoulders, colours within `STATIC` over the whole clip. None without a face, or
    where there is next to none."""
    if points is None or np.isnan(points[:, 0, 0]).all():
        return None
    mask = (pictures.astype(np.float32).std(0).max(-1) < STATIC) & ~person_mask(points, pictures.shape[1])
    return mask if mask.mean() >= LEAST_BACKGROUND else None


def background_motion(rebuilt: Tensor, truth: Tensor, mask: np.ndarray | None) -> Tensor:
    """By how many 8-bit levels the background differs from one rebuilt picture to the next, more than in the original: [n], NaN for the first picture and without a mask; below 0 where the original
    trembles (noise, compression) and the rebuilt one does not. Pictures [n, 3, R, R] in 0...1, `mask` from `static_background`."""
    result = torch.full((len(truth),), float("nan"))
    if mask is not None and len(truth) > 1:
        inside = torch.from_numpy(mask)
        jumps = [(t[1:] - t[:-1]).abs()[..., inside].mean((1, 2)) for t in (rebuilt, truth)]
        result[1:] = 255 * (jumps[0] - jumps[1])
    return result


def head_motion(points: np.ndarray | None) -> str:
    """What the head does in a clip with landmarks [n, 5, 2]: `still head`, `moving head`, `large turn`, or `no face`.

    Measured against the first picture, which is always a source: how far the head's middle goes, in heights of the head, and how far the nose leaves the line from eyes to mouth as the head turns, in the same unit (0.09 is a
    turn of some 20 degrees); 95th percentiles. Still: below 0.05 and 0.02; large: above 0.3 or 0.09.
    """
    if points is None or np.isnan(points[:, 0, 0]).all():
        return "no face"
    known = points[~np.isnan(points[:, 0, 0])]
    middles, height = head(known)
    axis = known[:, [LEFT_MOUTH, RIGHT_MOUTH]].mean(1) - known[:, [LEFT_EYE, RIGHT_EYE]].mean(1)
    nose = known[:, NOSE] - middles
    turn = (nose[:, 0] * axis[:, 1] - nose[:, 1] * axis[:, 0]) / np.linalg.norm(axis, axis=-1) / height
    shift = np.percentile(np.linalg.norm(middles - middles[0], axis=-1) / height, 95)
    turn = np.percentile(np.abs(turn - turn[0]), 95)
    return "large turn" if shift > 0.3 or turn > 0.09 else "still head" if shift < 0.05 and turn < 0.02 else "moving head"


@dataclass
class Truth:
    """The pictures of a clip as they should be, and what is measured on them once."""

    pictures: Tensor
    """[n, 3, R, R] in 0...1."""
    taps: list[Tensor]
    """Their features for LPIPS, each [n, ...]."""
    points: Tensor | None
    """Landmarks [n, 5, 2] in pixels, NaN without a face; None without a detector."""
    background: np.ndarray | None
    """See `static_background`."""


class Measures:
    """All measures of pictures."""

    def __init__(self, lpips: str, mtcnn: str | None):
        self.distance = PerceptualDistance(lpips, "alex")
        self.landmarks = LandmarkDetector(mtcnn, smallest=56) if mtcnn else None

    def truth(self, pictures: np.ndarray, points: Tensor | None = None) -> Truth:
        """The truth of a clip's pictures [n, R, R, 3], 8-bit; landmarks are found where they are not given."""
        x = torch.from_numpy(pictures).permute(0, 3, 1, 2).float().contiguous() / 255
        if points is None and self.landmarks:
            points = self.landmarks(x)
        return Truth(x, self.taps(x), points, static_background(pictures, points.numpy() if points is not None else None))

    def taps(self, pictures: Tensor) -> list[Tensor]:
        """Features for LPIPS of pictures [n, 3, R, R], few at a time: larger batches leave the processor's caches."""
        return [torch.cat(parts) for parts in zip(*(self.distance.taps(part) for part in pictures.split(4)))]

    def __call__(self, rebuilt: Tensor, truth: Truth) -> dict[str, np.ndarray]:
        """Measures of pictures [n, 3, R, R], each [n]: `lpips`, `psnr` (NaN where they are exact), `l1` (of 255), `ssim`, `background` (see `background_motion`) and, where landmarks are known, `akd` (pixels), `eyes_l1`, `mouth_l1`."""
        rebuilt = (rebuilt * 255).round().clamp(0, 255) / 255
        return self._measure(rebuilt, self.taps(rebuilt), self.landmarks(rebuilt) if truth.points is not None and self.landmarks else None, truth)

    def copied(self, chosen: list[int], truth: Truth) -> dict[str, np.ndarray]:
        """The same of showing picture `chosen[i]` of the clip unchanged in the place of picture i."""
        return self._measure(truth.pictures[chosen], [tap[chosen] for tap in truth.taps], truth.points[chosen] if truth.points is not None else None, truth)

    def best_copied(self, sources: list[int], truth: Truth) -> dict[str, np.ndarray]:
        """The same of showing for each picture the one of the sources that is nearest to it by LPIPS."""
        distances = torch.stack([self.distance.between([tap[i:i + 1] for tap in truth.taps], truth.taps) for i in sources])
        return self.copied([sources[i] for i in distances.argmin(0).tolist()], truth)

    def _measure(self, rebuilt: Tensor, taps: list[Tensor], points: Tensor | None, truth: Truth) -> dict[str, np.ndarray]:
        error = rebuilt - truth.pictures
        squared = error.square().mean((1, 2, 3))
        result = {
            "lpips": self.distance.between(taps, truth.taps),
            # A picture that is exact, as sources among the copies are, has none: whatever were put there would make the mean.
            "psnr": torch.where(squared > 0, -10 * torch.log10(squared), math.nan),
            "l1": error.abs().mean((1, 2, 3)) * 255,
            "ssim": ssim(rebuilt, truth.pictures),
            "background": background_motion(rebuilt, truth.pictures, truth.background),
        }
        if points is not None:
            side = rebuilt.shape[-1]
            boxes = face_boxes(truth.points / (side / 2) - 1)
            for name, parts in (("eyes_l1", [0, 1]), ("mouth_l1", [2])):
                mask = box_masks(boxes[:, parts], side)[:, None]
                result[name] = (error.abs() * mask).sum((1, 2, 3)) / (3 * mask.sum((1, 2, 3))) * 255
            result["akd"] = torch.linalg.norm(points - truth.points, dim=-1).mean(-1)
        return {name: value.numpy() for name, value in result.items()}
