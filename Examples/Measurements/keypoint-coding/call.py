"""Clips coded as a call would code them, by the implementation of Protocol/keypoints.md in Python: real bytes, each unit decoded again."""
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
sys.path[:0] = [str(ROOT / "Protocol" / "vectors"), str(ROOT / "Training")]

import numpy as np

import keypoint_coding
from coding.detections import PIXEL
from keypoint_coding import MEAN, SOURCE, STEPS, Encoder, Tables, decode, shown, whole

REACH = 64
"""How many pictures before a unit its reference may lie."""


def rebuild(tables: Tables, numbers: list[list[int]], step: int, reference: list[int]) -> list[list[int]]:
    """What `keypoint_coding.rebuild` does, with 64-bit arrays: the same, but faster."""
    moved = (np.array(tables.time[len(numbers)]).T @ np.array(numbers)) * STEPS[step] >> 14
    return np.clip(np.array(reference) + (moved @ np.array(tables.basis).T + 32768 >> 16), -32768, 32767).tolist()


keypoint_coding.rebuild = rebuild


def load(path: str | Path) -> dict[str, np.ndarray]:
    """Clips by name as vectors [n, 3K] (x, y in pixels of 256; strength), as `coding.detections` keeps them."""
    with np.load(path) as stored:
        return {name: stored[name].astype(np.float64) for name in sorted(stored.files)}


def states(clip: np.ndarray) -> list[list[int]]:
    """The states of a clip's pictures."""
    scale, shift = np.tile([PIXEL, PIXEL, 1], clip.shape[1] // 3), np.tile([1, 1, 0], clip.shape[1] // 3)
    return [whole(row) for row in (clip * scale - shift).tolist()]


def vectors(decoded: list[list[int]]) -> np.ndarray:
    """States as they are shown, [n, 3K] (x, y in pixels of 256; strength)."""
    values = np.array([shown(state) for state in decoded])
    scale, shift = np.tile([1 / PIXEL, 1 / PIXEL, 1], values.shape[1] // 3), np.tile([1, 1, 0], values.shape[1] // 3)
    return (values + shift) * scale


class Call:
    """A sender and a receiver with the same tables. A unit is acknowledged `delay` pictures after its last one was taken. Each is predicted from the nearest of all that is acknowledged;
    without `nearest` from the newest picture, without `pictures_too` from the source."""

    def __init__(self, tables: Tables, n: int, step: int, delay: int = 5, nearest: bool = True, pictures_too: bool = True):
        self.tables, self.n, self.step, self.delay, self.nearest, self.pictures_too = tables, n, step, delay, nearest, pictures_too
        self.encoder = Encoder(tables)
        self.analysis = np.array(self.encoder.analysis)
        self.encoder.analyse = lambda difference: (self.analysis @ np.array(difference)).tolist()

    def source(self, state: list[int]) -> tuple[bytes, list[int]]:
        """A source's keypoints: bytes and the state as decoded."""
        unit, decoded = self.encoder.encode([state], 0, MEAN, self.tables.mean)
        return unit, decoded[0]

    def code(self, clip: list[list[int]]) -> tuple[list[int], list[list[int]]]:
        """Lengths of a clip's units, and its pictures as decoded; the clip's first picture is the source."""
        source = self.source(clip[0])[1]
        lengths, decoded, components = [], [], []
        base = self.analysis @ np.array(source)
        for first in range(0, len(clip) - self.n + 1, self.n):
            part = clip[first:first + self.n]
            wanted = np.mean([self.analysis @ np.array(s) for s in part], 0)
            known = (first + self.n - 1 - self.delay) // self.n * self.n if self.pictures_too else 0
            candidates = range(max(0, first - REACH), known) if self.nearest else range(max(0, known - 1), known)
            reference, state = SOURCE, source
            if len(candidates):
                distance, best = min((float(((components[p] - wanted) ** 2).sum()), p) for p in candidates)
                if not self.nearest or distance < float(((base - wanted) ** 2).sum()):
                    reference, state = first - best, decoded[best]
            unit, made = self.encoder.encode(part, self.step, reference, state)
            if decode(self.tables, unit, self.n, reference, state) != made:
                raise SystemExit("a unit does not decode to what was coded")
            lengths.append(len(unit))
            decoded += made
            components += [self.analysis @ np.array(s) for s in made]
        return lengths, decoded


def errors(clips: list[np.ndarray], decoded: list[np.ndarray]) -> dict[str, float]:
    """RMS in pixels of 256 of locations (both coordinates together) and of the opening of lips and of the left eye (vertical distance of keypoints 6 and 8, 5 and 10), and RMS of strengths."""
    e = np.concatenate([d - c[:len(d), :d.shape[1]] for c, d in zip(clips, decoded)])
    points = e.reshape(len(e), -1, 3)
    opening = lambda a, b: float(np.sqrt(((points[:, a, 1] - points[:, b, 1]) ** 2).mean())) if max(a, b) < points.shape[1] else None
    return {"pixels": float(np.sqrt((points[..., :2] ** 2).sum(-1).mean())), "lips": opening(6, 8), "lids": opening(5, 10), "strength": float(np.sqrt((points[..., 2] ** 2).mean()))}
