"""Tests of preparing clips and drawing samples."""
import random
import subprocess
import sys
from pathlib import Path

import av
import numpy as np
import pytest
import torch

from data.clips import Clips, similarity, transform, transform_back
from data.expression import Components, face_patches, symmetric
from data.prepare import ClipError, prepare, read_pictures, through_vp8


def moving_picture(i: int, width: int = 96, height: int = 64) -> np.ndarray:
    """A smooth picture that moves with i, [height, width, 3]."""
    y, x = np.mgrid[:height, :width]
    value = 127 + 60 * np.sin((x + 3 * i) / 9) + 60 * np.cos((y - i) / 7)
    return np.stack([value, value[:, ::-1], 255 - value], -1).clip(0, 255).astype(np.uint8)


def write_clip(path: Path, count: int, rate: int = 25) -> None:
    """A clip of `count` moving pictures, MPEG-4."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", rate=rate)
        stream.width, stream.height, stream.pix_fmt = 96, 64, "yuv420p"
        for i in range(count):
            for packet in stream.encode(av.VideoFrame.from_ndarray(moving_picture(i), format="rgb24")):
                container.mux(packet)
        for packet in stream.encode():
            container.mux(packet)


def face(pictures: torch.Tensor) -> torch.Tensor:
    """Stands for the landmark detector: the same face in each picture, none in the first."""
    points = torch.tensor([[20.0, 24], [44, 24], [32, 34], [24, 44], [40, 44]]).repeat(len(pictures), 1, 1)
    points[0] = float("nan")
    return points


@pytest.fixture
def prepared(tmp_path):
    """A folder of two prepared clips."""
    for name in ("a", "b"):
        write_clip(tmp_path / f"{name}.mp4", 12)
        prepare(tmp_path / f"{name}.mp4", tmp_path, 64, 8, face)
    return tmp_path


def test_bad_clips_are_told_apart(tmp_path):
    (tmp_path / "noise.mp4").write_bytes(bytes(range(256)) * 20)
    (tmp_path / "empty.mp4").write_bytes(b"")
    write_clip(tmp_path / "short.mp4", 3)
    for name, reason in (("noise", "decoded"), ("empty", "decoded"), ("short", "too few"), ("missing", "decoded")):
        with pytest.raises(ClipError, match=reason):
            read_pictures(tmp_path / f"{name}.mp4", 64)


def test_pictures_are_centred_squares(tmp_path):
    write_clip(tmp_path / "a.mp4", 10)
    pictures = read_pictures(tmp_path / "a.mp4", 64, count=4)
    assert pictures.shape == (4, 64, 64, 3) and pictures.dtype == np.uint8
    assert np.abs(pictures[0].astype(int) - moving_picture(0)[:, 16:80]).mean() < 8


def test_vp8_changes_a_picture_little():
    picture = moving_picture(0, 64, 64)
    fine, coarse = through_vp8(picture, 10), through_vp8(picture, 60)
    off = [np.abs(p.astype(int) - picture).mean() for p in (fine, coarse)]
    assert 0 < off[0] < off[1] < 30


def test_prepared_arrays(prepared):
    assert np.load(prepared / "a.pictures.npy").shape == np.load(prepared / "a.compressed.npy").shape == (8, 64, 64, 3)
    landmarks, mouths = np.load(prepared / "a.landmarks.npy"), np.load(prepared / "a.mouths.npy")
    assert landmarks.shape == (8, 5, 2) and np.isnan(landmarks[0]).all() and np.isnan(mouths[0]).all() and not np.isnan(mouths[1:]).any()
    assert mouths.shape == (8, 8, 12) and np.load(prepared / "a.eyes.npy").shape == (8, 2, 8, 12)


def test_samples(prepared):
    clips = Clips([prepared])
    sample = clips.batch(3, 2, random.Random(1))
    assert sample.pictures.shape == (3, 3, 3, 64, 64) and sample.landmarks.shape == (3, 3, 5, 2) and sample.codes.shape == (3, 3, 7)
    assert 0 <= sample.pictures.min() and sample.pictures.max() <= 1
    again = Clips([prepared]).batch(3, 2, random.Random(1))
    assert torch.equal(sample.pictures, again.pictures)
    assert len(clips.digest()) == 64 and clips.digest() == Clips([prepared]).digest()


def test_codes_tell_what_changes():
    """A dark spot in the middle of the patch that grows, over steady differences between clips: one number tells its size."""
    rng = np.random.default_rng(0)
    spot = np.zeros((8, 12))
    spot[3:5, 4:8] = -1
    clips = [rng.normal(size=(1, 8, 12)) * 0.2 + np.linspace(0, 2, 10)[:, None, None] * spot + rng.normal(size=(10, 8, 12)) * 0.02 for _ in range(20)]
    components = Components(clips, 2)
    for clip in clips:
        codes = components.codes(clip)[:, 0]
        assert 0 < codes.min() and codes.max() < 1
        assert abs(np.corrcoef(codes, np.arange(10))[0, 1]) > 0.97
    clips[0][3] = np.nan
    assert np.isnan(components.codes(clips[0])[3]).all()
    mouths = rng.normal(size=(4, 8, 12))
    np.testing.assert_allclose(symmetric(mouths), symmetric(mouths[..., ::-1]))


def test_patches_turn_with_the_face():
    """The same face, upright and turned: the same patches."""
    torch.manual_seed(0)
    upright = torch.nn.functional.interpolate(torch.rand(1, 3, 16, 16), size=(128, 128), mode="bicubic").clamp(0, 1)
    points = torch.tensor([[[-0.2, -0.2], [0.2, -0.2], [0.0, 0.0], [-0.15, 0.2], [0.15, 0.2]]])
    matrix = similarity(0.9, 0.3, 0.02, -0.03)[None]
    turned, moved = transform(upright, matrix), transform_back(points, matrix)
    for a, b in zip(face_patches(upright, (points + 1) * 64), face_patches(turned, (moved + 1) * 64)):
        assert np.corrcoef(a.flatten(), b.flatten())[0, 1] > 0.97


def test_extra_clips_have_their_share(prepared, tmp_path_factory):
    other = tmp_path_factory.mktemp("extra")
    write_clip(other / "head.mp4", 12)
    prepare(other / "head.mp4", other, 64, 8, face)
    clips, rng, drawn = Clips([prepared], [other], 0.5), random.Random(0), []
    clips.extra[0].choose = lambda n, r: drawn.append(1) or list(range(n + 1))
    for _ in range(60):
        clips.draw(1, rng)
    assert 15 < len(drawn) < 45


def test_points_move_with_pictures():
    picture = torch.zeros(1, 3, 64, 64)
    picture[:, :, 40:43, 20:23] = 1
    matrix = similarity(0.8, 0.3, 0.1, -0.05)[None]
    point = torch.tensor([[[(21 + 0.5) / 32 - 1, (41 + 0.5) / 32 - 1]]])
    x, y = ((transform_back(point, matrix)[0, 0] + 1) * 32).tolist()
    moved = transform(picture, matrix)[0, 0]
    row, column = divmod(moved.argmax().item(), moved.shape[1])
    assert abs(column + 0.5 - x) < 1.5 and abs(row + 0.5 - y) < 1.5


def test_command_names_what_it_skips(tmp_path, mtcnn):
    (tmp_path / "broken.mp4").write_bytes(b"not a video")
    write_clip(tmp_path / "good.mp4", 8)
    command = [sys.executable, "-m", "data.prepare", "--clips", tmp_path, "--mtcnn", mtcnn, "--out", tmp_path / "out", "--side", "64", "--pictures", "6"]
    result = subprocess.run([str(c) for c in command], cwd=Path(__file__).parent, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    assert "skipped broken.mp4" in result.stderr and "1 clips prepared, 1 skipped" in result.stdout
