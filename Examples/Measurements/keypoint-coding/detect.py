"""Keypoints of all pictures of a folder of clips, 25 a second, by the exported detector.

python detect.py --clips FOLDER --out keypoints.npz [--model FOLDER]

Writes one array for each clip, by its name: [pictures, 3K], x and y in pixels of 256 and the strength in 0...1.
"""
import argparse
from pathlib import Path

from call import ROOT

import torch

from coding import detections
from data.video import videos
from evaluate import OpenVINOBackend


def main() -> None:
    parser = argparse.ArgumentParser(prog="detect.py", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clips", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--model", type=Path, default=ROOT / "Sources" / "NeuralVideo" / "Resources")
    options = parser.parse_args()
    torch.set_num_threads(1)
    paths = videos(options.clips)
    if not paths:
        raise SystemExit(f"{options.clips} holds no clips")
    detections.of_clips(OpenVINOBackend(options.model, "f32", 1), paths, options.out)


if __name__ == "__main__":
    main()
