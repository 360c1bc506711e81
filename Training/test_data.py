"""Tests of preparing clips."""
import subprocess
import sys
from pathlib import Path

import av
import numpy as np
import pytest
import torch

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
    landmarks = np.load(prepared / "a.landmarks.npy")
    assert landmarks.shape == (8, 5, 2) and np.isnan(landmarks[0]).all() and not np.isnan(landmarks[1:]).any()


def test_command_names_what_it_skips(tmp_path, mtcnn):
    (tmp_path / "broken.mp4").write_bytes(b"not a video")
    write_clip(tmp_path / "good.mp4", 8)
    command = [sys.executable, "-m", "data.prepare", "--clips", tmp_path, "--mtcnn", mtcnn, "--out", tmp_path / "out", "--side", "64", "--pictures", "6"]
    result = subprocess.run([str(c) for c in command], cwd=Path(__file__).parent, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    assert "skipped broken.mp4" in result.stderr and "1 clips prepared, 1 skipped" in result.stdout
