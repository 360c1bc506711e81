"""Keypoints of all pictures of a folder of clips, 25 a second.

python detect.py --clips FOLDER --weights weights.safetensors --out keypoints.npz [--first 0 --every 2]

Writes one array for each clip, by its name: [pictures, K, 3], f32, x and y in -1...1 and the strength in 0...1, as the detector gives them.
"""
import argparse
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "Training"))

import numpy as np
import openvino
import torch

from data.video import ClipError, videos
from evaluate import TorchBackend, read_clip


class Detector:
    """The keypoint detector in f32, run by OpenVINO: twice as fast on a processor as in PyTorch, and the same to 1e-4 of a pixel, which it checks."""

    def __init__(self, weights: Path):
        backend = TorchBackend(weights, "f32")
        self.side = backend.side
        example = torch.rand(1, 3, self.side, self.side)
        settings = {"PERFORMANCE_HINT": "LATENCY", "INFERENCE_NUM_THREADS": "1", "ENABLE_CPU_PINNING": "NO", "INFERENCE_PRECISION_HINT": "f32"}
        model = openvino.convert_model(backend.network.detector.to(memory_format=torch.contiguous_format), example_input=example)
        self.compiled = openvino.Core().compile_model(model, "CPU", settings)
        with torch.inference_mode():
            locations, strengths = backend.detect(example)
        distance = np.abs(self(example.numpy()) - torch.cat([locations, strengths[..., None]], -1).numpy()).max()
        if distance > 1e-4:
            raise SystemExit(f"OpenVINO's keypoints differ from PyTorch's by {distance}")

    def __call__(self, picture: np.ndarray) -> np.ndarray:
        """Keypoints [1, K, 3] of a picture [1, 3, R, R] in 0...1."""
        locations, strengths = self.compiled(picture).values()
        return np.concatenate([locations, strengths[..., None]], -1)

    def of_clip(self, pictures: np.ndarray) -> np.ndarray:
        """Keypoints [n, K, 3] of pictures [n, R, R, 3], 8-bit RGB."""
        return np.concatenate([self(p[None].transpose(0, 3, 1, 2).astype(np.float32) / 255) for p in pictures])


def main() -> None:
    parser = argparse.ArgumentParser(prog="detect.py", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clips", type=Path, required=True)
    parser.add_argument("--weights", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--first", type=int, default=0, help="begin with this clip")
    parser.add_argument("--every", type=int, default=1, help="take each so-many-th clip only")
    options = parser.parse_args()
    torch.set_num_threads(1)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    detector = Detector(options.weights)
    results, begun = {}, time.monotonic()
    paths = videos(options.clips)[options.first::options.every]
    if not paths:
        raise SystemExit(f"{options.clips} holds no clips")
    for i, path in enumerate(paths):
        try:
            results[path.stem] = detector.of_clip(read_clip(path, detector.side, 1))
        except ClipError as error:
            print(f"skipped {path.name}: {error}", file=sys.stderr, flush=True)
            continue
        if i % 10 == 9:
            pictures = sum(len(k) for k in results.values())
            print(f"[{i + 1}/{len(paths)}] {pictures} pictures, {1000 * (time.monotonic() - begun) / pictures:.1f} ms each", flush=True)
            np.savez(options.out, **results)
    np.savez(options.out, **results)


if __name__ == "__main__":
    main()
