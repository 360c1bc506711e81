"""What mouth and eyes do, as a few numbers in 0...1, found without labels: principal components of how their surroundings change within each clip.

The strengths of a few keypoints are drawn to these numbers at the start of training. Keypoints that follow the landmarks alone say where a mouth is but not whether it is open, and the decoder learns to paint an
open mouth only once something tells it.
"""
import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from landmarks import LEFT_EYE, LEFT_MOUTH, RIGHT_EYE, RIGHT_MOUTH

ROWS, COLUMNS = 8, 12
"""Size of a patch."""
MOUTH_CODES, EYE_CODES = 3, 2
"""Components kept of the mouth and of each eye."""


def patches(pictures: Tensor, centres: Tensor, along: Tensor, width: float, height: float) -> Tensor:
    """Brightness about centres [n, 2], turned and scaled with the vectors `along` [n, 2], both in -1...1: [n, ROWS, COLUMNS], normalised. `width`, `height` are half sides in lengths of `along`."""
    across = torch.stack([-along[:, 1], along[:, 0]], 1)
    matrix = torch.nan_to_num(torch.stack([along * width, across * height, centres], 2))
    grid = F.affine_grid(matrix, [len(pictures), 1, 4 * ROWS, 4 * COLUMNS], align_corners=False)
    read = F.avg_pool2d(F.grid_sample(pictures.mean(1, keepdim=True), grid, align_corners=False), 4)[:, 0]
    read = (read - read.mean((1, 2), keepdim=True)) / (read.std((1, 2), keepdim=True) + 0.02)
    read[centres[:, 0].isnan()] = float("nan")
    return read


def face_patches(pictures: Tensor, landmarks: Tensor) -> tuple[Tensor, Tensor]:
    """Patches of the mouth [n, ROWS, COLUMNS] and of both eyes [n, 2, ROWS, COLUMNS] of pictures [n, 3, R, R] with landmarks [n, 5, 2] in pixels; NaN without a face.

    The right eye is mirrored, so that both look alike.
    """
    points = landmarks / (pictures.shape[-1] / 2) - 1
    left, right = points[:, LEFT_MOUTH], points[:, RIGHT_MOUTH]
    wide = right - left
    below = torch.stack([-wide[:, 1], wide[:, 0]], 1)
    mouth = patches(pictures, (left + right) / 2 + 0.15 * below, wide, 0.8, 0.7)
    span = points[:, RIGHT_EYE] - points[:, LEFT_EYE]
    eyes = [patches(pictures, points[:, index], span, 0.34, 0.22) for index in (LEFT_EYE, RIGHT_EYE)]
    return mouth, torch.stack([eyes[0], eyes[1].flip(-1)], 1)


class Components:
    """Principal components of how patches change within clips."""

    def __init__(self, clips: list[np.ndarray], count: int):
        """`clips` are patches [n, ROWS, COLUMNS] of each clip."""
        flat = [c.reshape(len(c), -1) for c in clips]
        flat = [c[~np.isnan(c[:, 0])] for c in flat]
        flat = [c for c in flat if len(c) > 1]
        if not flat:
            raise ValueError("no clip with faces")
        changes = np.concatenate([c - c.mean(0) for c in flat])
        _, vectors = np.linalg.eigh(changes.T @ changes)
        self.axes = vectors[:, ::-1][:, :count]
        values = np.concatenate(flat) @ self.axes
        self.centre, self.spread = values.mean(0), values.std(0) + 1e-6

    def codes(self, clip: np.ndarray) -> np.ndarray:
        """Numbers in 0...1 of patches [n, ROWS, COLUMNS], [n, count]; NaN where the patch is."""
        value = (clip.reshape(len(clip), -1) @ self.axes - self.centre) / self.spread
        return 1 / (1 + np.exp(-1.5 * value))


def symmetric(mouths: np.ndarray) -> np.ndarray:
    """Patches made even about their middle, so that mirroring a picture leaves its code as it is."""
    return (mouths + mouths[..., ::-1]) / 2
