"""Turns any folder of videos into arrays that training maps into memory.

python -m data.prepare --clips FOLDER --out FOLDER [--mtcnn FILE]

Each video is divided at scene cuts; each stretch gets one square crop about the head of the one person in it (a video that is already such a square is taken whole), and becomes, as `NAME.*.npy`:
`pictures` [n, R, R, 3] 8-bit RGB, spread evenly over the stretch; `compressed`, the same after an AV1 still picture of random quantiser (15...50); `landmarks` [n, 5, 2] in pixels and, from
MediaPipe, `mesh` [n, 478, 3], NaN where no face was found. What cannot be used is skipped and named with the reason. `manifest.json` says what each clip was made from, its licence (--licence, or
VIDEO.licence.txt beside the video) and the SHA-256 of its arrays; a video that it lists is not prepared again.
"""
import argparse
import collections
import hashlib
import json
import math
import multiprocessing
import random
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple, Protocol

import numpy as np

from data.crop import Face, choose_crop
from data.scenes import SceneCuts, stretches
from data.video import ClipError, decode, through_av1, videos

LOOKS_PER_SECOND = 4
"""How often a video is searched for faces to choose the crop."""
LOOK_SIDE = 640
"""Longer side in pixels, at most, of a picture that is searched."""
LEAST_PICTURES = 6
"""Fewer pictures teach no motion."""


class Finder(Protocol):
    """What finds faces, see `data/faces.py`."""

    name: str

    def find(self, picture: np.ndarray) -> list[Face]: ...

    def mark(self, pictures: np.ndarray) -> dict[str, np.ndarray]: ...


@dataclass
class Overview:
    """What one pass over a video tells."""

    size: tuple[int, int] = (0, 0)
    """Width and height of the pictures as shown."""
    times: list[float] = field(default_factory=list)
    """Of all pictures, in seconds."""
    cuts: SceneCuts = field(default_factory=SceneCuts)
    looks: dict[int, list[Face]] = field(default_factory=dict)
    """Faces by the index of the picture, of those looked at."""


def overview(path: Path, finder: Finder) -> Overview:
    """Looks through a video once. Throws `ClipError`."""
    result, next_look = Overview(), -math.inf
    for picture in decode(path):
        if result.times and picture.size != result.size:
            raise ClipError("unreadable", f"pictures change their size from {result.size} to {picture.size}")
        result.size = picture.size
        result.cuts.add(picture)
        if picture.time >= next_look:
            next_look = picture.time + 1 / LOOKS_PER_SECOND - 1e-3
            scale = min(1.0, LOOK_SIDE / max(result.size))
            small = picture.shown(*(max(1, round(v * scale)) for v in result.size))
            result.looks[len(result.times)] = [face.scaled(1 / scale) for face in finder.find(small)]
        result.times.append(picture.time)
    return result


@dataclass(frozen=True)
class Plan:
    """A stretch that will become a clip."""

    name: str
    pictures: range
    seconds: tuple[float, float]
    crop: tuple[int, int, int]


class Skipped(NamedTuple):
    """A video or stretch that cannot be used."""

    place: str
    """The stretch in words; empty for a whole video."""
    reason: str
    """The same for all of its kind."""
    text: str
    """The reason and what was found."""


def within(start: float, end: float) -> str:
    """A stretch in words."""
    return f"{start:.1f}...{end:.1f} s"


def plan(seen: Overview, name: str, options: argparse.Namespace) -> tuple[list[Plan], list[Skipped]]:
    """The stretches of a video that can be used, and those that cannot."""
    plans, skipped = [], []
    parts = stretches(seen.cuts.firsts(), seen.times, options.longest)
    for part in parts:
        start = seen.times[part[0]]
        # Up to the end of its last picture.
        end = seen.times[part[-1]] + (seen.times[part[-1]] - start) / max(1, len(part) - 1)
        try:
            if len(part) < LEAST_PICTURES or end - start < options.shortest:
                raise ClipError("too short", f"{len(part)} pictures, {end - start:.1f} s")
            crop = choose_crop([faces for i, faces in seen.looks.items() if i in part], *seen.size, options.least_side)
            plans.append(Plan(name if len(parts) == 1 else f"{name}@{start:.2f}", part, (round(start, 3), round(end, 3)), crop))
        except ClipError as error:
            skipped.append(Skipped(within(start, end) if len(parts) > 1 else "", error.reason, str(error)))
    return plans, skipped


def write(path: Path, array: np.ndarray) -> str:
    """Saves an array beside its place and moves it there, so that no reader sees a part of it; its SHA-256."""
    temporary = path.with_name(path.name + ".new")
    with temporary.open("wb") as file:
        np.save(file, array)
    temporary.replace(path)
    return hashlib.sha256(path.read_bytes()).hexdigest()


def prepare(path: Path, name: str, options: argparse.Namespace, finder: Finder) -> tuple[list[dict], list[Skipped]]:
    """Prepares one video: the manifest's entries of its clips, and its skipped stretches. Throws `ClipError` where nothing of it can be read."""
    plans, skipped = plan(overview(path, finder), name, options)
    wanted = {p.name: set(np.unique(np.linspace(p.pictures[0], p.pictures[-1], options.pictures).astype(int)).tolist()) for p in plans}
    taken = {p.name: [] for p in plans}
    for i, picture in enumerate(decode(path) if plans else ()):
        for p in plans:
            if i in wanted[p.name]:
                taken[p.name].append(picture.square(p.crop, options.side))
    entries = []
    for p in plans:
        pictures, rng = np.stack(taken.pop(p.name)), random.Random(p.name)
        marks = finder.mark(pictures)
        blind = int(np.isnan(marks["landmarks"]).any((1, 2)).sum())
        if blind > len(pictures) / 2:
            skipped.append(Skipped(within(*p.seconds), "no face", f"no face: no landmarks in {blind} of {len(pictures)} pictures"))
            continue
        # Pictures last: their presence says that the clip is whole.
        arrays = {"compressed": np.stack([through_av1(picture, rng.randint(15, 50)) for picture in pictures]), **marks, "pictures": pictures}
        digests = {kind: write(options.out / f"{p.name}.{kind}.npy", array) for kind, array in arrays.items()}
        entries.append({"name": p.name, "source": str(path.relative_to(options.clips)), "seconds": p.seconds, "crop": p.crop, "pictures": len(pictures),
                        "licence": licence(path) or options.licence, "sha256": digests})
    return entries, skipped


def licence(path: Path) -> str | None:
    """What stands in `VIDEO.licence.txt` (or .license.txt) beside a video."""
    for ending in (".licence.txt", ".license.txt"):
        beside = path.with_suffix(ending)
        if beside.exists():
            return beside.read_text().strip()
    return None


def names(paths: list[Path], folder: Path) -> dict[Path, str]:
    """A name for each video: its own, with its folders where another video is called the same."""
    count = collections.Counter(path.stem for path in paths)
    return {path: path.stem if count[path.stem] == 1 else "-".join([*path.relative_to(folder).parent.parts, path.name]) for path in paths}


FINDER: Finder | None = None
"""This process's finder."""


def start(mtcnn: str | None) -> None:
    """Makes this process's finder."""
    global FINDER
    from data.faces import MediaPipeFaces, MTCNNFaces

    if mtcnn:
        import torch

        torch.set_num_threads(1)
    FINDER = MTCNNFaces(mtcnn) if mtcnn else MediaPipeFaces()


def work(task: tuple[Path, str, argparse.Namespace]) -> tuple[list[dict], list[Skipped]]:
    """Prepares one video by this process's finder."""
    path, name, options = task
    try:
        entries, skipped = prepare(path, name, options, FINDER)
    except ClipError as error:
        return [], [Skipped("", error.reason, str(error))]
    return [entry | {"faces": FINDER.name} for entry in entries], skipped


class Manifest:
    """`manifest.json` of a folder of arrays: `settings`, `clips` (see `prepare`) and `skipped` of the latest run."""

    def __init__(self, path: Path, settings: dict):
        self.path, self.content = path, {"settings": settings, "clips": [], "skipped": []}
        if path.exists():
            earlier = json.loads(path.read_text())
            different = [f"{key} {earlier['settings'].get(key)}" for key in settings if earlier["settings"].get(key) != settings[key]]
            if different:
                raise SystemExit(f"{path.parent} was prepared with {', '.join(different)}: give the same, or another --out")
            self.content["clips"] = [clip for clip in earlier["clips"] if (path.parent / f"{clip['name']}.pictures.npy").exists()]

    def sources(self) -> set[str]:
        """Videos that are prepared."""
        return {clip["source"] for clip in self.content["clips"]}

    def adopt(self, name: str, source: str, licence: str | None) -> bool:
        """Takes up arrays that an earlier version prepared without a manifest; their stretch and crop are not known. False where there are none."""
        arrays = sorted(self.path.parent.glob(f"{name}.*.npy")) if (self.path.parent / f"{name}.pictures.npy").exists() else []
        if arrays:
            digests = {a.name.removeprefix(name + ".").removesuffix(".npy"): hashlib.sha256(a.read_bytes()).hexdigest() for a in arrays}
            count = len(np.load(self.path.parent / f"{name}.pictures.npy", mmap_mode="r"))
            self.content["clips"].append({"name": name, "source": source, "pictures": count, "licence": licence, "sha256": digests})
        return bool(arrays)

    def save(self) -> None:
        """Writes the file, clips sorted by name."""
        self.content["clips"].sort(key=lambda clip: clip["name"])
        temporary = self.path.with_suffix(".new")
        temporary.write_text(json.dumps(self.content, indent=1, ensure_ascii=False) + "\n")
        temporary.replace(self.path)


def in_words(seconds: float) -> str:
    """A duration."""
    return f"{seconds / 60:.0f} min" if seconds > 90 else f"{seconds:.0f} s"


def parse(arguments: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="data.prepare", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clips", type=Path, required=True, help="folder of videos, searched in depth")
    parser.add_argument("--out", type=Path, required=True, help="folder of arrays")
    parser.add_argument("--mtcnn", help="safetensors file of MTCNN: faces and five landmarks by it, and no mesh. Without it MediaPipe's mesh, which training follows far better")
    parser.add_argument("--side", type=int, default=256, help="side of a picture in pixels")
    parser.add_argument("--pictures", type=int, default=24, help="pictures of each clip")
    parser.add_argument("--shortest", type=float, default=1.0, help="seconds that a stretch must last")
    parser.add_argument("--longest", type=float, default=20.0, help="seconds after which a stretch is divided evenly")
    parser.add_argument("--least-side", type=int, help="pixels that a crop must have in the video (half of --side)")
    parser.add_argument("--licence", help="text for the manifest, for videos without a file of their own")
    parser.add_argument("--exclude", type=Path, help="text file of video names (without folder) to leave out, one a line")
    parser.add_argument("--processes", type=int, default=1, help="videos prepared at the same time")
    options = parser.parse_args(arguments)
    if not options.clips.is_dir():
        parser.error(f"{options.clips} is not a folder")
    if options.pictures < LEAST_PICTURES:
        parser.error(f"--pictures: at least {LEAST_PICTURES}")
    options.least_side = options.least_side or options.side // 2
    return options


def main() -> int:
    options = parse()
    excluded = set(options.exclude.read_text().split()) if options.exclude else set()
    paths = [p for p in videos(options.clips) if p.name not in excluded]
    if not paths:
        print(f"no videos in {options.clips}", file=sys.stderr)
        return 1
    options.out.mkdir(parents=True, exist_ok=True)
    manifest = Manifest(options.out / "manifest.json", {"side": options.side, "pictures": options.pictures, "faces": "MTCNN" if options.mtcnn else "MediaPipe"})
    named, ready = names(paths, options.clips), manifest.sources()
    kept = [p for p in paths if str(p.relative_to(options.clips)) in ready or manifest.adopt(named[p], str(p.relative_to(options.clips)), licence(p) or options.licence)]
    manifest.save()
    tasks = [(p, named[p], options) for p in paths if p not in set(kept)]
    counts, clips, begun = collections.Counter(), 0, time.monotonic()
    total, done = sum(path.stat().st_size for path, _, _ in tasks), 0
    start(options.mtcnn)      # here too: a missing package or file is then said once, before any work
    with ProcessPoolExecutor(options.processes, multiprocessing.get_context("spawn"), start, (options.mtcnn,)) as pool:
        results = map(work, tasks) if options.processes == 1 else pool.map(work, tasks)
        for i, ((path, _, _), (entries, skipped)) in enumerate(zip(tasks, results)):
            source = str(path.relative_to(options.clips))
            for skip in skipped:
                counts[skip.reason] += 1
                print(f"skipped {' '.join([source, skip.place]).strip()}: {skip.text}", file=sys.stderr, flush=True)
                manifest.content["skipped"].append({"source": source, "stretch": skip.place, "reason": skip.text})
            manifest.content["clips"] += entries
            manifest.save()
            clips += len(entries)
            done += path.stat().st_size
            print(f"[{i + 1}/{len(tasks)}] {source}: {len(entries)} clips; {in_words((time.monotonic() - begun) * (total - done) / max(done, 1))} left", flush=True)
    reasons = ", ".join(f"{n} {reason}" for reason, n in counts.most_common())
    print(f"{clips} clips prepared of {len(tasks)} videos, {len(kept)} videos kept as they were, {counts.total()} skipped" + (f" ({reasons})" if reasons else ""), flush=True)
    return 0 if manifest.content["clips"] else 1


if __name__ == "__main__":
    sys.exit(main())
