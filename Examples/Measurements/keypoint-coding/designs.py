"""The transform designs: state, reference, basis, quantiser and code lengths, everything vectorised over clips.

A picture's keypoints are one vector of 3k numbers, k times (x, y in pixels of 256; strength). A datagram holds N of them. Each is predicted from a reference that both ends have, the difference is
transformed over keypoints by a trained basis and over the datagram's pictures by a small orthonormal one, quantised with one step, and coded with static, trained probabilities.

The basis: W says what a change e costs the picture, e' W e (`Training/coding/sensitivity.py`). With W = L L', differences z = L' e have a cost of |z|^2, so the principal components U of z, with one step for all, are
both the decorrelating transform and the step of each component by its sensitivity. The decoder's basis is inverse(L') U.
"""
from dataclasses import dataclass, field

import numpy as np

INDICES = 40
"""Levels of expected magnitude, four an octave; 0 is 2^-5.5 steps."""
LOWEST = -5.5
ALPHABET = 16
"""Magnitudes with a probability of their own; the last stands for itself and above, Exp-Golomb from there."""
HISTOGRAM, SMOOTH = (7, 2), (25, 4)
"""Levels of how lively a datagram is so far, and how many of them an octave has: for tables counted, and for those that a small network fills."""


def load(*paths: str) -> list[np.ndarray]:
    """Clips of files by `detect.py` as vectors [n, 3K] (x, y in pixels of 256; strength)."""
    clips = []
    for path in paths:
        with np.load(path) as stored:
            clips += [stored[name].astype(np.float64) for name in sorted(stored.files)]
    return clips


def metric_of(path: str) -> np.ndarray:
    """W [3K, 3K] as `Training/coding/sensitivity.py` keeps it."""
    with np.load(path) as stored:
        return stored["total"] / stored["pictures"]


def last_known(n: int, delay: int = 5) -> int:
    """How many pictures before a datagram's first lies the last picture that both ends know, when datagrams of n pictures are acknowledged after `delay` pictures."""
    return (-(-delay // n) - 1) * n + 1


@dataclass
class Design:
    """A design with its trained tables."""

    n: int = 3
    k: int = 20
    reference: str = "acknowledged"
    """`source`: the keypoints of the clip's first picture. `acknowledged`: of the last picture of the newest datagram sent 200 ms before."""
    temporal: str = "klt"
    """`klt`, `dct`, or `none`: each picture against the reference alone; `previous`: against the decoded one before it (no transform over pictures)."""
    prediction: bool = True
    """Whether the acknowledged pictures' motion and the source's keypoints correct the prediction."""
    activity: bool = True
    """Whether magnitudes coded before choose the probabilities."""
    spatial: str = "klt"
    """`klt`, or `none`: single coordinates."""
    interpolate: int = 1
    """Only every so-many-th picture, the last among them, is sent; the others lie between."""
    strengths: str = "joint"
    """`joint`: part of the vector. `shape`: predicted from the locations alone, never sent."""
    smooth: bool = False
    """Whether a small network, instead of counting, fills the tables: three probabilities for each expected magnitude and level of activity (zero; one, if not zero; no further, beyond that)."""
    step: float = 0.02
    lagrangian: float = 0.0
    """What a bit costs, in squared steps; 0: plain rounding."""
    tables: dict = field(default_factory=dict)
    recorded: list | None = None
    """Where it is a list: of each datagram coded, its numbers [s, 4] (expected magnitude's level, activity, magnitude, sign)."""

    # -- training

    def fit(self, clips: list[np.ndarray], metric: np.ndarray, rounds: int = 3) -> "Design":
        """Trains basis, predictor and probabilities."""
        clips = [self._first(c) for c in clips]
        kept = np.arange(3 * self.k)
        if self.strengths == "shape":
            kept = kept[kept % 3 < 2]
            x = np.concatenate(clips)
            inputs = np.concatenate([x[:, kept], np.ones((len(x), 1))], 1)
            self.tables["strengths"] = np.linalg.lstsq(inputs, x[:, 2::3], rcond=None)[0]
        self.kept = kept
        self.metric = metric[:3 * self.k, :3 * self.k]
        w = self.metric[np.ix_(kept, kept)]
        w = w + np.eye(len(kept)) * 1e-3 * np.trace(w) / len(kept)
        self.analysis, self.synthesis = np.linalg.cholesky(w).T, None
        if self.spatial == "none":
            self.analysis = np.diag(np.sqrt(np.diag(w)))
        z, extra = self._open(clips)
        if self.spatial == "klt":
            flat = z.reshape(-1, z.shape[-1])
            values, vectors = np.linalg.eigh(flat.T @ flat / len(flat))
            self.analysis = vectors[:, ::-1].T @ self.analysis
        self.synthesis = np.linalg.inv(self.analysis)
        z, extra = self._open(clips)
        self.predictor = None
        if self.prediction and self.reference == "acknowledged":
            # For each component and picture, of (motion before, source less reference).
            self.predictor = np.zeros((z.shape[1], z.shape[2], 2))
            for t in range(z.shape[1]):
                for c in range(z.shape[2]):
                    a = extra[:, :, c]
                    self.predictor[t, c] = np.linalg.solve(a.T @ a + 1e-9 * np.eye(2), a.T @ z[:, t, c])
            z = z - np.einsum("tcf,mfc->mtc", self.predictor, extra)
        sent = z.shape[1]
        if self.temporal == "klt":
            scaled = z / (np.sqrt((z ** 2).mean((0, 1))) + 1e-12)
            values, vectors = np.linalg.eigh(np.einsum("mtc,msc->ts", scaled, scaled))
            self.time = vectors[:, ::-1].T
        elif self.temporal == "dct":
            self.time = np.array([[np.cos(np.pi * (2 * t + 1) * f / (2 * sent)) * np.sqrt((1 if f == 0 else 2) / sent) for t in range(sent)] for f in range(sent)])
        else:
            self.time = np.eye(sent)
        if self.temporal == "previous":
            z = np.concatenate([z[:, :1], z[:, 1:] - z[:, :-1]], 1)
        self.scale = np.abs(np.einsum("ft,mtc->mfc", self.time, z)).mean(0) + 1e-9
        magnitudes = np.arange(ALPHABET)
        self.classes, self.fineness = SMOOTH if self.smooth else HISTOGRAM
        counts = np.zeros((INDICES, self.classes, ALPHABET))
        for i in range(INDICES):
            # Laplace of this mean magnitude, in steps, as a start.
            b = 2 ** (LOWEST + i / 4)
            p = np.exp(-np.maximum(magnitudes - 0.5, 0) / b) - np.exp(-(magnitudes + 0.5) / b)
            counts[i] = 20 * (p + 1e-5) / (p + 1e-5).sum()
        self.prior, self.counts = counts, counts.copy()
        self.trained = False
        for _ in range(rounds):
            self._tabulate()
            self.trained = True
            self.counts = self.prior * (0.002 if self.smooth else 1)
            self.code(clips, learn=True)
        self._tabulate()
        return self

    def _smoothed(self) -> np.ndarray:
        """Three probabilities [INDICES, classes, 3] of a network of 16 hidden units trained on the counts: that it is not zero, more than one, and more again. It is not needed once they are tabulated."""
        import torch
        import torch.nn.functional as F

        torch.manual_seed(1)
        counts = torch.tensor(self.counts)
        level, activity = torch.meshgrid(torch.arange(INDICES) / 10 - 2, (torch.arange(self.classes) - self.classes // 2) / 6, indexing="ij")
        inputs = torch.stack([level, activity, level * activity], -1).double()
        above = counts.flip(-1).cumsum(-1).flip(-1)
        yes = torch.stack([above[..., 1], above[..., 2], above[..., 3:].sum(-1)], -1)
        no = torch.stack([counts[..., 0], counts[..., 1], counts[..., 2:ALPHABET - 1].sum(-1)], -1)
        network = torch.nn.Sequential(torch.nn.Linear(3, 16), torch.nn.Tanh(), torch.nn.Linear(16, 3)).double()
        optimiser = torch.optim.Adam(network.parameters(), 0.02)
        for _ in range(800):
            output = network(inputs)
            loss = (F.softplus(-output) * yes + F.softplus(output) * no).sum() / counts.sum()
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
        return torch.sigmoid(network(inputs)).detach().numpy()

    def _tabulate(self) -> None:
        p = self.counts / self.counts.sum(-1, keepdims=True)
        if self.smooth and self.counts is not self.prior and self.trained:
            # 16-bit probabilities, as they are on file.
            self.decisions = np.round(self._smoothed() * 65536).clip(32, 65504) / 65536
            some, more, again = np.moveaxis(self.decisions, -1, 0)
            p = np.stack([1 - some, some * (1 - more), *(some * more * again ** j * (1 - again) for j in range(ALPHABET - 3)), some * more * again ** (ALPHABET - 3)], -1)
            self.bits = -np.log2(np.maximum(p, 1e-30))
            self.bits[..., 1:] += 1
            self.expected = (p * np.arange(ALPHABET)).sum(-1)[:, self.classes // 2]
            return
        # 16-bit probabilities, none zero.
        p = np.maximum(np.round(p * 65536), 16) / np.maximum(np.round(p * 65536), 16).sum(-1, keepdims=True)
        self.bits = -np.log2(p)
        self.bits[..., 1:] += 1
        self.expected = (p * np.arange(ALPHABET)).sum(-1).mean(-1) if not self.activity else (p * np.arange(ALPHABET)).sum(-1)[:, self.classes // 2]

    def _first(self, clip: np.ndarray) -> np.ndarray:
        return clip[:, :3 * self.k]

    def _sent(self) -> np.ndarray:
        """Which pictures of a datagram are sent."""
        return np.arange(self.n - 1, -1, -self.interpolate)[::-1]

    def _open(self, clips: list[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
        """Differences [m, sent, C] of all datagrams from an unquantised reference, and predictors [m, 2, C]."""
        z, extra, back = [], [], last_known(self.n)
        for clip in clips:
            x = clip[:, self.kept] @ self.analysis.T
            for first in range(0, len(x) - self.n + 1, self.n):
                at = first - back
                if self.reference == "source":
                    r, v = x[0], 0 * x[0]
                elif at < 1:
                    continue
                else:
                    r, v = x[at], x[at] - x[at - min(2, at)]
                z.append(x[first + self._sent()] - r)
                extra.append((v, x[0] - r))
        return np.array(z), np.array(extra)

    # -- coding

    def code(self, clips: list[np.ndarray], learn: bool = False) -> tuple[np.ndarray, list[np.ndarray]]:
        """Bits of each datagram [m] (ideal code length) and the decoded clips. All datagrams predict from decoded pictures only."""
        clips = [self._first(c) for c in clips]
        x = [c[:, self.kept] @ self.analysis.T for c in clips]
        steps = max(len(c) // self.n for c in clips)
        decoded = [np.zeros((len(c), c.shape[1])) for c in x]
        sent, back, total = self._sent(), last_known(self.n), []
        self.trace = []
        for d in range(steps):
            active = [i for i, c in enumerate(x) if (d + 1) * self.n <= len(c)]
            first = d * self.n
            at = first - back
            # The source's keypoints are sent with it, in whole quarters of a step.
            source = np.stack([np.round(x[i][0] / self.step * 4) / 4 * self.step for i in active])
            if self.reference == "source" or at < 0:
                r = p = source
                known = None
            else:
                r = np.stack([decoded[i][at] for i in active])
                known = np.stack([r - np.stack([decoded[i][max(at - 2, 0)] for i in active]), source - r], 1)
            z = np.stack([x[i][first + sent] for i in active]) - r[:, None]
            offset = np.einsum("tcf,mfc->mtc", self.predictor, known) if self.predictor is not None and known is not None else 0
            q, bits = self._quantise(z - offset, learn)
            if known is not None:
                self.trace.append((q, known[:, 0]))
            y = self._rebuild(q) + offset + r[:, None]
            total.append(bits)
            for row, i in enumerate(active):
                decoded[i][first + sent] = y[row]
                before = r[row]
                gap = sent[0] + back if self.reference != "source" and at >= 0 else None
                for j in range(self.n):
                    if j not in sent:
                        right = sent[sent > j][0]
                        left = sent[sent < j][-1] if (sent < j).any() else None
                        if left is None:
                            share = (j + back) / gap if gap else 1.0
                            decoded[i][first + j] = before + share * (decoded[i][first + right] - before)
                        else:
                            share = (j - left) / (right - left)
                            decoded[i][first + j] = (1 - share) * decoded[i][first + left] + share * decoded[i][first + right]
        result = []
        for clip, y in zip(clips, decoded):
            out = np.zeros_like(clip)
            out[:, self.kept] = y @ self.synthesis.T
            if self.strengths == "shape":
                out[:, 2::3] = np.concatenate([out[:, self.kept], np.ones((len(out), 1))], 1) @ self.tables["strengths"]
            out[:, 2::3] = out[:, 2::3].clip(0, 1)
            result.append(out[:len(out) // self.n * self.n])
        return np.concatenate(total), result

    def _rebuild(self, q: np.ndarray) -> np.ndarray:
        y = q * self.step
        return np.cumsum(y, 1) if self.temporal == "previous" else np.einsum("ft,mfc->mtc", self.time, y)

    def _quantise(self, z: np.ndarray, learn: bool) -> tuple[np.ndarray, np.ndarray]:
        """Whole numbers [m, f, C] for differences [m, t, C], and bits [m]."""
        index = np.clip(np.round(4 * (np.log2(self.scale / self.step) - LOWEST)), -1, INDICES - 1).astype(int)
        c = (z if self.temporal == "previous" else np.einsum("ft,mtc->mfc", self.time, z)) / self.step
        q = np.zeros_like(c)
        m = len(c)
        bits, seen, wanted, carried = np.zeros(m), np.full(m, 0.5), 0.5, np.zeros((m, c.shape[2]))
        record = []
        for f in range(c.shape[1]):
            for k in range(c.shape[2]):
                i = index[f, k]
                if i < 0:
                    continue
                kind = np.clip(np.round(self.fineness * np.log2(seen / wanted)) + self.classes // 2, 0, self.classes - 1).astype(int) if self.activity else np.zeros(m, int)
                value = c[:, f, k] - (carried[:, k] if self.temporal == "previous" else 0)
                size = np.abs(value)
                table = self.bits[i]
                high = np.round(size)
                cost = lambda a: table[kind, np.minimum(a, ALPHABET - 1).astype(int)] + np.where(a >= ALPHABET - 1, 2 * np.floor(np.log2(np.maximum(a - ALPHABET + 2, 1))) + 1, 0)
                best, least = high, (size - high) ** 2 + self.lagrangian * (b := cost(high))
                if self.lagrangian:
                    for other in (np.maximum(high - 1, 0), 0 * high):
                        bo = cost(other)
                        j = (size - other) ** 2 + self.lagrangian * bo
                        better = j < least
                        best, least, b = np.where(better, other, best), np.where(better, j, least), np.where(better, bo, b)
                bits += b
                if self.recorded is not None:
                    record.append((np.full(m, i), kind, best.astype(int), np.sign(value).astype(int)))
                q[:, f, k] = np.sign(value) * best
                if self.temporal == "previous":
                    # The next picture's difference is from what is decoded.
                    carried[:, k] += q[:, f, k]
                if learn:
                    np.add.at(self.counts[i], (kind, np.minimum(best, ALPHABET - 1).astype(int)), 1)
                seen += np.minimum(best, 4)
                wanted += self.expected[i]
        if self.recorded is not None:
            self.recorded.extend(np.array(record).transpose(2, 0, 1))
        return q, bits


def errors(clips: list[np.ndarray], decoded: list[np.ndarray], metric: np.ndarray) -> dict[str, float]:
    """RMS in pixels of 256 of the opening of lips and of the left eye (vertical distance of keypoints 6 and 8, 5 and 10) and of locations (both coordinates together), RMS of strengths, and the LPIPS
    that the metric foretells."""
    e = np.concatenate([d - c[:len(d), :d.shape[1]] for c, d in zip(clips, decoded)])
    points = e.reshape(len(e), -1, 3)
    w = metric[:e.shape[1], :e.shape[1]]
    opening = lambda a, b: float(np.sqrt(((points[:, a, 1] - points[:, b, 1]) ** 2).mean())) if max(a, b) < points.shape[1] else None
    return {"lips": opening(6, 8), "lids": opening(5, 10), "pixels": float(np.sqrt((points[..., :2] ** 2).sum(-1).mean())), "strength": float(np.sqrt((points[..., 2] ** 2).mean())), "foretold": float(np.einsum("ni,ij,nj->n", e, w, e).mean())}


OVERHEAD = 1.3
"""Bytes of a datagram beside the ideal code length: one for the format and the step, 0.3 for the range coder's end and whole bytes."""


def rate(bits: np.ndarray, n: int) -> float:
    """kbit/s at 25 pictures a second of datagrams of n pictures with ideal code lengths `bits`."""
    return float((bits.mean() + 8 * OVERHEAD) * 25 / n / 1000)
