"""Which distance between keypoints tells best how a picture is rebuilt from a source: do mouth, lids, openings or the head's shape count more?

python Examples/Measurements/source-policy/pose.py --clips CLIPS --lpips lpips.safetensors --out pose.md [--cache pose.npz]

Of each clip some pictures (--pictures), evenly spaced, are each rebuilt from each other one as the only source, raw, by the shipped network in OpenVINO. For each way to reckon a distance from keypoints (`Keypoints.spread`
of Sources/VideoCoding/SourceChoice is `shape × 2`: places about the mean of all keypoints count twice beside the places themselves): Spearman's rank correlation with LPIPS (AlexNet) within each clip, mean, and over the sources that one picture is rebuilt from, mean; and by how much the LPIPS of the source
that is nearest exceeds that of the best one, mean, which is what a policy would lose by it.
"""
import argparse
import sys
from pathlib import Path

import numpy as np
import torch
from scipy.stats import spearmanr

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "Training"))
from data.video import ClipError, videos  # noqa: E402
from evaluate import OpenVINOBackend, read_clip  # noqa: E402
from losses import PerceptualDistance  # noqa: E402

FEATURES = (3, 4, 5, 6, 7, 8, 10, 11)
"""Corners of the mouth, lips and lids among the keypoints (Training/data/mesh.py)."""
OPENINGS = (5, 6, 7)
"""Keypoints whose strengths tell how far left eye, mouth and right eye are open."""


def rebuilt(clip: Path, count: int, backend: OpenVINOBackend, lpips: PerceptualDistance) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Places [n, K, 2] in pixels, strengths [n, K] and LPIPS [n, n] of picture (column) from source (row), NaN for itself."""
    pictures = read_clip(clip, 256, 1)
    pictures = pictures[np.linspace(0, len(pictures) - 1, count).round().astype(int)]
    tensors = torch.from_numpy(np.ascontiguousarray(pictures)).permute(0, 3, 1, 2).float() / 255
    places, strengths = backend.detect(tensors)
    values = np.full((count, count), np.nan)
    for source in range(count):
        encoded = backend.encode(tensors[source:source + 1], places[source:source + 1], strengths[source:source + 1])
        for picture in range(count):
            if picture != source:
                shown = backend.generate(encoded, places[picture:picture + 1], strengths[picture:picture + 1]).clamp(0, 1)
                values[source, picture] = float(lpips(shown, tensors[picture:picture + 1]))
    return places.numpy() * 128, strengths.numpy(), values


def spread(places: np.ndarray, strengths: np.ndarray, shape: float = 0, feature: float = 1, opening: float = 0, power: float = 0.5, local: float = 0, scaled: bool = False) -> np.ndarray:
    """Distances [n, n]: the weighted mean over keypoints of a power of their distance, with features counting `feature` times; `shape` times the same of all places about their mean, scaled to one size or not; `local` times the
    same of features alone; `opening` times the mean difference of openings."""
    weights = np.ones(places.shape[1])
    weights[list(FEATURES)] = feature
    apart = np.linalg.norm(places[:, None] - places[None], axis=-1) ** power
    centred = places - places.mean(1, keepdims=True)
    if scaled:
        centred = 40 * centred / np.sqrt((centred**2).sum(-1).mean(1))[:, None, None]
    own = np.linalg.norm(centred[:, None] - centred[None], axis=-1) ** power
    openings = np.abs(strengths[:, None] - strengths[None])[..., list(OPENINGS)]
    return (apart * weights).sum(-1) / weights.sum() + shape * own.mean(-1) + local * own[..., list(FEATURES)].mean(-1) + opening * openings.mean(-1)


WAYS = (
    {"all alike": {}} | {f"features × {f}": {"feature": f} for f in (0.5, 2, 4)} | {f"openings × {o}": {"opening": o} for o in (0.5, 1, 2, 4)}
    | {f"features about the mean × {v}": {"local": v} for v in (0.5, 1, 2)} | {f"shape × {v}": {"shape": v} for v in (1, 2, 3, 4)}
    | {"shape × 2, scaled": {"shape": 2, "scaled": True}, "shape × 2, features × 2": {"shape": 2, "feature": 2}, "shape × 2, features about the mean × 1": {"shape": 2, "local": 1}}
    | {f"shape × 2, openings × {v}": {"shape": 2, "opening": v} for v in (1, 2)} | {f"shape × 2, power {p}": {"shape": 2, "power": p} for p in (0.35, 0.7, 1)} | {f"power {p}": {"power": p} for p in (0.35, 0.7, 1)}
)


def figures(clips: list, way: dict) -> tuple[float, float, float]:
    whole, single, loss = [], [], []
    for places, strengths, values in clips:
        distance = spread(places, strengths, **way)
        known = ~np.isnan(values)
        whole.append(spearmanr(distance[known], values[known])[0])
        for picture in range(len(values)):
            others = known[:, picture]
            single.append(spearmanr(distance[others, picture], values[others, picture])[0])
            loss.append(values[others, picture][distance[others, picture].argmin()] - values[others, picture].min())
    return float(np.mean(whole)), float(np.mean(single)), float(np.mean(loss))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clips", type=Path, required=True)
    parser.add_argument("--lpips", required=True)
    parser.add_argument("--pictures", type=int, default=10)
    parser.add_argument("--cache", type=Path)
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    torch.set_num_threads(1)
    if options.cache and options.cache.exists():
        with np.load(options.cache) as file:
            clips = [tuple(file[f"{name}{i}"] for name in ("places", "strengths", "values")) for i in range(len(file.files) // 3)]
    else:
        backend = OpenVINOBackend(ROOT / "Sources/NeuralVideo/Resources", "bf16", 1)
        lpips, clips = PerceptualDistance(options.lpips, "alex").eval(), []
        with torch.no_grad():
            for clip in videos(options.clips):
                try:
                    clips.append(rebuilt(clip, options.pictures, backend, lpips))
                except ClipError as error:
                    print(f"passed over {clip.name}: {error}", file=sys.stderr)
        if options.cache:
            np.savez(options.cache, **{f"{name}{i}": value for i, clip in enumerate(clips) for name, value in zip(("places", "strengths", "values"), clip)})
    lines = [f"{len(clips)} clips, {len(clips[0][2])} pictures of each.", "", "| | within a clip | over sources of a picture | LPIPS beyond the best source's |", "| --- | --- | --- | --- |"]
    lines += [f"| {name} | " + "{:.3f} | {:.3f} | {:.4f} |".format(*figures(clips, way)) for name, way in WAYS.items()]
    text = "\n".join(lines) + "\n"
    print(text)
    if options.out:
        options.out.write_text(text)


if __name__ == "__main__":
    main()
