"""Trains the tables of Protocol/keypoints.md: the basis over keypoints, the ones over the pictures of a unit, how large each number is to be expected, and the probabilities.

Keypoints of a picture are a vector [3K]: (x, y in pixels of 256; strength) for each. W says what a change e costs the picture, e' W e (`sensitivity.py`). With W = L L', differences z = L' e have a cost
of |z|^2, so the principal components U of z, with one step for all, are both the transform that decorrelates and the step of each component by its sensitivity. The decoder's basis is inverse(L') U.
"""
from dataclasses import dataclass, field

import numpy as np
import torch
import torch.nn.functional as F

LEVELS, ACTIVITIES = 40, 25
"""Levels of expected magnitude and of how lively a unit is so far, four an octave; level 0 is 2^-5.5 steps, activity 12 as lively as expected."""
LOWEST = -5.5
ALPHABET = 16
"""Magnitudes that are counted; the last stands for itself and above."""
LARGEST_UNIT = 6
FINEST = 0.014
"""Step 0, in roots of LPIPS; step i is 2^(i/4) times it."""
WEIGHT = 0.12
"""What a bit costs, in squared steps, where numbers are rounded."""
DISTANCES = ((1, 2), (3, 4, 5), (6, 8, 11), (12, 20, 40))
"""How many pictures before a unit's first the reference lies, of each kind of reference that is a picture: what the levels are measured for."""
SIMULATED = ((1, 2, 2), (1, 5, 6), (2, 4, 6), (3, 4, 2), (3, 4, 6), (3, 4, 10), (3, 10, 6), (4, 5, 6), (6, 6, 8), (3, 0, 6))
"""What the probabilities are counted over: pictures of a unit, how many before its first the reference lies (0: the first picture of the clip), and the step."""


def kind(distance: int) -> int:
    """Which levels belong to a reference that lies so many pictures before; 1 is a source."""
    return 2 + sum(distance >= first for first in (3, 6, 12)) if distance else 1


@dataclass
class Tables:
    """Trained tables, floating point."""

    mean: np.ndarray
    """The mean picture [3K]."""
    analysis: np.ndarray
    """[3K, 3K]: difference to components."""
    time: dict[int, np.ndarray]
    """[N, N] for units of N pictures: pictures to components, orthonormal."""
    scales: dict[tuple[int, int], np.ndarray]
    """Mean magnitudes [N, 3K] by kind and N, in units of the metric."""
    ones: np.ndarray = field(default_factory=lambda: np.zeros((LEVELS, ACTIVITIES, 3)))
    """Probabilities that a number is not zero, if so more than one, and if so yet more."""
    expected: np.ndarray = field(default_factory=lambda: np.zeros(LEVELS))
    """The mean magnitude that belongs to a level, magnitudes above 4 not counted as more in the activity."""


def fit(clips: list[np.ndarray], metric: np.ndarray, rounds: int = 2, report=print) -> Tables:
    """Trains tables on clips of vectors [n, 3K]."""
    size = clips[0].shape[1]
    metric = metric + np.eye(size) * 1e-3 * np.trace(metric) / size
    analysis = np.linalg.cholesky(metric).T
    steps = np.concatenate([c[at:] - c[:len(c) - at] for c in clips for at in (4, 5, 6)]) @ analysis.T
    _, vectors = np.linalg.eigh(steps.T @ steps / len(steps))
    analysis = vectors[:, ::-1].T @ analysis
    tables = Tables(np.concatenate(clips).mean(0), analysis, {}, {})
    components = [c @ analysis.T for c in clips]
    for n in range(1, LARGEST_UNIT + 1):
        tables.time[n] = over_pictures(np.concatenate([differences(c, n, 4) for c in components]))
    start = np.concatenate([c[::10] for c in components]) - tables.mean @ analysis.T
    tables.scales[0, 1] = np.abs(start).mean(0)[None] + 1e-9
    for n in range(1, LARGEST_UNIT + 1):
        for number, distances in enumerate(((0,), *DISTANCES)):
            z = np.concatenate([differences(c, n, d) for d in distances for c in components])
            tables.scales[1 + number, n] = np.abs(np.einsum("ft,mtc->mfc", tables.time[n], z)).mean(0) + 1e-9
    prior = np.zeros((LEVELS, ACTIVITIES, ALPHABET))
    magnitudes = np.arange(ALPHABET)
    for level in range(LEVELS):
        # Laplace of this mean magnitude, in steps, as a start.
        b = 2 ** (LOWEST + level / 4)
        p = np.exp(-np.maximum(magnitudes - 0.5, 0) / b) - np.exp(-(magnitudes + 0.5) / b)
        prior[level] = (p + 1e-5) / (p + 1e-5).sum()
    tabulate(tables, prior * 20)
    for turn in range(rounds):
        counts, figures = prior * 0.04, []
        for n, distance, step in SIMULATED:
            bits = simulate(tables, components, n, distance, FINEST * 2 ** (step / 4), counts)
            figures.append(f"{bits * 25 / n / 1000:.2f}")
        tabulate(tables, counts)
        report(f"round {turn + 1}: kbit/s of {', '.join(map(str, SIMULATED))}: {', '.join(figures)}")
    return tables


def differences(x: np.ndarray, n: int, distance: int) -> np.ndarray:
    """Differences [m, n, C] of units of n pictures of one clip from the picture so many before each unit's first; distance 0: from the clip's first."""
    first = np.arange(max(distance, 1), len(x) - n + 1, 1 if distance else 3)
    reference = x[first - distance] if distance else np.repeat(x[:1], len(first), 0)
    return x[first[:, None] + np.arange(n)] - reference[:, None]


def over_pictures(z: np.ndarray) -> np.ndarray:
    """The orthonormal transform [n, n] over the pictures of differences [m, n, C]: principal components, each component of the basis counting alike."""
    scaled = z / (np.sqrt((z ** 2).mean((0, 1))) + 1e-12)
    _, vectors = np.linalg.eigh(np.einsum("mtc,msc->ts", scaled, scaled))
    time = vectors[:, ::-1].T
    return time * np.where(time.sum(1, keepdims=True) < 0, -1, 1)


def levels(scale: np.ndarray) -> np.ndarray:
    """Levels at step 0 of mean magnitudes [N, 3K] in units of the metric; each step takes one away.

    Those of the first row, what the pictures of a unit have in common, never get below zero at any step: what is never sent could drift away from picture to picture."""
    result = np.clip(np.round(4 * (np.log2(scale / FINEST) - LOWEST)), 0, 255).astype(int)
    result[0] = np.maximum(result[0], 15)
    return result


def tabulate(tables: Tables, counts: np.ndarray) -> None:
    """Fills `ones` and `expected` from counts of magnitudes [LEVELS, ACTIVITIES, ALPHABET] by a network of 16 hidden units that smooths them; it is not needed any more afterwards."""
    torch.manual_seed(1)
    counted = torch.tensor(counts)
    level, activity = torch.meshgrid(torch.arange(LEVELS) / 10 - 2, (torch.arange(ACTIVITIES) - ACTIVITIES // 2) / 6, indexing="ij")
    inputs = torch.stack([level, activity, level * activity], -1).double()
    above = counted.flip(-1).cumsum(-1).flip(-1)
    yes = torch.stack([above[..., 1], above[..., 2], above[..., 3:].sum(-1)], -1)
    no = torch.stack([counted[..., 0], counted[..., 1], counted[..., 2:ALPHABET - 1].sum(-1)], -1)
    network = torch.nn.Sequential(torch.nn.Linear(3, 16), torch.nn.Tanh(), torch.nn.Linear(16, 3)).double()
    optimiser = torch.optim.Adam(network.parameters(), 0.02)
    for step in range(1200):
        for group in optimiser.param_groups:
            group["lr"] = 0.02 * (1 - step / 1200) + 1e-4
        output = network(inputs)
        loss = (F.softplus(-output) * yes + F.softplus(output) * no).sum() / counted.sum()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    tables.ones = torch.sigmoid(network(inputs)).detach().numpy().clip(32 / 65536, 65504 / 65536)
    tables.expected = (magnitude_shares(tables.ones) * np.arange(ALPHABET)).sum(-1)[:, ACTIVITIES // 2]


def magnitude_shares(ones: np.ndarray) -> np.ndarray:
    """Probabilities [..., ALPHABET] of magnitudes."""
    some, more, again = np.moveaxis(ones, -1, 0)
    return np.stack([1 - some, some * (1 - more), *(some * more * again ** j * (1 - again) for j in range(ALPHABET - 3)), some * more * again ** (ALPHABET - 3)], -1)


def simulate(tables: Tables, clips: list[np.ndarray], n: int, distance: int, step: float, counts: np.ndarray) -> float:
    """Codes all units of clips of components, predicted from decoded pictures; adds the magnitudes to `counts` and returns the mean ideal code length of a unit, in bits."""
    index = levels(tables.scales[kind(distance), n]) - round(4 * np.log2(step / FINEST))
    bits = -np.log2(np.maximum(magnitude_shares(tables.ones), 1e-30))
    bits[..., 1:] += 1
    decoded = [np.zeros_like(c) for c in clips]
    lengths = []
    for unit in range(max(len(c) // n for c in clips)):
        active = [i for i, c in enumerate(clips) if (unit + 1) * n <= len(c)]
        first = unit * n
        at = first - distance if distance else 0
        if at < n and distance or unit == 0:
            # The first pictures are taken as if they had been sent finely.
            for i in active:
                decoded[i][first:first + n] = np.round(clips[i][first:first + n] / step) * step
            continue
        r = np.stack([decoded[i][at] for i in active])
        exact = np.einsum("ft,mtc->mfc", tables.time[n], np.stack([clips[i][first:first + n] for i in active]) - r[:, None]) / step
        q, length = quantise(exact, index, bits, tables.expected, counts)
        lengths.append(length)
        rebuilt = np.einsum("ft,mfc->mtc", tables.time[n], q * step) + r[:, None]
        for row, i in enumerate(active):
            decoded[i][first:first + n] = rebuilt[row]
    return float(np.concatenate(lengths).mean())


def quantise(exact: np.ndarray, index: np.ndarray, bits: np.ndarray, expected: np.ndarray, counts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Whole numbers [m, f, C] for numbers in steps, chosen by squared error and bits, and bits [m]."""
    q, total = np.zeros_like(exact), np.zeros(len(exact))
    seen, wanted = np.full(len(exact), 0.5), 0.5
    cost = lambda table, activity, v: table[activity, np.minimum(v, ALPHABET - 1).astype(int)] + np.where(v >= ALPHABET - 1, 2 * np.floor(np.log2(np.maximum(v - ALPHABET + 2, 1))) + 1, 0)
    for f in range(exact.shape[1]):
        for c in range(exact.shape[2]):
            level = min(index[f, c], LEVELS - 1)
            if level < 0:
                continue
            activity = np.clip(np.round(4 * np.log2(seen / wanted)) + ACTIVITIES // 2, 0, ACTIVITIES - 1).astype(int)
            size = np.abs(exact[:, f, c])
            best = np.round(size)
            least = (size - best) ** 2 + WEIGHT * (spent := cost(bits[level], activity, best))
            for other in (np.maximum(best - 1, 0), 0 * best):
                length = cost(bits[level], activity, other)
                value = (size - other) ** 2 + WEIGHT * length
                better = value < least
                best, least, spent = np.where(better, other, best), np.where(better, value, least), np.where(better, length, spent)
            total += spent
            q[:, f, c] = np.sign(exact[:, f, c]) * best
            np.add.at(counts[level], (activity, np.minimum(best, ALPHABET - 1).astype(int)), 1)
            seen += np.minimum(best, 4)
            wanted += expected[level]
    return q, total


def whole(tables: Tables) -> bytes:
    """The file of Protocol/keypoints.md, section 2."""
    size = len(tables.mean)
    units = np.tile([64, 64, 4096], size // 3)
    basis = np.round(np.linalg.inv(tables.analysis) * units[:, None]).astype(int)
    if np.abs(basis).max() > 32767:
        raise ValueError(f"a value of {np.abs(basis).max()} in the basis does not fit 16 bits: a keypoint hardly shows in the picture")
    word = lambda values: np.round(values).astype(">i2").tobytes()
    parts = [b"PGKT\1", bytes([size // 3]), word(np.clip(tables.mean * units, -32768, 32767)), word(basis)]
    parts += [word(tables.time[n] * 16384) for n in range(1, LARGEST_UNIT + 1)]
    # By kind, then by pictures of a unit.
    parts += [levels(tables.scales[key]).astype(np.uint8).tobytes() for key in sorted(tables.scales)]
    parts += [np.round(tables.ones * 65536).clip(32, 65504).astype(">u2").tobytes(), np.round(tables.expected * 64).clip(0, 65535).astype(">u2").tobytes()]
    return b"".join(parts)
