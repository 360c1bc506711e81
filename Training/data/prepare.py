"""Turns any folder of videos into arrays that training maps into memory: python -m data.prepare --clips FOLDER --mtcnn FILE --out FOLDER

For each clip, as `NAME.*.npy`: `pictures` [n, R, R, 3] 8-bit RGB, centred square, spread evenly over the clip; `compressed`, the same after a VP8 key frame of random quantiser; `landmarks` [n, 5, 2] in pixels,
NaN where no face was found; `mouths` [n, 8, 12] and `eyes` [n, 2, 8, 12], the brightness of their surroundings, aligned and normalised (`data/expression.py`). Clips that cannot be read or are too short are skipped and named.
"""
import argparse
import random
import sys
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import torch

from data.expression import face_patches
from landmarks import LandmarkDetector

SUFFIXES = {".mp4", ".mkv", ".webm", ".mov", ".avi", ".m4v", ".y4m"}


class ClipError(Exception):
    """A clip that cannot be used, with the reason in words."""


def read_pictures(path: Path, side: int, count: int | None = None, every: int | None = None, least: int = 6) -> np.ndarray:
    """Pictures of a clip's centred square, [n, side, side, 3] 8-bit RGB: `count` evenly spaced ones, or each `every`-th, or all. Throws `ClipError`."""
    try:
        with av.open(str(path)) as container:
            if not container.streams.video:
                raise ClipError("no video stream")
            frames = list(container.decode(video=0))
    except (av.FFmpegError, OSError, ValueError) as error:
        raise ClipError(f"cannot be decoded ({error})") from error
    if len(frames) < least:
        raise ClipError(f"{len(frames)} pictures are too few")
    if count is not None:
        frames = [frames[i] for i in np.unique(np.linspace(0, len(frames) - 1, count).astype(int))]
    elif every is not None:
        frames = frames[::every]
    return np.stack([centred_square(frame, side) for frame in frames])


def centred_square(frame: av.VideoFrame, side: int) -> np.ndarray:
    """The largest centred square of a frame, scaled: [side, side, 3] 8-bit RGB."""
    if frame.width == frame.height:
        return frame.reformat(width=side, height=side, format="rgb24", interpolation="AREA").to_ndarray()
    short = min(frame.width, frame.height)
    width, height = max(side, round(frame.width * side / short)), max(side, round(frame.height * side / short))
    pixels = frame.reformat(width=width, height=height, format="rgb24", interpolation="AREA").to_ndarray()
    top, left = (height - side) // 2, (width - side) // 2
    return np.ascontiguousarray(pixels[top:top + side, left:left + side])


def through_vp8(picture: np.ndarray, quantiser: int) -> np.ndarray:
    """A picture [h, w, 3] after encoding and decoding as a VP8 key frame with a quantiser of 0...63."""
    height, width = picture.shape[:2]
    encoder = av.CodecContext.create("libvpx", "w")
    encoder.width, encoder.height, encoder.pix_fmt = width, height, "yuv420p"
    encoder.time_base = Fraction(1, 25)
    encoder.bit_rate = 10_000_000
    encoder.options = {"qmin": str(quantiser), "qmax": str(quantiser), "deadline": "realtime", "cpu-used": "4", "lag-in-frames": "0"}
    frame = av.VideoFrame.from_ndarray(picture, format="rgb24").reformat(format="yuv420p")
    packets = encoder.encode(frame) + encoder.encode(None)
    decoder = av.CodecContext.create("vp8", "r")
    decoded = [f for packet in packets for f in decoder.decode(packet)] + decoder.decode(None)
    return decoded[0].to_ndarray(format="rgb24")


def prepare(path: Path, out: Path, side: int, count: int, detector: LandmarkDetector) -> None:
    """Writes one clip's arrays into `out`. Throws `ClipError`."""
    rng = random.Random(path.stem)
    pictures = read_pictures(path, side, count)
    tensor = torch.from_numpy(pictures).permute(0, 3, 1, 2).float() / 255
    landmarks = detector(tensor)
    compressed = np.stack([through_vp8(picture, rng.randint(20, 50)) for picture in pictures])
    np.save(out / f"{path.stem}.compressed.npy", compressed)
    np.save(out / f"{path.stem}.landmarks.npy", landmarks.numpy())
    mouths, eyes = face_patches(tensor, landmarks)
    np.save(out / f"{path.stem}.mouths.npy", mouths.numpy())
    np.save(out / f"{path.stem}.eyes.npy", eyes.numpy())
    np.save(out / f"{path.stem}.pictures.npy", pictures)      # last: its presence says that the clip is whole


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clips", type=Path, required=True, help="folder of videos, searched in depth")
    parser.add_argument("--mtcnn", required=True, help="safetensors file of MTCNN")
    parser.add_argument("--out", type=Path, required=True, help="folder of arrays; clips already there are kept")
    parser.add_argument("--side", type=int, default=256, help="side of a picture in pixels")
    parser.add_argument("--pictures", type=int, default=24, help="pictures of each clip")
    parser.add_argument("--exclude", type=Path, help="text file of clip names (without folder) to leave out, one a line")
    parser.add_argument("--part", default="0/1", help="I/N: only each N-th clip, beginning with the I-th, for several processes")
    options = parser.parse_args()
    if not options.clips.is_dir():
        parser.error(f"{options.clips} is not a folder")
    options.out.mkdir(parents=True, exist_ok=True)
    excluded = set(options.exclude.read_text().split()) if options.exclude else set()
    detector = LandmarkDetector(options.mtcnn, smallest=56)
    index, parts = (int(v) for v in options.part.split("/"))
    paths = sorted(p for p in options.clips.rglob("*") if p.suffix.lower() in SUFFIXES and p.name not in excluded)[index::parts]
    done, skipped = 0, 0
    for path in paths:
        if (options.out / f"{path.stem}.pictures.npy").exists():
            continue
        try:
            prepare(path, options.out, options.side, options.pictures, detector)
            done += 1
        except ClipError as error:
            skipped += 1
            print(f"skipped {path.name}: {error}", file=sys.stderr, flush=True)
    print(f"{done} clips prepared, {skipped} skipped, of {len(paths)}", flush=True)
    return 0 if done or not paths or skipped < len(paths) else 1


if __name__ == "__main__":
    sys.exit(main())
