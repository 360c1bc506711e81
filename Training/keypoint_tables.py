"""Trains the tables by which keypoints are coded (Protocol/keypoints.md), for the exported networks of a folder, and writes `keypoints.bin` there.

python keypoint_tables.py --clips FOLDER --model FOLDER --lpips lpips.safetensors [--out keypoints.bin] [--cache FOLDER] [--without LIST.txt]

Needed once for each training of the detector, after `export.py`: the tables follow from what its keypoints mean and from what they change in the picture. Takes all clips, 25 pictures a second, and a
picture each of 72 of them for the sensitivity; about 20 minutes of one core for 50,000 pictures. `model.json` in the folder gets the file's size and hash.
"""
import argparse
import hashlib
import json
import sys
from pathlib import Path

import torch

from coding import detections, fit, sensitivity
from data.video import videos
from evaluate import OpenVINOBackend


def main() -> int:
    parser = argparse.ArgumentParser(prog="keypoint_tables.py", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clips", type=Path, required=True, help="folder of training clips")
    parser.add_argument("--model", type=Path, required=True, help="folder of detector.onnx, source_encoder.onnx, generator.onnx and model.json")
    parser.add_argument("--lpips", type=Path, required=True)
    parser.add_argument("--out", type=Path, help="the file; keypoints.bin in the folder of --model, which model.json then lists")
    parser.add_argument("--cache", type=Path, help="folder that keeps keypoints and sensitivity for another run")
    parser.add_argument("--without", type=Path, help="file that names clips to leave out, one a line")
    parser.add_argument("--pictures", type=int, default=72, help="pictures for the sensitivity (72)")
    options = parser.parse_args()
    torch.set_num_threads(1)
    left_out = set(options.without.read_text().split()) if options.without else set()
    paths = [path for path in videos(options.clips) if not {path.stem, path.name} & left_out]
    if not paths:
        raise SystemExit(f"{options.clips} holds no clips")
    backend = OpenVINOBackend(options.model, "f32", 1)
    cached = lambda name: options.cache / name if options.cache else None
    clips = list(detections.of_clips(backend, paths, cached("train.npz")).values())
    metric = sensitivity.with_openings(sensitivity.measure(backend, options.lpips, paths, options.pictures, cached("sensitivity.npz")))
    print(f"{len(clips)} clips, {sum(map(len, clips))} pictures", flush=True)
    data = fit.whole(fit.fit(clips, metric))
    out = options.out or options.model / "keypoints.bin"
    out.write_bytes(data)
    print(f"{out}: {len(data)} bytes")
    if not options.out:
        listing = options.model / "model.json"
        content = json.loads(listing.read_text())
        content["files"]["keypoints.bin"] = {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
        listing.write_text(json.dumps(content, indent=2) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
