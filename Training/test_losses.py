"""Tests of the losses."""
import torch

from data.clips import box_masks, face_boxes
from losses import PerceptualDistance, pull_targets, repulsion

FACE = torch.tensor([[-0.3, -0.2], [0.3, -0.2], [0.0, 0.1], [-0.2, 0.4], [0.2, 0.4]])


def test_repulsion_only_when_crowded():
    apart = torch.tensor([[[0.0, 0.0], [0.5, 0.0], [0.0, 0.5]]])
    assert repulsion(apart) == 0
    assert repulsion(apart * 0.1) > 0


def test_regions_cover_eyes_and_mouth():
    mask = box_masks(face_boxes(FACE[None]), 128)[0]
    at = lambda x, y: mask[int((y + 1) * 64), int((x + 1) * 64)].item()
    assert at(-0.3, -0.2) == at(0.3, -0.2) == at(0.0, 0.4) == 1
    assert at(0.0, -0.9) == at(0.9, 0.9) == at(0.0, 0.02) == 0
    assert box_masks(face_boxes(FACE[None] * float("nan")), 16).sum() == 0


def test_pull_targets_keep_to_the_face():
    targets = pull_targets(FACE)
    assert targets.shape == (13, 2)
    assert torch.equal(targets[:5], FACE)
    lips, chin, forehead = targets[9:11], targets[11], targets[12]
    assert lips[0, 1] < 0.4 < lips[1, 1] < chin[1] and forehead[1] < -0.2


def test_perceptual_distance(lpips):
    torch.manual_seed(0)
    a = torch.rand(1, 3, 64, 64)
    for backbone in ("squeeze", "alex"):
        distance = PerceptualDistance(lpips, backbone)
        assert distance(a, a).item() < 1e-6
        near, far = distance(a, (a + 0.02 * torch.randn_like(a)).clamp(0, 1)).item(), distance(a, torch.rand_like(a).roll(3, -1) * 0.3).item()
        assert 0 < near < far


def test_perceptual_distance_counts_where_told(lpips):
    distance = PerceptualDistance(lpips, "squeeze")
    a = torch.full((1, 3, 64, 64), 0.5)
    b = a.clone()
    b[:, :, 8:24, 8:24] += 0.3 * torch.rand(3, 16, 16)
    weight = torch.ones(1, 1, 64, 64)
    weight[:, :, :32, :32] = 3
    assert distance(a, b, weight / weight.mean()) > distance(a, b)
