"""Format 1 of `Protocol/keypoints.md`, in bytes: every coordinate against the picture before, after a displacement of the whole head, adaptive binary range coding."""
import numpy as np

from range_coder import RangeEncoder

RATIOS = {"first shift": 3500, "first location": 2400, "first strength": 500, "next shift": 1700, "next location": 500, "next strength": 150}


class Residuals:
    """The residual models of one unit (sections 4 and 5)."""

    def __init__(self, coder: RangeEncoder):
        self.coder, self.contexts, self.starts = coder, {}, {}
        for model, r in RATIOS.items():
            starts = {"zero": 4096 - (4096 - r) * 4096 // (4096 + r), "sign": 2048}
            p = r
            for i in range(12):
                starts["prefix", i] = 4096 - min(4095, p)
                p = p * p >> 12
            self.starts[model] = starts

    def code(self, model: str, value: int) -> None:
        starts, bit = self.starts[model], self.coder.bit
        put = lambda v, name: bit(v, self.contexts, (model, name), starts.get(name, 2200))
        put(int(value == 0), "zero")
        if value == 0:
            return
        put(int(value < 0), "sign")
        magnitude = abs(value)
        length = magnitude.bit_length() - 1
        for i in range(min(length + 1, 12)):
            put(int(i < length), ("prefix", i))
        for i in range(length - 1, -1, -1):
            put(magnitude >> i & 1, ("suffix", length - 1 if i == length - 1 else 12 + i))


def quantised(vectors: np.ndarray, exponent: int) -> np.ndarray:
    """Vectors [n, 3K] (pixels of 256; strength) as whole numbers [n, K, 3]."""
    points = vectors.reshape(len(vectors), -1, 3)
    locations = np.clip(np.floor(points[..., :2] / 128 * 2 ** exponent + 0.5), 0, 2 ** (exponent + 1))
    return np.concatenate([locations, np.floor(points[..., 2:] * 7 + 0.5)], -1).astype(int)


def restored(values: np.ndarray, exponent: int) -> np.ndarray:
    """The other way."""
    return np.concatenate([values[..., :2] * 128 / 2 ** exponent, values[..., 2:] / 7], -1).reshape(len(values), -1)


def unit_size(pictures: np.ndarray, reference: np.ndarray) -> int:
    """Bytes of a unit: pictures [N, K, 3] and reference [K, 3], whole numbers."""
    coder = RangeEncoder()
    residuals, before = Residuals(coder), reference
    for i, picture in enumerate(pictures):
        kind = "first" if i == 0 else "next"
        for a, b in zip(picture[:, 2], before[:, 2]):
            residuals.code(f"{kind} strength", int(a - b))
        sent = picture[:, 2] > 0
        known = before.copy()
        for axis in (0, 1):
            moves = picture[sent, axis] - before[sent, axis]
            shift = int(np.floor(moves.mean() + 0.5)) if len(moves) else 0
            residuals.code(f"{kind} shift", shift)
            for move in moves:
                residuals.code(f"{kind} location", int(move - shift))
            known[sent, axis] = picture[sent, axis]
        known[:, 2] = picture[:, 2]
        before = known
    return 1 + len(coder.data())


def code(clips: list[np.ndarray], n: int, exponent: int, reference: str, back: int) -> tuple[np.ndarray, list[np.ndarray]]:
    """Bits of each datagram and the decoded clips; `reference` and `back` as in `designs.py`."""
    bits, decoded = [], []
    for clip in clips:
        whole = quantised(clip[:len(clip) // n * n], exponent)
        for first in range(0, len(whole), n):
            at = first - back
            bits.append(8 * unit_size(whole[first:first + n], whole[0] if reference == "source" or at < 0 else whole[at]))
        decoded.append(restored(whole, exponent))
    return np.array(bits), decoded
