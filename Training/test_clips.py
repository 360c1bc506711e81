"""Tests of samples drawn from prepared clips."""
import random
from pathlib import Path

import numpy as np
import pytest
import torch

from config.base import Training
from data.clips import Clips, choose, similarity, transform, transform_back, transform_points
from data.flow import partners, prepare
from data.storage import Clip
from data.mesh import VERTICES
from layers import cell_centres

SIDE, COUNT = 64, 8


def write_prepared(folder: Path, name: str, shift: float = 1.0, mesh: bool = True) -> None:
    """Arrays of a clip as preparation writes them: a texture that moves to the right by `shift` pixels a picture, with a face that moves along; no face in the first picture."""
    rng = np.random.default_rng(sum(name.encode()))
    y, x = np.mgrid[:SIDE, :SIDE].astype(np.float32)
    phases = rng.uniform(0, 6, 3)
    pictures = np.stack([
        np.stack([127 + 60 * np.sin((x - shift * i) / 5 + p) + 60 * np.cos(y / 6 + (x - shift * i) / 11 + p) for p in phases], -1) for i in range(COUNT)]).clip(0, 255).astype(np.uint8)
    landmarks = np.tile(np.array([[20, 24], [44, 24], [32, 34], [24, 44], [40, 44]], np.float32), (COUNT, 1, 1))
    landmarks[:, :, 0] += shift * np.arange(COUNT)[:, None]
    landmarks[0] = np.nan
    vertices = np.tile(np.append(rng.uniform(16, 40, (VERTICES, 2)), rng.uniform(-9, 9, (VERTICES, 1)), 1).astype(np.float32), (COUNT, 1, 1))
    vertices[:, :, 0] += shift * np.arange(COUNT)[:, None]
    vertices[0] = np.nan
    np.save(folder / f"{name}.compressed.npy", pictures // 2 * 2)
    np.save(folder / f"{name}.landmarks.npy", landmarks)
    if mesh:
        np.save(folder / f"{name}.mesh.npy", vertices)
    np.save(folder / f"{name}.pictures.npy", pictures)


@pytest.fixture
def prepared(tmp_path):
    """A folder of two prepared clips."""
    for name in ("a", "b"):
        write_prepared(tmp_path, name)
    return tmp_path


def test_samples(prepared):
    sample = Clips([prepared]).batch(3, 2, random.Random(1))
    assert sample.pictures.shape == (3, 3, 3, SIDE, SIDE) and sample.landmarks.shape == (3, 3, 5, 2)
    assert sample.mesh.shape == (3, 3, VERTICES, 3) and sample.openness.shape == (3, 3, 3)
    assert sample.flow.shape == (3, 2, 8, 8, 3) and sample.flipped.shape == (3,)
    assert 0 <= sample.pictures.min() and sample.pictures.max() <= 1
    again = Clips([prepared]).batch(3, 2, random.Random(1))
    assert torch.equal(sample.pictures, again.pictures) and torch.equal(sample.flow, again.flow)


def test_digest_is_of_the_names(prepared):
    clips = Clips([prepared])
    assert len(clips.digest()) == 64 and clips.digest() == Clips([prepared]).digest()
    write_prepared(prepared, "c")
    assert clips.digest() != Clips([prepared]).digest()


def test_an_empty_folder_is_refused(tmp_path):
    with pytest.raises(FileNotFoundError, match="data/prepare.py"):
        Clips([tmp_path])


def test_clips_without_a_mesh_teach_without_it(tmp_path):
    write_prepared(tmp_path, "a", mesh=False)
    sample = Clips([tmp_path]).batch(2, 1, random.Random(1))
    assert sample.mesh[..., :2].isnan().all() and sample.openness.isnan().all() and not sample.pictures.isnan().any()


def test_extra_clips_have_their_share(prepared, tmp_path_factory):
    other = tmp_path_factory.mktemp("extra")
    write_prepared(other, "head")
    clips = Clips([prepared], [other], Training(extra_share=0.5, teachers=()))
    clips.realise = lambda plans: sum(plan.clip.name == "head" for plan in plans)
    assert 15 < clips.batch(60, 1, random.Random(0)) < 45


def test_sources_are_distinct_unless_the_driving_picture_is_one(prepared):
    clip, rng, repeated = Clip(prepared / "a.pictures.npy"), random.Random(3), 0
    for _ in range(200):
        *sources, driving = choose(clip, 3, rng)
        assert len(set(sources)) == 3
        repeated += driving in sources
    assert 5 < repeated < 60


@pytest.mark.parametrize("as_filmed", [0.0, 1.0])
def test_teachers_agree_with_the_pictures(prepared, as_filmed):
    """Source pictures read where flow and mesh say give the driving picture, flipped or not, moved apart or not."""
    clips, checked = Clips([prepared], training=Training(as_filmed=as_filmed)), 0
    for seed in range(6):
        sample = clips.batch(1, 1, random.Random(seed))
        known = sample.flow[0, 0, ..., 2] > 0
        if known.float().mean() < 0.2:
            continue
        checked += 1
        source, driving = sample.pictures[:, 0], sample.pictures[:, 1]
        read = torch.nn.functional.grid_sample(source, sample.flow[:, 0, ..., :2], align_corners=False)[0]
        unmoved = torch.nn.functional.grid_sample(source, sample.flow[:, 0, ..., :2] * 0 + cell_centres(8, 8), align_corners=False)[0]
        truth = torch.nn.functional.grid_sample(driving, cell_centres(8, 8)[None], align_corners=False)[0]
        off, still = ((t - truth).abs().mean(0)[known].mean().item() for t in (read, unmoved))
        assert off < 0.05 or off < 0.5 * still
        here, there = sample.mesh[0, 1, :, :2], sample.mesh[0, 0, :, :2]
        if not (here + there).isnan().any():
            at = lambda picture, places: torch.nn.functional.grid_sample(picture, places[None, None], align_corners=False)[0, :, 0]
            inside = (here.abs().amax(-1) < 0.9) & (there.abs().amax(-1) < 0.9)
            assert (at(source, there) - at(driving, here)).abs().mean(0)[inside].mean() < 0.06
    assert checked >= 3


def test_points_move_with_pictures():
    picture = torch.zeros(1, 3, 64, 64)
    picture[:, :, 40:43, 20:23] = 1
    matrix = similarity(0.8, 0.3, 0.1, -0.05)[None]
    point = torch.tensor([[[(21 + 0.5) / 32 - 1, (41 + 0.5) / 32 - 1]]])
    x, y = ((transform_back(point, matrix)[0, 0] + 1) * 32).tolist()
    moved = transform(picture, matrix)[0, 0]
    row, column = divmod(moved.argmax().item(), moved.shape[1])
    assert abs(column + 0.5 - x) < 1.5 and abs(row + 0.5 - y) < 1.5
    torch.testing.assert_close(transform_points(transform_back(point, matrix), matrix), point)


def test_places_are_not_rounded_in_mixed_precision():
    picture, matrix, points = torch.rand(1, 3, 64, 64), similarity(0.97, 0.1, 0.013, -0.2)[None], torch.rand(1, 5, 2)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        mixed = transform(picture, matrix), transform_points(points, matrix), transform_back(points, matrix)
    for a, b in zip(mixed, (transform(picture, matrix), transform_points(points, matrix), transform_back(points, matrix))):
        torch.testing.assert_close(a, b)


def test_flow_kept_is_flow_computed(prepared):
    """But for the half precision that it is kept in; and of every picture to its partners."""
    path = prepared / "a.pictures.npy"
    computed = Clip(path)
    prepare(path, 6)
    kept, known = Clip(path), []
    assert kept.flow.shape == (COUNT, 6, 2, 64, 64) and computed.flow is None
    for driving in range(COUNT):
        assert driving not in kept.others(driving) and len(set(kept.others(driving))) == 6 and set(computed.others(driving)) > set(kept.others(driving))
        assert all(driving in kept.others(other) for other in kept.others(driving))
        assert not kept.between(driving, driving).any()
        for source in kept.others(driving):
            a, b = kept.between(driving, source), computed.between(driving, source)
            np.testing.assert_allclose(a, b, atol=1e-3)
            known.append(~np.isnan(a))
    assert np.mean(known) > 0.3


def test_clips_with_and_without_kept_flow_go_together(prepared):
    prepare(prepared / "a.pictures.npy", 6)
    assert Clips([prepared]).batch(8, 2, random.Random(0)).flow[..., 2].mean() > 0.2


def test_few_pictures_have_few_partners():
    rng = np.random.default_rng(0)
    for count, number, expected in ((3, 8, 2), (4, 8, 2), (9, 8, 8), (20, 8, 8)):
        chosen = partners(count, number, rng)
        assert chosen.shape == (count, expected) and all(len({*row, i}) == expected + 1 for i, row in enumerate(chosen))


@pytest.mark.parametrize("side", [SIDE, SIDE // 2])
def test_arrays_on_the_device_give_the_same(prepared, side):
    with pytest.raises(FileNotFoundError, match="python -m data.flow"):
        Clips([prepared]).hold(torch.device("cpu"))
    for name in ("a", "b"):
        prepare(prepared / f"{name}.pictures.npy", 6)
    clips = Clips([prepared], side=side)
    mapped = clips.batch(5, 3, random.Random(2))
    clips.hold(torch.device("cpu"))
    held = clips.batch(5, 3, random.Random(2))
    for name, tensor in vars(mapped).items():
        torch.testing.assert_close(getattr(held, name), tensor, equal_nan=True, atol=0.003, rtol=0)


def test_samples_of_half_the_size(prepared):
    whole, half = (Clips([prepared], training=Training(teachers=()), side=side).batch(2, 1, random.Random(5)) for side in (64, 32))
    assert half.pictures.shape[-1] == 32 and half.flow.shape == (2, 1, 4, 4, 3) and not half.flow.any()
    torch.testing.assert_close(half.landmarks, whole.landmarks, equal_nan=True)
    assert (torch.nn.functional.avg_pool2d(whole.pictures.flatten(0, 1), 2) - half.pictures.flatten(0, 1)).abs().mean() < 0.02
