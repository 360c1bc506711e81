"""Which sources lie nearest to a picture, by their keypoints: what is warped least is rebuilt best.

The attention (3.2) finds where each place comes from in every source, but hardly which source shows it best: of ten sources at hand all together gave a worse picture than the nearest alone. So a picture is rebuilt from the few
sources whose pose is nearest (`NeuralPictureGenerator` in Swift chooses in the same way), and among these the nearer counts more.
"""
import torch
from torch import Tensor

USED = 2
"""Sources that a picture is rebuilt from."""
OPENINGS = slice(5, 8)
"""Keypoints whose strengths say how far eyes and mouth are open (`losses.OPENING_KEYPOINTS`)."""
SHAPE, USUAL_SHARE = 2.0, 0.6
"""What counts of how far keypoints are apart about their mean; and what that usually is of what they are apart."""


def spread(points: Tensor, locations: Tensor, strengths: Tensor) -> Tensor:
    """How far the poses of sources are, [B, N], from driving keypoints [B, K, 2] and [B, K]; `points` [B, N, K, 3] are the sources' x, y and strength.

    The mean root of the distances in pixels of 256, as they are and about the mean of all, since a head that only moved is rebuilt well; and how much further mouth and eyes are open. (`Keypoints.spread` in Swift.)
    """
    with torch.autocast(points.device.type, enabled=False):
        apart = (points[..., :2].float() - locations[:, None].float()) * 128                   # [B, N, K, 2]
        root = lambda moved: (moved.square().sum(-1) + 1e-12) ** 0.25
        opened = (points[..., 2].float() - strengths[:, None].float())[..., OPENINGS].abs()
        opened = opened.mean(-1) if opened.shape[-1] else 0.0
        return ((root(apart) + SHAPE * root(apart - apart.mean(2, keepdim=True))).mean(-1) + opened) / (1 + USUAL_SHARE * SHAPE)


def preference(points: Tensor, locations: Tensor, strengths: Tensor, nearness: float) -> Tensor:
    """What the masses of sources are multiplied by, [B, N, 1, 1, 1]: 1 for the nearest. As `spread`."""
    far = spread(points, locations, strengths)
    return (nearness * (far.amin(1, keepdim=True) - far)).exp()[..., None, None, None]


def chosen(points: Tensor, locations: Tensor, strengths: Tensor, count: int = USED) -> Tensor:
    """Indices [B, min(count, N)] of the nearest sources, the nearest first. As `spread`."""
    return spread(points, locations, strengths).sort(dim=1, stable=True).indices[:, :count]
