"""Measures trained weights (or exported files) on whole test clips, and showing the source unchanged beside them.

python evaluate.py --clips FOLDER --lpips lpips.safetensors --mtcnn mtcnn.safetensors --weights weights.safetensors --out table

Each clip is read at 25 pictures a second, RGB, 256x256; every fifth picture is rebuilt from 1, 2 and 3 sources evenly spaced over the clip, the first picture always among them. Reported are LPIPS
(AlexNet), PSNR, L1 (of 255), SSIM, the average keypoint distance (AKD: MTCNN's five landmarks, pixels), and L1 inside eyes and mouth as a share of what the unchanged source gives there: mean and
95th (for PSNR and SSIM 5th) percentile over all pictures. Writes OUT.md, a table, and OUT.json, a row for each clip and number of sources.
"""
import argparse
import json
import multiprocessing
import sys
from pathlib import Path

import av
import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from safetensors.torch import load_file
from torch import Tensor

from config.realtime import configuration
from data.clips import box_masks, face_boxes
from data.video import SUFFIXES, ClipError, Picture, through_vp8
from landmarks import LandmarkDetector
from losses import PerceptualDistance
from model import Network
from train import LOCATION_STEP, STRENGTH_LEVELS


class TorchBackend:
    """The network in PyTorch, fp32."""

    def __init__(self, path: Path):
        self.network = Network(configuration)
        self.network.load_state_dict(load_file(path))
        self.network.eval()

    def detect(self, picture: Tensor) -> tuple[Tensor, Tensor]:
        """Locations [1, K, 2] and strengths [1, K] of a picture [1, 3, R, R]."""
        return self.network.detector(picture)

    def encode(self, picture: Tensor, locations: Tensor, strengths: Tensor) -> dict[str, Tensor]:
        """One encoded source, tensors [1, ...]."""
        return self.network.encoder(picture, locations, strengths, self.network.attention)

    def generate(self, sources: dict[str, Tensor], locations: Tensor, strengths: Tensor) -> Tensor:
        """A picture [1, 3, R, R] of encoded sources [N, ...]."""
        stacked = {name: tensor[None] for name, tensor in sources.items()}
        return self.network.generator(stacked, locations, strengths, self.network.attention)["picture"]


class OpenVINOBackend:
    """The exported files in OpenVINO, as a receiver runs them. `precision` is f32 or bf16."""

    def __init__(self, folder: Path, precision: str, threads: int):
        import openvino

        core = openvino.Core()
        settings = {"PERFORMANCE_HINT": "LATENCY", "NUM_STREAMS": "1", "INFERENCE_NUM_THREADS": str(threads), "ENABLE_CPU_PINNING": "NO", "INFERENCE_PRECISION_HINT": precision}
        self.models = {name: core.compile_model(folder / f"{name}.onnx", "CPU", settings) for name in ("detector", "source_encoder", "generator")}

    def run(self, name: str, **inputs: Tensor) -> dict[str, Tensor]:
        """Runs one file on named inputs, all outputs by name."""
        results = self.models[name]({key: value.contiguous().numpy() for key, value in inputs.items()})
        return {output.get_any_name(): torch.from_numpy(value.copy()) for output, value in results.items()}

    def detect(self, picture: Tensor) -> tuple[Tensor, Tensor]:
        """See `TorchBackend`."""
        out = self.run("detector", picture=picture.permute(0, 2, 3, 1))
        return out["locations"], out["strengths"]

    def encode(self, picture: Tensor, locations: Tensor, strengths: Tensor) -> dict[str, Tensor]:
        """See `TorchBackend`."""
        return self.run("source_encoder", picture=picture.permute(0, 2, 3, 1), locations=locations, strengths=strengths)

    def generate(self, sources: dict[str, Tensor], locations: Tensor, strengths: Tensor) -> Tensor:
        """See `TorchBackend`."""
        return self.run("generator", **sources, locations=locations, strengths=strengths)["picture"].permute(0, 3, 1, 2)


def read_clip(path: Path, side: int, every: int) -> np.ndarray:
    """Pictures of a clip at 25 a second, each `every`-th: [n, side, side, 3] 8-bit RGB. Throws `ClipError`."""
    try:
        with av.open(str(path)) as container:
            if not container.streams.video:
                raise ClipError("no video stream")
            rate = float(container.streams.video[0].average_rate or 25)
            frames = list(container.decode(video=0))
    except (av.FFmpegError, OSError, ValueError) as error:
        raise ClipError(f"cannot be decoded ({error})") from error
    wanted = [round(k * rate / 25) for k in range(0, int(len(frames) * 25 / rate) + 1, every)]
    kept = [frames[i] for i in wanted if i < len(frames)]
    if len(kept) < 3:
        raise ClipError(f"{len(frames)} pictures are too few")
    return np.stack([Picture(frame, 0.0).centred_square(side) for frame in kept])


def ssim(a: Tensor, b: Tensor) -> Tensor:
    """Structural similarity of pictures [n, 3, h, w] in 0...1, Gaussian window of 11 and sigma 1.5, mean over channels: [n]."""
    x = torch.arange(11) - 5.0
    g = torch.exp(-x ** 2 / 4.5)
    g = g / g.sum()
    window = (g[:, None] * g[None]).expand(3, 1, 11, 11)
    mean = lambda t: F.conv2d(t, window, groups=3)
    ma, mb = mean(a), mean(b)
    va, vb, cov = mean(a * a) - ma ** 2, mean(b * b) - mb ** 2, mean(a * b) - ma * mb
    value = (2 * ma * mb + 1e-4) * (2 * cov + 9e-4) / ((ma ** 2 + mb ** 2 + 1e-4) * (va + vb + 9e-4))
    return value.mean((1, 2, 3))


class Measures:
    """All measures of rebuilt against true pictures."""

    def __init__(self, lpips: str, mtcnn: str | None):
        self.distance = PerceptualDistance(lpips, "alex")
        self.landmarks = LandmarkDetector(mtcnn, smallest=56) if mtcnn else None

    def __call__(self, rebuilt: Tensor, truth: Tensor, points: Tensor | None) -> dict[str, np.ndarray]:
        """Measures of pictures [n, 3, R, R], each [n]; `points` [n, 5, 2] are the truth's landmarks in pixels."""
        rebuilt = (rebuilt * 255).round().clamp(0, 255) / 255
        error = rebuilt - truth
        result = {
            "lpips": self.distance(rebuilt, truth),
            "psnr": -10 * torch.log10(error.square().mean((1, 2, 3)) + 1e-10),
            "l1": error.abs().mean((1, 2, 3)) * 255,
            "ssim": ssim(rebuilt, truth),
        }
        if points is not None:
            side = truth.shape[-1]
            boxes = face_boxes(points / (side / 2) - 1)
            for name, parts in (("eyes_l1", [0, 1]), ("mouth_l1", [2])):
                mask = box_masks(boxes[:, parts], side)[:, None]
                result[name] = (error.abs() * mask).sum((1, 2, 3)) / (3 * mask.sum((1, 2, 3))) * 255
            result["akd"] = torch.linalg.norm(self.landmarks(rebuilt) - points, dim=-1).mean(-1)
        return {name: value.numpy() for name, value in result.items()}


def summarise(rows: list[dict]) -> dict[str, tuple[float, float]]:
    """Mean and bad-end percentile of each measure over all pictures of rows that hold arrays."""
    summary = {}
    for name in rows[0]["measures"]:
        values = np.concatenate([row["measures"][name] for row in rows])
        values = values[~np.isnan(values)]
        if len(values):
            summary[name] = (float(values.mean()), float(np.percentile(values, 5 if name in ("psnr", "ssim") else 95)))
    return summary


class ClipMeter:
    """Measures one clip after another, as the options say; each process has one."""

    def __init__(self, options: argparse.Namespace):
        torch.set_num_threads(options.threads)
        self.options, self.measures = options, Measures(options.lpips, options.mtcnn)
        self.backend = TorchBackend(options.weights) if options.weights else OpenVINOBackend(options.onnx, options.precision, options.threads)

    @torch.no_grad()
    def __call__(self, path: Path) -> tuple[list[dict], Tensor]:
        """Rows of a clip's measures, and pictures one above the other: source, truth, rebuilt from each number of sources. Throws `ClipError`."""
        pictures = read_clip(path, configuration.side, self.options.every)
        truth = torch.from_numpy(pictures).permute(0, 3, 1, 2).float() / 255
        points = self.measures.landmarks(truth) if self.measures.landmarks else None
        driving = [self.backend.detect(picture[None]) for picture in truth]
        if self.options.wire:
            step, levels = LOCATION_STEP, STRENGTH_LEVELS - 1
            driving = [((l / step).round() * step, (s * levels).round() / levels) for l, s in driving]
        rows = [{"clip": path.stem, "sources": "copy", "measures": self.measures(truth[:1].expand_as(truth), truth, points)}]
        column, encoded = [truth[0], truth[-1]], {}
        for n in self.options.sources:
            chosen = [i * len(truth) // n for i in range(n)]
            for i in chosen:
                if i not in encoded:
                    source = pictures[i] if self.options.vp8 is None else through_vp8(pictures[i], self.options.vp8)
                    source = torch.from_numpy(source).permute(2, 0, 1)[None].float() / 255
                    encoded[i] = self.backend.encode(source, *self.backend.detect(source))
            sources = {name: torch.cat([encoded[i][name] for i in chosen]) for name in encoded[0]}
            rebuilt = torch.cat([self.backend.generate(sources, *keypoints) for keypoints in driving])
            rows.append({"clip": path.stem, "sources": n, "measures": self.measures(rebuilt, truth, points)})
            column.append(rebuilt[-1].clamp(0, 1))
        return rows, torch.cat(column, 1)


METER: ClipMeter | None = None
"""This process's meter."""


def start(options: argparse.Namespace) -> None:
    """Makes this process's meter."""
    global METER
    METER = ClipMeter(options)


def measure(path: Path) -> tuple[list[dict], np.ndarray] | str:
    """Rows and pictures of a clip, or why it was skipped."""
    try:
        rows, column = METER(path)
    except ClipError as error:
        return f"skipped {path.name}: {error}"
    return rows, column.numpy()


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clips", type=Path, required=True, help="folder of test clips")
    parser.add_argument("--lpips", required=True)
    parser.add_argument("--mtcnn", help="without it no landmarks: no AKD, no regions")
    parser.add_argument("--weights", type=Path, help="PyTorch weights")
    parser.add_argument("--onnx", type=Path, help="folder of exported files, run by OpenVINO instead")
    parser.add_argument("--precision", choices=["f32", "bf16"], default="f32", help="of OpenVINO")
    parser.add_argument("--threads", type=int, default=1, help="threads of each process")
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--sources", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--every", type=int, default=5, help="rebuild each so-many-th picture")
    parser.add_argument("--clips-every", type=int, default=1, help="measure each so-many-th clip only")
    parser.add_argument("--vp8", type=int, help="sources as VP8 key frames with this quantiser (0...63)")
    parser.add_argument("--wire", action="store_true", help="driving keypoints quantised as on the wire")
    parser.add_argument("--sheet", type=Path, help="also a PNG: source, last picture, rebuilt from each number of sources, one column a clip")
    parser.add_argument("--out", type=Path, help="prefix of the table's files")
    options = parser.parse_args()
    if bool(options.weights) == bool(options.onnx):
        parser.error("one of --weights and --onnx is needed")
    return options


def main() -> int:
    options = parse()
    paths = sorted(p for p in options.clips.rglob("*") if p.suffix.lower() in SUFFIXES)[::options.clips_every]
    rows, columns = [], []
    with multiprocessing.get_context("spawn").Pool(options.processes, start, (options,)) as pool:
        for result in pool.imap(measure, paths):
            if isinstance(result, str):
                print(result, file=sys.stderr, flush=True)
                continue
            rows += result[0]
            columns.append(result[1])
            print(result[0][0]["clip"], *(f"{row['sources']}: {row['measures']['lpips'].mean():.3f}" for row in result[0]), flush=True)
    if not rows:
        print("no clip could be measured", file=sys.stderr)
        return 1
    text = table(rows, ["copy", *options.sources])
    print(text)
    if options.out:
        options.out.parent.mkdir(parents=True, exist_ok=True)
        options.out.with_suffix(".md").write_text(text + "\n")
        plain = [{"clip": r["clip"], "sources": r["sources"], "pictures": len(r["measures"]["lpips"])} | {k: round(float(np.nanmean(v)), 5) for k, v in r["measures"].items() if not np.isnan(v).all()} for r in rows]
        options.out.with_suffix(".json").write_text("\n".join(json.dumps(row) for row in plain) + "\n")
    if options.sheet:
        Image.fromarray((np.concatenate(columns, 2) * 255).astype(np.uint8).transpose(1, 2, 0)).save(options.sheet)
    return 0


def table(rows: list[dict], kinds: list) -> str:
    """The summary as a markdown table: a line for each number of sources."""
    copied = summarise([row for row in rows if row["sources"] == "copy"])
    text = ["| sources | LPIPS | PSNR, dB | L1 | SSIM | AKD, px | L1 in eyes, of copy's | L1 in mouth, of copy's |", "| --- | --- | --- | --- | --- | --- | --- | --- |"]
    for kind in kinds:
        s = summarise([row for row in rows if row["sources"] == kind])
        cell = lambda name, digits: f"{s[name][0]:.{digits}f} ({s[name][1]:.{digits}f})" if name in s else "-"
        share = lambda name: f"{s[name][0] / copied[name][0]:.2f}" if name in s else "-"
        text.append(f"| {kind} | {cell('lpips', 3)} | {cell('psnr', 1)} | {cell('l1', 1)} | {cell('ssim', 3)} | {cell('akd', 2)} | {share('eyes_l1')} | {share('mouth_l1')} |")
    return "\n".join(text)


if __name__ == "__main__":
    sys.exit(main())
