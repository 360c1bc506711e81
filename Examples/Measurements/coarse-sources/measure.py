"""What a coarse source takes and shows: VP8 key frames of smaller pictures, scaled up to 256x256, as the only source.

python measure.py --clips FOLDER --lpips lpips.safetensors --out rows.jsonl

Of each clip two pictures are rebuilt from its first one, by the exported files in OpenVINO, bf16, with the detector's own keypoints: LPIPS (AlexNet) against the original. The source's keypoints are
found in the source as scaled up. Bytes are the key frame's alone.
"""
import argparse
import json
import sys
from fractions import Fraction
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "Training"))

import av
import numpy as np
import torch
from PIL import Image

from data.video import videos
from evaluate import OpenVINOBackend, read_clip
from losses import PerceptualDistance

SETTINGS = [(256, 30), (256, 55), (256, 60), (256, 63), (128, 35), (128, 45), (128, 55), (96, 25), (96, 35), (96, 45), (64, 15), (64, 25)]


def resized(picture: np.ndarray, side: int) -> np.ndarray:
    """A picture [n, n, 3] in another size: a triangle as wide as the coarser grid's samples, as the programs do it."""
    return np.asarray(Image.fromarray(picture).resize((side, side), Image.Resampling.BILINEAR))


def through_vp8(picture: np.ndarray, quantiser: int) -> tuple[np.ndarray, int]:
    """A picture as a VP8 key frame gives it back, and the frame's bytes; settings as in the programs."""
    encoder = av.CodecContext.create("libvpx", "w")
    encoder.width = encoder.height = picture.shape[0]
    encoder.pix_fmt, encoder.time_base, encoder.bit_rate = "yuv420p", Fraction(1, 25), 10_000_000
    encoder.options = {"qmin": str(quantiser), "qmax": str(quantiser), "deadline": "good", "cpu-used": "0", "lag-in-frames": "0"}
    packets = encoder.encode(av.VideoFrame.from_ndarray(picture, format="rgb24").reformat(format="yuv420p")) + encoder.encode(None)
    decoder = av.CodecContext.create("vp8", "r")
    decoded = [frame for packet in packets for frame in decoder.decode(packet)] + decoder.decode(None)
    return decoded[0].to_ndarray(format="rgb24"), len(bytes(packets[0]))


@torch.inference_mode()
def main() -> None:
    parser = argparse.ArgumentParser(prog="measure.py", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("clips", "lpips", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--model", type=Path, default=ROOT / "Sources" / "NeuralVideo" / "Resources")
    parser.add_argument("--clips-every", type=int, default=5)
    options = parser.parse_args()
    torch.set_num_threads(1)
    backend, distance = OpenVINOBackend(options.model, "bf16", 1), PerceptualDistance(str(options.lpips), "alex")
    tensor = lambda picture: torch.from_numpy(np.ascontiguousarray(picture)).permute(2, 0, 1)[None].float() / 255
    with options.out.open("w") as file:
        for path in videos(options.clips)[::options.clips_every]:
            pictures = read_clip(path, backend.side, 1)
            at = np.linspace(5, len(pictures) - 1, 2).astype(int)
            truth = [distance.taps(tensor(pictures[i])) for i in at]
            driving = [backend.detect(tensor(pictures[i])) for i in at]
            for side, quantiser in SETTINGS:
                decoded, length = through_vp8(resized(pictures[0], side), quantiser)
                source = resized(decoded, backend.side)
                row = {"clip": path.stem, "side": side, "quantiser": quantiser, "bytes": length}
                row["unchanged"] = float(np.mean([float(distance.between(distance.taps(tensor(source)), t)) for t in truth]))
                encoded = backend.encode(tensor(source), *backend.detect(tensor(source)))
                row["rebuilt"] = float(np.mean([float(distance.between(distance.taps(backend.generate(encoded, *d)), t)) for d, t in zip(driving, truth)]))
                print(json.dumps(row), file=file, flush=True)


if __name__ == "__main__":
    main()
