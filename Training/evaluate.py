"""Measures trained weights (or exported files) on whole test clips, and showing sources unchanged beside them.

python evaluate.py --clips FOLDER --lpips lpips.safetensors --mtcnn mtcnn.safetensors --weights weights.safetensors --out table

Each clip is read at 25 pictures a second, RGB, 256x256; every fifth picture is rebuilt from 1, 2, 3 and 5 sources evenly spaced over the clip, the first picture always among them. Reported are LPIPS
(AlexNet), PSNR, L1 (of 255), SSIM, the average keypoint distance (AKD: MTCNN's five landmarks, pixels), motion of background that stands still in the original (8-bit levels from one rebuilt picture
to the next, less the original's own), and L1 inside eyes and mouth as a share of what the first source shown unchanged gives there: means over clips and over pictures with the 95th (for PSNR and SSIM
5th) percentile, and LPIPS by what the clips show. Writes OUT.md, the tables, and OUT.json, a row for each clip and number of sources.
"""
import argparse
import csv
import hashlib
import json
import multiprocessing
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import av
import numpy as np
import torch
from PIL import Image
from safetensors import safe_open
from safetensors.torch import load_file
from torch import Tensor

from config.base import Configuration
from config.realtime import configuration
from data.video import ClipError, Picture, through_vp8, videos
from measures import Measures, Truth, head_motion
from model import Network
from nearest import chosen
from tables import BEST_COPY, COPY, category_table, measure_table, plain
from wire import Wire, shown

CACHE_VERSION = 2
"""To be raised when a measure or the reading of clips changes."""


def described(path: Path) -> Configuration:
    """The configuration that a file of weights names, the one that ships where it names none."""
    with safe_open(path, "pt") as file:
        text = (file.metadata() or {}).get("configuration")
    try:
        return Configuration.of(json.loads(text)) if text else configuration
    except ValueError as error:
        raise SystemExit(f"{path}: {error}") from error


class TorchBackend:
    """The network in PyTorch. `precision` is f32 or bf16 (autocast, as in training)."""

    def __init__(self, path: Path, precision: str):
        chosen = described(path)
        self.network = Network(chosen)
        try:
            self.network.load_state_dict(load_file(path))
        except RuntimeError as error:
            raise SystemExit(f"{path} does not fit this network ({str(error).splitlines()[-1].strip()[:120]} ...): measure it with the version that it was trained with") from error
        self.network.eval().to(memory_format=torch.channels_last)
        self.side, self.precision = chosen.side, precision

    def _autocast(self) -> torch.autocast:
        return torch.autocast("cpu", torch.bfloat16, enabled=self.precision == "bf16")

    def detect(self, pictures: Tensor) -> tuple[Tensor, Tensor]:
        """Locations [n, K, 2] and strengths [n, K] of pictures [n, 3, R, R]."""
        with self._autocast():
            locations, strengths = self.network.detector(pictures)
        return locations.float(), strengths.float()

    def encode(self, picture: Tensor, locations: Tensor, strengths: Tensor) -> dict[str, Tensor]:
        """One encoded source, tensors [1, ...]."""
        with self._autocast():
            return self.network.encoder(picture, locations, strengths, self.network.attention)

    def generate(self, sources: dict[str, Tensor], locations: Tensor, strengths: Tensor) -> Tensor:
        """Pictures [n, 3, R, R] of encoded sources [N, ...] and driving keypoints [n, K, 2], [n, K]."""
        used = nearest(sources, locations, strengths)
        with self._autocast():
            return self.network.generator({name: tensor[used] for name, tensor in sources.items()}, locations, strengths, self.network.attention)["picture"].float()


class OpenVINOBackend:
    """The exported files in OpenVINO, as a receiver runs them. `precision` is f32 or bf16."""

    def __init__(self, folder: Path, precision: str, threads: int):
        import openvino

        core = openvino.Core()
        settings = {"PERFORMANCE_HINT": "LATENCY", "NUM_STREAMS": "1", "INFERENCE_NUM_THREADS": str(threads), "ENABLE_CPU_PINNING": "NO", "INFERENCE_PRECISION_HINT": precision}
        self.models = {name: core.compile_model(folder / f"{name}.onnx", "CPU", settings) for name in ("detector", "source_encoder", "generator")}
        self.side = self.models["detector"].input(0).partial_shape[1].get_length()

    def run(self, name: str, **inputs: Tensor) -> dict[str, Tensor]:
        """Runs one file on named inputs, all outputs by name."""
        results = self.models[name]({key: value.contiguous().numpy() for key, value in inputs.items()})
        return {output.get_any_name(): torch.from_numpy(value.copy()) for output, value in results.items()}

    def detect(self, pictures: Tensor) -> tuple[Tensor, Tensor]:
        """See `TorchBackend`."""
        found = [self.run("detector", picture=picture[None].permute(0, 2, 3, 1)) for picture in pictures]
        return torch.cat([f["locations"] for f in found]), torch.cat([f["strengths"] for f in found])

    def encode(self, picture: Tensor, locations: Tensor, strengths: Tensor) -> dict[str, Tensor]:
        """See `TorchBackend`."""
        return self.run("source_encoder", picture=picture.permute(0, 2, 3, 1), locations=locations, strengths=strengths)

    def generate(self, sources: dict[str, Tensor], locations: Tensor, strengths: Tensor) -> Tensor:
        """See `TorchBackend`."""
        given = [{name: tensor[used] for name, tensor in sources.items()} for used in nearest(sources, locations, strengths)]
        pictures = [self.run("generator", **some, locations=locations[i:i + 1], strengths=strengths[i:i + 1])["picture"] for i, some in enumerate(given)]
        return torch.cat(pictures).permute(0, 3, 1, 2)


def nearest(sources: dict[str, Tensor], locations: Tensor, strengths: Tensor) -> Tensor:
    """Indices [n, k] of those of encoded sources [N, ...] that each of n driving pictures is rebuilt from, as a receiver chooses them."""
    return chosen(sources["points"].expand(len(locations), *sources["points"].shape), locations, strengths)


def read_clip(path: Path, side: int, every: int) -> np.ndarray:
    """Pictures of a clip at 25 a second, each `every`-th: [n, side, side, 3] 8-bit RGB. Throws `ClipError`."""
    try:
        with av.open(str(path)) as container:
            if not container.streams.video:
                raise ClipError("unreadable", "no video stream")
            rate = float(container.streams.video[0].average_rate or 25)
            frames = list(container.decode(video=0))
    except (av.FFmpegError, OSError, ValueError) as error:
        raise ClipError("unreadable", f"cannot be decoded ({error})") from error
    wanted = [round(k * rate / 25) for k in range(0, int(len(frames) * 25 / rate) + 1, every)]
    kept = [frames[i] for i in wanted if i < len(frames)]
    if len(kept) < 3:
        raise ClipError("too short", f"{len(frames)} pictures")
    return np.stack([Picture(frame, 0.0).centred_square(side) for frame in kept])


def spaced(n: int, count: int) -> list[int]:
    """Indices of n sources evenly spaced over `count` pictures, the first always among them."""
    return [i * count // n for i in range(n)]


def kinds_of(folder: Path) -> dict[str, str]:
    """The column `kind` of `manifest.csv` in a folder of clips or the one above, by the clip's name; empty where there is none."""
    for place in (folder, folder.parent):
        if (place / "manifest.csv").exists():
            with (place / "manifest.csv").open(newline="") as file:
                return {Path(row["clip"]).stem: row["kind"] for row in csv.DictReader(file) if row.get("kind")}
    return {}


class ClipMeter:
    """Measures one clip after another, as the options say; each process has one."""

    def __init__(self, options: argparse.Namespace):
        torch.set_num_threads(options.threads)
        self.options, self.measures, self.kinds = options, Measures(options.lpips, options.mtcnn), kinds_of(options.clips)
        self.backend = TorchBackend(options.weights, options.precision) if options.weights else OpenVINOBackend(options.onnx, options.precision, options.threads)
        self.wire = Wire(options.wire, options.step) if options.wire else None
        weights = [Path(p).read_bytes() for p in (options.lpips, options.mtcnn) if p and options.cache]
        self.key = hashlib.sha256(b"".join(hashlib.sha256(w).digest() for w in weights) + json.dumps([CACHE_VERSION, options.every, self.backend.side]).encode())

    def _known(self, path: Path, pictures: np.ndarray) -> tuple[Truth, dict[str, dict[str, np.ndarray]]]:
        """Truth of a clip, and measures of the ways of copying; landmarks and measures come from the cache where they are in it."""
        place = None
        if self.options.cache:
            key = self.key.copy()
            key.update(path.read_bytes())
            place = self.options.cache / f"{key.hexdigest()}.npz"
            if place.exists():
                with np.load(place) as stored:
                    points = torch.from_numpy(stored["points"]) if "points" in stored else None
                    copies = {way: {name.removeprefix(way + "."): stored[name] for name in stored.files if name.startswith(way + ".")} for way in (COPY, BEST_COPY)}
                return self.measures.truth(pictures, points), copies
        truth = self.measures.truth(pictures)
        copies = {COPY: self.measures.copied([0] * len(pictures), truth), BEST_COPY: self.measures.best_copied(spaced(3, len(pictures)), truth)}
        if place:
            flat = {f"{way}.{name}": array for way, found in copies.items() for name, array in found.items()}
            temporary = place.with_suffix(f".{multiprocessing.current_process().pid}.npz")
            np.savez(temporary, **flat, **({"points": truth.points.numpy()} if truth.points is not None else {}))
            temporary.replace(place)
        return truth, copies

    def _kept(self, locations: Tensor, strengths: Tensor) -> tuple[Tensor, Tensor]:
        """Keypoints of which only the first few have strength, where the options say so."""
        if self.options.keypoints is not None:
            strengths = strengths * (torch.arange(strengths.shape[1]) < self.options.keypoints)
        return locations, strengths

    def _detected(self, pictures: Tensor, source: list[int] | None) -> tuple[Tensor, Tensor]:
        """Keypoints of driving pictures, as they leave the wire where a source's state is given that they are predicted from."""
        found = self.backend.detect(pictures)
        return self._kept(*(shown([self.wire.driving(l, s, source) for l, s in zip(*found)]) if source else found))

    def _as_sent(self, picture: np.ndarray) -> Tensor:
        """A source [R, R, 3] as the receiver has it, [1, 3, R, R]."""
        if self.options.vp8 is not None:
            picture = through_vp8(picture, self.options.vp8)
        return torch.from_numpy(picture).permute(2, 0, 1)[None].float() / 255

    def _state(self, picture: np.ndarray) -> list[int] | None:
        """The state of a source's keypoints, where they go over the wire."""
        return self.wire.source(*(k[0] for k in self.backend.detect(self._as_sent(picture)))) if self.wire else None

    def _encoded(self, picture: np.ndarray) -> dict[str, Tensor]:
        """A source [R, R, 3], encoded."""
        source = self._as_sent(picture)
        return self.backend.encode(source, *self._kept(*(shown([self._state(picture)]) if self.wire else self.backend.detect(source))))

    @torch.inference_mode()
    def __call__(self, path: Path) -> tuple[list[dict], np.ndarray]:
        """Rows of a clip's measures (see `tables.py`), and pictures one above the other [h, R, 3], 8-bit: source, truth, rebuilt from each number of sources. Throws `ClipError`."""
        pictures = read_clip(path, self.backend.side, self.options.every)
        truth, measured = self._known(path, pictures)
        first = self._state(pictures[0])
        driving = [self._detected(part, first) for part in truth.pictures.split(self.options.batch)]
        column, encoded = [pictures[0], pictures[-1]], {}
        for n in self.options.sources:
            for i in set(spaced(n, len(pictures))) - set(encoded):
                encoded[i] = self._encoded(pictures[i])
            sources = {name: torch.cat([encoded[i][name] for i in spaced(n, len(pictures))]) for name in encoded[0]}
            rebuilt = torch.cat([self.backend.generate(sources, *keypoints) for keypoints in driving])
            measured[n] = self.measures(rebuilt, truth)
            column.append((rebuilt[-1].clamp(0, 1) * 255).round().byte().permute(1, 2, 0).numpy())
        rows = [{"clip": path.stem, "categories": self._categories(path, truth), "sources": sources, "measures": found} for sources, found in measured.items()]
        return rows, np.concatenate(column)

    def _categories(self, path: Path, truth: Truth) -> list[str]:
        """What a clip shows: its kind by the manifest, and by its landmarks what the head does and whether some background stands still."""
        kind = [self.kinds[path.stem]] if path.stem in self.kinds else []
        if truth.points is None:
            return kind
        return [*kind, head_motion(truth.points.numpy()), "static background" if truth.background is not None else "no static background"]


METER: ClipMeter | None = None
"""This process's meter."""


def start(options: argparse.Namespace) -> None:
    """Makes this process's meter."""
    global METER
    METER = ClipMeter(options)


def measure(path: Path) -> tuple[list[dict], np.ndarray] | str:
    """Rows and pictures of a clip, or why it was skipped."""
    try:
        return METER(path)
    except ClipError as error:
        return f"skipped {path.name}: {error}"


def parse(arguments: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="evaluate.py", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clips", type=Path, required=True, help="folder of test clips")
    parser.add_argument("--lpips", required=True, help="safetensors file of LPIPS's backbones")
    parser.add_argument("--mtcnn", help="safetensors file of MTCNN; without it no landmarks: no AKD, no regions, no background, no categories by motion")
    parser.add_argument("--weights", type=Path, help="PyTorch weights")
    parser.add_argument("--onnx", type=Path, help="folder of exported files, run by OpenVINO instead")
    parser.add_argument("--precision", choices=["f32", "bf16"], default="f32")
    parser.add_argument("--threads", type=int, default=1, help="threads of each process")
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--batch", type=int, default=4, help="pictures rebuilt at a time (PyTorch)")
    parser.add_argument("--sources", type=int, nargs="+", default=[1, 2, 3, 5])
    parser.add_argument("--every", type=int, default=5, help="rebuild each so-many-th picture")
    parser.add_argument("--clips-every", type=int, default=1, help="measure each so-many-th clip only")
    parser.add_argument("--keypoints", type=int, help="only the first so many: the strengths of the others are 0, of sources and driving pictures")
    parser.add_argument("--vp8", type=int, help="sources as VP8 key frames with this quantiser (0...63)")
    parser.add_argument("--wire", type=Path, metavar="TABLES", help="keypoints, the sources' too, coded with these tables (keypoints.bin) and decoded again")
    parser.add_argument("--step", type=int, default=6, choices=range(16), help="of --wire: index of the quantiser step; 6 is what the programs send")
    parser.add_argument("--cache", type=Path, help="folder that keeps what does not depend on the weights: landmarks, and measures of showing sources unchanged")
    parser.add_argument("--sheet", type=Path, help="also a PNG: source, last picture, rebuilt from each number of sources, one column a clip")
    parser.add_argument("--out", type=Path, help="prefix of the tables' files")
    options = parser.parse_args(arguments)
    if bool(options.weights) == bool(options.onnx):
        parser.error("one of --weights and --onnx is needed")
    if not options.clips.is_dir():
        parser.error(f"{options.clips} is not a folder")
    for path in (options.lpips, options.mtcnn, options.weights, options.onnx, options.wire):
        if path and not Path(path).exists():
            parser.error(f"there is no {path}")
    if min(options.sources) < 1:
        parser.error("--sources: at least 1")
    return options


def main() -> int:
    options = parse()
    paths = videos(options.clips)[::options.clips_every]
    if options.cache:
        options.cache.mkdir(parents=True, exist_ok=True)
    rows, columns, begun = [], [], time.monotonic()
    try:
        start(options)      # here too: wrong files are then said once, before any work
    except ValueError as error:
        raise SystemExit(f"error: {error}") from error
    with ProcessPoolExecutor(options.processes, multiprocessing.get_context("spawn"), start, (options,)) as pool:
        results = map(measure, paths) if options.processes == 1 else pool.map(measure, paths)
        for i, result in enumerate(results):
            left = (time.monotonic() - begun) / (i + 1) * (len(paths) - i - 1)
            if isinstance(result, str):
                print(result, file=sys.stderr, flush=True)
                continue
            rows += result[0]
            columns.append(result[1])
            print(f"[{i + 1}/{len(paths)}] {result[0][0]['clip']}", *(f"{row['sources']}: {row['measures']['lpips'].mean():.3f}" for row in result[0]), f"; {left:.0f} s left", flush=True)
    if not rows:
        print("no clip could be measured", file=sys.stderr)
        return 1
    kinds = [COPY, BEST_COPY, *options.sources]
    text = "\n\n".join([*(measure_table(rows, kinds, over) for over in ("clips", "pictures")), category_table(rows, kinds)])
    print(text)
    if options.out:
        options.out.parent.mkdir(parents=True, exist_ok=True)
        options.out.with_suffix(".md").write_text(text + "\n")
        options.out.with_suffix(".json").write_text("\n".join(json.dumps(plain(row)) for row in rows) + "\n")
    if options.sheet:
        Image.fromarray(np.concatenate(columns, 1)).save(options.sheet)
    return 0


if __name__ == "__main__":
    sys.exit(main())
