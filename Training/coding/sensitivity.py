"""How much each change of the keypoints shows in the rebuilt picture: a matrix W such that a change e of (x, y in pixels of 256; strength) costs about e' W e of LPIPS.

LPIPS is a sum of squared differences of features f. Of a picture rebuilt from the clip's first picture, each of the 3 K values is moved by a little, both pictures' features are subtracted, and
W = mean of J' J over pictures, J the differences divided by the moves.
"""
import sys
import time
from pathlib import Path

import numpy as np
import torch

from coding.detections import PIXEL, of_clip
from data.video import ClipError
from evaluate import OpenVINOBackend, read_clip
from losses import PerceptualDistance

MOVE, WEAKEN = 1.0, 0.15
"""Changes of a coordinate, in pixels of 256, and of a strength."""
OPENINGS = ((6, 8, 1), (5, 10, 1), (7, 11, 1), (3, 4, 0))
"""Pairs of keypoints, and the axis, whose distance shows how far mouth and eyes are open: what the face mesh taught them to be (`data/mesh.py`)."""


def keypoints(state: np.ndarray) -> tuple[torch.Tensor, torch.Tensor]:
    """Locations [1, K, 2] and strengths [1, K] of a vector [3K] in pixels of 256."""
    points = torch.from_numpy(state.reshape(1, -1, 3).astype(np.float32))
    return points[..., :2] * PIXEL - 1, points[..., 2].clone()


@torch.inference_mode()
def curvature(backend: OpenVINOBackend, distance: PerceptualDistance, source: np.ndarray, driving: np.ndarray, sign: int) -> np.ndarray:
    """J' J [3K, 3K] of one driving picture [R, R, 3]; coordinates move by `sign` pixels."""
    first, state = of_clip(backend, np.stack([source, driving]))
    encoded = backend.encode(torch.from_numpy(source).permute(2, 0, 1)[None].float() / 255, *keypoints(first))
    moves = np.tile([sign * MOVE, sign * MOVE, WEAKEN], len(state) // 3)
    # A strength near 1 can only fall, one near 0 only rise.
    moves[2::3] *= np.where(state[2::3] > 0.5, -1, 1)
    features = []
    for row in np.concatenate([state[None], state + np.diag(moves)]):
        taps = distance.taps(backend.generate(encoded, *keypoints(row)))
        features.append(torch.cat([(t / (t.shape[2] * t.shape[3]) ** 0.5).flatten(1) for t in taps], 1))
    jacobian = (torch.cat(features[1:]) - features[0]) / torch.from_numpy(moves).float()[:, None]
    return (jacobian @ jacobian.T).double().numpy()


def measure(backend: OpenVINOBackend, lpips: Path, paths: list[Path], count: int, cache: Path | None) -> np.ndarray:
    """W [3K, 3K] from one picture each of `count` clips spread over `paths`. `cache` (.npz) keeps it."""
    total, done = 0.0, 0
    if cache and cache.exists():
        with np.load(cache) as stored:
            total, done = stored["total"], int(stored["pictures"])
    distance, begun, random = PerceptualDistance(str(lpips), "alex"), time.monotonic(), np.random.default_rng(1)
    for number, path in enumerate(paths[:: max(1, len(paths) // count)][:count]):
        share = random.random()
        if number < done:
            continue
        try:
            pictures = read_clip(path, backend.side, 5)
        except ClipError as error:
            print(f"skipped {path.name}: {error}", file=sys.stderr)
            continue
        total = total + curvature(backend, distance, pictures[0], pictures[1 + int(share * (len(pictures) - 1))], 1 if number % 2 else -1)
        done += 1
        if cache:
            cache.parent.mkdir(parents=True, exist_ok=True)
            np.savez(cache, total=total, pictures=done)
        if done % 10 == 0:
            roots = np.sqrt(np.diag(total) / done).reshape(-1, 3).mean(0)
            print(f"sensitivity: {done} pictures, {time.monotonic() - begun:.0f} s; LPIPS' root for a pixel of x, of y, and for strength {np.round(roots, 4)}", flush=True)
    if not done:
        raise SystemExit("no clip for the sensitivity could be read")
    return total / done


def with_openings(metric: np.ndarray, weight: float = 0.05) -> np.ndarray:
    """The metric, and the square of `weight` LPIPS more for each pixel, squared, by which mouth or eyes are open wrongly: LPIPS is a mean over the picture and hardly sees them."""
    result = metric.copy()
    for a, b, axis in OPENINGS:
        if 3 * max(a, b) + axis >= len(metric):
            continue
        along = np.zeros(len(metric))
        along[3 * a + axis], along[3 * b + axis] = weight, -weight
        result += np.outer(along, along)
    return result
