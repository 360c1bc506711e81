"""Tables for keypoints: trained on made-up motion, they are read by the independent implementation and save bits."""
import sys
from pathlib import Path

import numpy as np
import pytest

from coding import fit

sys.path.append(str(Path(__file__).resolve().parents[1] / "Protocol" / "vectors"))

import keypoint_coding  # noqa: E402


def walks(count: int, pictures: int) -> list[np.ndarray]:
    """Clips [n, 6] of two keypoints that move together, with strengths that hardly change."""
    random, clips = np.random.default_rng(1), []
    for _ in range(count):
        way = np.cumsum(random.normal(0, 1.5, (pictures, 2)), 0)
        apart = random.normal(0, 0.1, (pictures, 6))
        clips.append(apart + np.concatenate([way + 100, np.full((pictures, 1), 0.9), way + 140, np.full((pictures, 1), 0.5)], 1))
        clips[-1][:, 2::3] = clips[-1][:, 2::3].clip(0, 1)
    return clips


@pytest.fixture(scope="module")
def tables() -> keypoint_coding.Tables:
    metric = np.diag([2e-4, 2e-4, 0.02] * 2)
    return keypoint_coding.Tables(fit.whole(fit.fit(walks(6, 60), metric, rounds=1, report=lambda _: None)))


def test_the_file_survives_being_read(tables):
    assert tables.count == 2
    assert keypoint_coding.Tables(tables.file()).file() == tables.file()
    with pytest.raises(keypoint_coding.Malformed):
        keypoint_coding.Tables(tables.file()[:-1])


def test_units_decode_to_what_was_coded_and_finer_steps_come_nearer(tables):
    encoder = keypoint_coding.Encoder(tables)
    clip = [[round(v * s) for v, s in zip(row, [64, 64, 4096] * 2)] for row in walks(1, 60)[0]]
    lengths, distances = {}, {}
    for step in (0, 6, 12):
        state, lengths[step], distances[step] = clip[0], 0, 0.0
        for first in range(1, 58, 3):
            unit, states = encoder.encode(clip[first:first + 3], step, 1, state)
            assert keypoint_coding.decode(tables, unit, 3, 1, state) == states
            lengths[step] += len(unit)
            distances[step] += sum(abs(a - b) for x, y in zip(states, clip[first:first + 3]) for a, b in zip(x, y))
            state = states[-1]
    assert lengths[0] > lengths[6] > lengths[12]
    assert distances[0] < distances[6] < distances[12]


def test_what_moves_together_is_one_component(tables):
    """The first components are the common motion: their columns move both keypoints alike."""
    basis = np.array(tables.basis, float)
    for column in basis.T[:2]:
        x, y = column[[0, 3]], column[[1, 4]]
        assert np.allclose(x[0], x[1], atol=0.15 * np.abs(column).max()) and np.allclose(y[0], y[1], atol=0.15 * np.abs(column).max())


def test_levels_are_where_their_kind_is_read(tables):
    """References that lie farther back differ more, and what pictures have in common is the largest part of a difference."""
    for n in range(1, 7):
        near, far = (np.array([list(row) for row in tables.levels[kind, n]]) for kind in (2, 5))
        assert far[0, :2].mean() > near[0, :2].mean()
        assert (far[0, :2] >= far[-1, :2]).all()
        assert min(tables.levels[5, n][0]) >= 15
