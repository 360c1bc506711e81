"""How well cheap distances order rebuilt pictures as LPIPS does.

python Examples/Measurements/source-policy/distance.py --clips CLIPS --lpips lpips.safetensors --out distance.md

Each twentieth picture (--every) of each clip is rebuilt, by the shipped network in OpenVINO, from one VP8 source at quantisers 20 and 40, from a coarse one (128 pixels, quantiser 50) and from three at 30.
`distance` is `PictureDistance` of Sources/VideoCoding/SourceChoice, written again in numpy. Spearman's rank correlation with LPIPS (AlexNet): over all pictures; within each clip, mean; within each clip
and way to rebuild, mean, which is what is left for the pose. With `--fit` the shares of texture and structure are fitted, which was done on held-out clips of the training set.
"""
import argparse
import sys
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from scipy.ndimage import gaussian_filter, uniform_filter
from scipy.optimize import nnls
from scipy.stats import spearmanr

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "Training"))
from data.video import ClipError, through_vp8, videos  # noqa: E402
from evaluate import OpenVINOBackend, read_clip  # noqa: E402
from losses import PerceptualDistance  # noqa: E402

WAYS = {"q20": (20, 1, False), "q40": (40, 1, False), "coarse": (50, 1, True), "3 × q30": (30, 3, False)}
NOISE = 2.0


def luma(picture: np.ndarray) -> np.ndarray:
    """BT.601's luma, limited range, of [h, w, 3] 8-bit RGB."""
    return 16 + picture.astype(np.float32) @ np.array([0.257, 0.504, 0.098], np.float32)


def halved(x: np.ndarray) -> np.ndarray:
    return x.reshape(x.shape[0] // 2, 2, x.shape[1] // 2, 2).mean((1, 3))


def gradient(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    across, down = np.zeros_like(x), np.zeros_like(x)
    across[1:-1, 1:-1] = (x[1:-1, 2:] - x[1:-1, :-2]) / 2
    down[1:-1, 1:-1] = (x[2:, 1:-1] - x[:-2, 1:-1]) / 2
    return across, down


def detail(a: np.ndarray, b: np.ndarray) -> tuple[float, float]:
    """How the energy of gradients differs (texture), and what of it does not coincide (structure)."""
    (ax, ay), (bx, by) = gradient(a), gradient(b)
    mean = lambda x: uniform_filter(x, 5, mode="constant")
    # Running sums leave tiny negative numbers.
    own, other, error = (np.maximum(mean(x), 0) for x in (ax**2 + ay**2, bx**2 + by**2, (ax - bx) ** 2 + (ay - by) ** 2))
    energy = own + other + NOISE**2
    return float(((np.sqrt(own) - np.sqrt(other)) ** 2 / energy).mean()), float((error / energy).mean())


def ssim(a: np.ndarray, b: np.ndarray) -> float:
    blur = lambda x: gaussian_filter(x, 1.5)
    ma, mb = blur(a), blur(b)
    va, vb, c = blur(a * a) - ma * ma, blur(b * b) - mb * mb, blur(a * b) - ma * mb
    return float(((2 * ma * mb + 6.5) * (2 * c + 58.5) / ((ma**2 + mb**2 + 6.5) * (va + vb + 58.5))).mean())


def gmsd(a: np.ndarray, b: np.ndarray) -> float:
    """Xue et al., Gradient Magnitude Similarity Deviation, TIP 2014."""
    (ax, ay), (bx, by) = gradient(a), gradient(b)
    m, n = np.hypot(ax, ay), np.hypot(bx, by)
    return float((1 - (2 * m * n + 170) / (m**2 + n**2 + 170)).std())


def measures(truth: np.ndarray, rebuilt: np.ndarray) -> dict[str, float]:
    a, b = luma(truth), luma(rebuilt)
    t0, s0 = detail(a, b)
    t1, s1 = detail(halved(a), halved(b))
    return {
        "distance": 1.02 * t0 + 0.51 * t1 + 0.03 * (s0 + s1), "texture, full size": t0, "texture, half": t1,
        "structure, full size": s0, "structure, half": s1,
        "1 − SSIM": 1 - ssim(a, b), "1 − SSIM, half": 1 - ssim(halved(a), halved(b)), "GMSD": gmsd(a, b), "L1": float(np.abs(a - b).mean()), "RMSE": float(np.sqrt(((a - b) ** 2).mean())),
    }


def as_sent(picture: np.ndarray, quantiser: int, coarse: bool) -> np.ndarray:
    if not coarse:
        return through_vp8(picture, quantiser)
    small = np.asarray(Image.fromarray(picture).resize((128, 128), Image.BILINEAR))
    return np.asarray(Image.fromarray(through_vp8(small, quantiser)).resize((256, 256), Image.BILINEAR))


def rows_of(clip: Path, backend: OpenVINOBackend, lpips: PerceptualDistance, every: int):
    """Measures of the clip's rebuilt pictures, with `lpips`, `way` and `spread` (of keypoints to the nearest source)."""
    tensor = lambda pictures: torch.from_numpy(np.ascontiguousarray(pictures)).permute(0, 3, 1, 2).float() / 255
    pictures = read_clip(clip, 256, every)
    locations, strengths = backend.detect(tensor(pictures))
    for way, (quantiser, count, coarse) in WAYS.items():
        sent = [as_sent(pictures[i * len(pictures) // count], quantiser, coarse) for i in range(count)]
        found = [backend.detect(tensor(s[None])) for s in sent]
        encoded = [backend.encode(tensor(s[None]), *f) for s, f in zip(sent, found)]
        sources = {name: torch.cat([e[name] for e in encoded]) for name in encoded[0]}
        for i in range(1, len(pictures)):
            rebuilt = backend.generate(sources, locations[i:i + 1], strengths[i:i + 1]).clamp(0, 1)
            picture = (rebuilt[0].permute(1, 2, 0).numpy() * 255).round().astype(np.uint8)
            spread = min(float(((f[0][0] - locations[i]) * 128).norm(dim=1).sqrt().mean()) for f in found)
            value = float(lpips(rebuilt, tensor(pictures[i:i + 1])))
            yield {"clip": clip.stem, "way": way, "lpips": value, "spread of keypoints": spread, **measures(pictures[i], picture)}


def correlations(rows: list[dict], name: str) -> tuple[float, float, float]:
    def within(key) -> float:
        groups = {}
        for row in rows:
            groups.setdefault(key(row), []).append(row)
        found = [spearmanr([r[name] for r in g], [r["lpips"] for r in g])[0] for g in groups.values() if len(g) > 4]
        return float(np.nanmean(found))
    return within(lambda r: 0), within(lambda r: r["clip"]), within(lambda r: (r["clip"], r["way"]))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clips", type=Path, required=True)
    parser.add_argument("--lpips", required=True)
    parser.add_argument("--every", type=int, default=20)
    parser.add_argument("--precision", default="bf16")
    parser.add_argument("--fit", action="store_true")
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    torch.set_num_threads(1)
    backend = OpenVINOBackend(ROOT / "Sources/NeuralVideo/Resources", options.precision, 1)
    lpips, rows = PerceptualDistance(options.lpips, "alex").eval(), []
    with torch.no_grad():
        for clip in videos(options.clips):
            try:
                rows += rows_of(clip, backend, lpips, options.every)
            except ClipError as error:
                print(f"passed over {clip.name}: {error}", file=sys.stderr)
    names = [n for n in rows[0] if n not in ("clip", "way", "lpips")]
    lines = [f"{len(rows)} rebuilt pictures of {len({r['clip'] for r in rows})} clips.", "", "| | all | within a clip | within a clip and way |", "| --- | --- | --- | --- |"]
    table = sorted(((n, correlations(rows, n)) for n in names), key=lambda entry: -entry[1][0])
    lines += [f"| {n} | " + " | ".join(f"{v:.3f}" for v in c) + " |" for n, c in table]
    lines += ["", "| way | LPIPS | distance |", "| --- | --- | --- |"]
    lines += [f"| {w} | " + " | ".join(f"{np.mean([r[n] for r in rows if r['way'] == w]):.3f}" for n in ("lpips", "distance")) + " |" for w in WAYS]
    if options.fit:
        parts = np.array([[r["texture, full size"], r["texture, half"]] for r in rows])
        rest = np.array([r["lpips"] - 0.03 * (r["structure, full size"] + r["structure, half"]) for r in rows])
        lines += ["", f"Fitted shares of texture, full size and half, beside 0.03 of either structure: {np.round(nnls(parts, rest)[0], 3)}"]
    text = "\n".join(lines) + "\n"
    print(text)
    if options.out:
        options.out.write_text(text)


if __name__ == "__main__":
    main()
