"""How much each change of the keypoints shows in the rebuilt picture: a matrix W such that a change e of (x, y in pixels of 256; strength) costs about e' W e of LPIPS.

python sensitivity.py --clips FOLDER --weights weights.safetensors --lpips lpips.safetensors --out sensitivity.npz [--every 12]

LPIPS is a sum of squared differences of features f. Of a picture rebuilt from the clip's first picture, each of the 3 K values is moved by a little, both pictures' features are subtracted, and
W = mean of J' J over pictures, J the differences. Writes W [3K, 3K], order (keypoint, x y strength), and how many pictures it is from. From training clips: the test clips stay unseen.
"""
import argparse
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "Training"))

import numpy as np
import torch

from data.video import ClipError, videos
from evaluate import TorchBackend, read_clip
from losses import PerceptualDistance

PIXEL = 2 / 256
"""A pixel of 256 in units of -1...1."""
MOVE, WEAKEN = 1.0, 0.15
"""Changes of a coordinate, in pixels of 256, and of a strength."""


@torch.inference_mode()
def curvature(backend: TorchBackend, distance: PerceptualDistance, source: np.ndarray, driving: np.ndarray, sign: int) -> np.ndarray:
    """J' J [3K, 3K] of one driving picture."""
    tensor = lambda p: torch.from_numpy(p).permute(2, 0, 1)[None].float() / 255
    encoded = backend.encode(tensor(source), *backend.detect(tensor(source)))
    points = torch.cat([(found := backend.detect(tensor(driving)))[0], found[1][..., None]], -1)
    # A strength near 1 can only fall, one near 0 only rise.
    change = torch.tensor([sign * MOVE * PIXEL] * 2 + [WEAKEN]).repeat(points.shape[1])
    change[2::3] *= torch.where(points[0, :, 2] > 0.5, -1.0, 1.0)
    moved = points + torch.diag(change).unflatten(1, (-1, 3))
    features = []
    for part in torch.cat([points, moved]).split(6):
        taps = distance.taps(backend.generate(encoded, part[..., :2], part[..., 2]))
        features.append(torch.cat([(t / (t.shape[2] * t.shape[3]) ** 0.5).flatten(1) for t in taps], 1))
    features = torch.cat(features)
    jacobian = (features[1:] - features[:1]) / (change / torch.tensor([PIXEL, PIXEL, 1.0]).repeat(points.shape[1]))[:, None]
    return (jacobian @ jacobian.T).double().numpy()


def main() -> None:
    parser = argparse.ArgumentParser(prog="sensitivity.py", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("clips", "weights", "lpips", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--every", type=int, default=12, help="take each so-many-th clip only, one picture of each")
    options = parser.parse_args()
    torch.set_num_threads(1)
    backend, distance = TorchBackend(options.weights, "f32"), PerceptualDistance(str(options.lpips), "alex")
    total, count, begun, random = 0, 0, time.monotonic(), np.random.default_rng(1)
    for path in videos(options.clips)[::options.every]:
        try:
            pictures = read_clip(path, backend.side, 5)
        except ClipError as error:
            print(f"skipped {path.name}: {error}", file=sys.stderr)
            continue
        total = total + curvature(backend, distance, pictures[0], pictures[random.integers(1, len(pictures))], 1 if count % 2 else -1)
        count += 1
        np.savez(options.out, W=total / count, pictures=count)
        print(f"{count} pictures, {time.monotonic() - begun:.0f} s, root of W's diagonal", np.round(np.sqrt(np.diag(total / count)).reshape(-1, 3).mean(0), 4), flush=True)


if __name__ == "__main__":
    main()
