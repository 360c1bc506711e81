"""Tests of the losses."""
import math

import torch

from data.clips import box_masks, face_boxes
from data.mesh import KEYPOINT_VERTICES, VERTICES
from losses import PerceptualDistance, flow_error, keypoint_targets, mean_known, mesh_error, opening_error, repulsion
from layers import cell_centres

FACE = torch.tensor([[-0.3, -0.2], [0.3, -0.2], [0.0, 0.1], [-0.2, 0.4], [0.2, 0.4]])


def test_repulsion_only_when_crowded():
    apart = torch.tensor([[[0.0, 0.0], [0.5, 0.0], [0.0, 0.5]]])
    assert repulsion(apart, [0, 1, 2]) == 0
    assert repulsion(apart * 0.1, [2]) > 0
    assert repulsion(apart * 0.1, []) == 0      # taught keypoints may lie where they are taught to


def test_regions_cover_eyes_and_mouth():
    mask = box_masks(face_boxes(FACE[None]), 128)[0]
    at = lambda x, y: mask[int((y + 1) * 64), int((x + 1) * 64)].item()
    assert at(-0.3, -0.2) == at(0.3, -0.2) == at(0.0, 0.4) == 1
    assert at(0.0, -0.9) == at(0.9, 0.9) == at(0.0, 0.02) == 0
    assert box_masks(face_boxes(FACE[None] * float("nan")), 16).sum() == 0


def meshes(shift: float, samples: int = 1) -> torch.Tensor:
    """Meshes [samples, 2, 478, 3] of a source and a driving picture, all vertices facing the camera; the source's lie `shift` further right."""
    torch.manual_seed(4)
    mesh = torch.cat([torch.rand(samples, 1, VERTICES, 2) - 0.5, torch.ones(samples, 1, VERTICES, 1)], -1).repeat(1, 2, 1, 1)
    mesh[:, 0, :, 0] += shift
    return mesh


def test_mesh_error_is_how_far_vertices_are_missed():
    mesh, whole = meshes(0.25), (0.0, 0.0, 1.0)
    right = torch.zeros(1, 1, 2, 8, 8)
    assert abs(mesh_error(right, whole, mesh).item() - 0.25) < 1e-5
    right[:, :, 0] = 0.25
    assert mesh_error(right, whole, mesh).item() < 1e-5
    assert mesh_error(right[..., 2:6, 2:6], (0.25, 0.25, 0.5), mesh).item() < 1e-5
    mesh[:, 0, :100] += 0.4
    mesh[:, 0, :100, 2] = 0      # hidden in the source
    assert mesh_error(right, whole, mesh).item() < 1e-5
    mesh[..., :2] = math.nan
    assert mesh_error(right, whole, mesh) == 0


def test_windows_of_the_mesh_read_their_own_part():
    """A displacement that changes over the picture, cut out: the same error for vertices inside."""
    mesh = meshes(0.0)
    mesh[..., 2] *= (mesh[..., :2].abs().amax(-1) < 0.3)
    ramp = cell_centres(16, 16).permute(2, 0, 1)[None, None] * 0.5
    whole, part = mesh_error(ramp, (0.0, 0.0, 1.0), mesh), mesh_error(ramp[..., 4:12, 4:12], (0.25, 0.25, 0.5), mesh)
    assert whole > 0.1
    torch.testing.assert_close(whole, part)


def test_flow_error_counts_what_is_known():
    flow = torch.cat([cell_centres(8, 8) + torch.tensor([0.1, -0.2]), torch.ones(8, 8, 1)], -1)[None, None]
    displacement = torch.tensor([0.1, -0.2])[:, None, None].expand(1, 1, 2, 8, 8).clone()
    assert flow_error(displacement, flow, (0.0, 0.0, 1.0)) < 1e-6
    assert flow_error(displacement[..., :4, 4:], flow[:, :, :4, 4:], (0.0, 0.5, 0.5)) < 1e-6
    displacement[..., 0, 0] += 3
    assert flow_error(displacement, flow, (0.0, 0.0, 1.0)) > 0.05
    flow[:, :, 0, 0, 2] = 0
    assert flow_error(displacement, flow, (0.0, 0.0, 1.0)) < 1e-6


def test_keypoints_keep_their_side_when_flipped():
    mesh = meshes(0.0, 2)
    targets = keypoint_targets(mesh, torch.tensor([False, True]), 20)
    assert targets.shape == (2, 2, 20, 2)
    torch.testing.assert_close(targets[0, 0, 3], mesh[0, 0, KEYPOINT_VERTICES[3], :2])
    torch.testing.assert_close(targets[1, 0, 3], mesh[1, 0, KEYPOINT_VERTICES[4], :2])
    torch.testing.assert_close(targets[1, 0, 2], mesh[1, 0, KEYPOINT_VERTICES[2], :2])
    free = [k for k in range(20) if k not in KEYPOINT_VERTICES]
    assert targets[:, :, free].isnan().all() and not targets[:, :, list(KEYPOINT_VERTICES)].isnan().any()
    assert keypoint_targets(mesh, torch.tensor([False, True]), 5).shape == (2, 2, 5, 2)


def test_openings_are_told_by_strengths():
    strengths, openness = torch.full((1, 2, 20), 0.5), torch.full((1, 2, 3), 0.5)
    assert opening_error(strengths, openness) == 0
    openness[:, :, 0] = 1.0
    strengths[:, :, 6] = 0.8
    assert abs(opening_error(strengths, openness).item() - 0.2 / 3) < 1e-6
    assert opening_error(strengths, openness * math.nan) == 0


def test_mean_of_nothing_is_nothing():
    error, known = torch.tensor([1.0, 5.0]), torch.tensor([1.0, 0.0])
    assert mean_known(error, known) == 1 and mean_known(error, known * 0) == 0


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
