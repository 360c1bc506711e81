"""Ablations: trains variants of the network at 128x128, each from the same start for the same number of steps, and measures them on whole test clips, in a table of the form of the paper's Table 4.

python ablate.py --clips PREPARED --test CLIPS --lpips lpips.safetensors --mtcnn mtcnn.safetensors --weights weights/realtime.safetensors --work FOLDER --out ../Examples/Measurements/ablations --minutes 4

Variants of the first group begin with keypoint detector, attention and motion of --weights, the rest untrained; those of the second, which change one of these, with nothing, in two stages: these alone, then
everything. Each group has its own reference. All have the same number of steps, found from --minutes once (WORK/plan.json), so that a busy machine changes nothing. After the first seed of all, those nearest to their
reference are repeated with a second seed, and the references too. Each run is a line of OUT/runs.jsonl; what is there is not run again, and an interrupted run goes on where it was.
"""
import argparse
import hashlib
import json
import os
import resource
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import torch
import torch.nn.functional as F

import config
import tensors
from model import Network

HERE = Path(__file__).resolve().parent
COMMON = ("side=128", "window_share=0", "rate=5e-4", "average=0.98")
"""Settings of all variants: small pictures, rebuilt whole; rates of a short run."""
SOURCES = (1, 3)
"""Numbers of sources that are measured."""


@dataclass(frozen=True)
class Variant:
    """One line of the table."""

    name: str
    title: str
    settings: tuple[str, ...] = ()
    given: bool = True
    """Whether it begins with given keypoints, attention and motion, and so belongs to the first group."""
    taught: bool = True
    """Whether it has a first stage of these alone, where they begin with nothing."""
    optional: bool = False
    """Whether it is only run when it is named."""

    @property
    def reference(self) -> str:
        """Name of what it is compared with."""
        return "full" if self.given else "fresh"


VARIANTS = (
    Variant("full", "all of it"),
    Variant("residual", "without the residual branch", ("residual=false",)),
    Variant("joined", "without the residual branch and without warped keys in the decoder", ("residual=false", "joined=false"), optional=True),
    Variant("extra", "without extra keys", ("extra_keys=0", "semantic_dropout=0")),
    Variant("told", "extra keys with values: the decoder is told of what no source shows", ("extra_values=8",)),
    Variant("variance", "detail loses contrast where sources are mixed", ("variance_kept=false",), optional=True),
    Variant("nearness", "the attention alone chooses between the two nearest sources", ("nearness=0",), optional=True),
    Variant("dropout", "without semantic dropout", ("semantic_dropout=0",), optional=True),
    Variant("source", "one source in training", ("sources=1",)),
    Variant("gan", "with GAN loss", ("weights.gan=0.1", "weights.features=1", "discriminator_widths=32,64,128,256", "discriminator_alone=50")),
    Variant("attended", "values mixed by the attention's weights, as in the paper", ("values=attended",)),
    Variant("nested", "without nested dropout", ("nested=0",)),
    Variant("sharpness", "sources mixed by the attention's masses", ("sharpness=1",)),
    Variant("fresh", "all of it", given=False),
    Variant("strengths", "without strengths", ("strengths=false", "weights.opening=0"), given=False),
    Variant("positions", "without position embeddings", ("positions=false",), given=False, optional=True),
    Variant("dot", "dot product instead of distance", ("score=dot",), given=False),
    Variant("grid16", "attention on 1/16 of the picture", ("cell=16",), given=False),
    Variant("grid4", "attention on 1/4 of the picture", ("cell=4",), given=False),
    Variant("motion", "without the network that makes motion precise", ("motion_widths=",), given=False),
    Variant("offsets", "without the correction of offsets", ("offsets=false",), given=False, optional=True),
    Variant("keypoints10", "10 keypoints", ("keypoints=10",), given=False),
    Variant("keypoints5", "5 keypoints", ("keypoints=5",), given=False, optional=True),
    Variant("flow", "without flow as teacher", ("teachers=mesh",), given=False, optional=True),
    Variant("mesh", "without the face mesh as teacher", ("teachers=flow",), given=False, optional=True),
    Variant("untaught", "without teachers, and so without the first stage", ("teachers=",), given=False, taught=False),
)


def start(variant: Variant, seed: int, weights: Path, path: Path, common: tuple[str, ...]) -> None:
    """Writes the weights that a variant begins with: untrained ones, with what fits of the given detector, attention and motion where it begins with these; position embeddings are interpolated."""
    configuration, _ = config.load("realtime", [*common, *variant.settings])
    torch.manual_seed(seed)
    state = Network(configuration).state_dict()
    if variant.given:
        given, _ = tensors.load(weights)
        if state.get("attention.position") is not None:
            given["attention.position"] = F.interpolate(given["attention.position"], size=(configuration.grid,) * 2, mode="bilinear", align_corners=False)
        taken = {name: tensor for name, tensor in given.items() if name.startswith(("detector.", "attention.", "generator.motion.")) and name in state and state[name].shape == tensor.shape}
        if not taken:
            raise ValueError(f"nothing in {weights} fits the network: are these weights of the realtime configuration?")
        state |= taken
    path.parent.mkdir(parents=True, exist_ok=True)
    tensors.save(path, state, {"configuration": configuration.describe()})


def described(weights: Path, common: tuple[str, ...]) -> str:
    """A short hash of the configuration of all runs and of the weights that they begin from: what makes rows comparable."""
    configuration, training = config.load("realtime", list(common))
    text = json.dumps([configuration.describe(), training.describe()], sort_keys=True)
    return hashlib.sha256(text.encode() + weights.read_bytes()).hexdigest()[:16]


class Ablations:
    """Runs variants and keeps what they gave."""

    def __init__(self, options: argparse.Namespace, common: tuple[str, ...] = COMMON):
        self.options, self.common, self.lock = options, common, threading.Lock()
        options.out.mkdir(parents=True, exist_ok=True)
        options.work.mkdir(parents=True, exist_ok=True)
        self.log = options.out / "runs.jsonl"
        self.plan = self.planned()
        self.network = described(options.weights, common)
        # Rows of another network, other beginnings or another length are not to be compared with these.
        self.rows = [row for row in map(json.loads, self.log.read_text().splitlines()) if row["plan"] == self.plan and row.get("network") == self.network] if self.log.exists() else []

    def planned(self) -> dict:
        """Steps of both stages: as asked for, or as many as the reference does in the minutes of a run, a fifth of them in the first stage; found once."""
        place = self.options.work / "plan.json"
        if self.options.steps:
            return {"steps": self.options.steps, "first_steps": self.options.first_steps}
        if not place.exists():
            begin, seconds = self.options.work / "timing" / "start.safetensors", []
            start(VARIANTS[0], 1, self.options.weights, begin, self.common)
            for name, more in (("whole", []), ("first", ["--stage", "attention"])):
                few, many = (self.processor_seconds(begin, f"{name}-{steps}", steps, more) for steps in (4, 16))
                seconds.append((many - few) / 12)
            whole, first = (60 * self.options.minutes * share / each for share, each in zip((0.8, 0.2), seconds))
            place.write_text(json.dumps({"steps": round(whole), "first_steps": round(first)}) + "\n")
        return json.loads(place.read_text())

    def processor_seconds(self, begin: Path, name: str, steps: int, more: list[str]) -> float:
        """What a training of so many steps takes of a processor, whatever else it does meanwhile."""
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        self.train(VARIANTS[0], 1, begin, begin.parent / name, steps, more)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    def call(self, program: str, arguments: list, log: Path) -> None:
        """Runs another program of this folder on one thread. Throws `RuntimeError` with the end of what it said."""
        log.parent.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, str(HERE / program), *map(str, arguments), "--threads", "1"]
        with log.open("w") as file:
            code = subprocess.run(command, cwd=HERE, stdout=file, stderr=subprocess.STDOUT, env=os.environ | {"OMP_NUM_THREADS": "1", "OMP_WAIT_POLICY": "passive"}).returncode
        if code:
            raise RuntimeError(f"{program} ended with {code}; {log} ends:\n" + "\n".join(log.read_text().splitlines()[-5:]))

    def train(self, variant: Variant, seed: int, begin: Path, out: Path, steps: int, more: list[str] = ()) -> Path:
        """Trains a variant from weights; returns the weights it ended with."""
        options = self.options
        self.call("train.py", ["--clips", *options.clips, "--lpips", options.lpips, "--out", out, "--weights", begin, "--steps", steps, "--seed", seed, "--sheet-every", steps, *more,
                               "--set", *self.common, *variant.settings], out.with_suffix(".txt"))
        return out / "weights.safetensors"

    def run(self, variant: Variant, seed: int) -> None:
        """Trains and measures a variant, unless its line is there."""
        if any(row["variant"] == variant.name and row["seed"] == seed for row in self.rows):
            return
        options, folder = self.options, self.options.work / f"{variant.name}-{seed}"
        begin = folder / "start.safetensors"
        if not begin.exists():
            start(variant, seed, options.weights, begin, self.common)
        if not variant.given and variant.taught and self.plan["first_steps"]:
            begin = self.train(variant, seed, begin, folder / "first", self.plan["first_steps"], ["--stage", "attention"])
        weights = self.train(variant, seed, begin, folder / "whole", self.plan["steps"])
        self.call("evaluate.py", ["--clips", options.test, "--lpips", options.lpips, *(["--mtcnn", options.mtcnn] if options.mtcnn else []), "--weights", weights, "--sources", *SOURCES, "--every", options.every,
                                  "--cache", options.work / "cache", "--out", folder / "table"], folder / "evaluate.txt")
        clips = [json.loads(line) for line in (folder / "table.json").read_text().splitlines()]
        row = {"variant": variant.name, "seed": seed, "plan": self.plan, "network": self.network, "settings": [*self.common, *variant.settings], "every": options.every, "seconds": round(tensors.load(weights)[1]["seconds"]),
               "copy": means(clips, "copy"), **{str(n): means(clips, n) for n in SOURCES}}
        with self.lock:
            self.rows.append(row)
            with self.log.open("a") as file:
                file.write(json.dumps(row) + "\n")
            (options.out / "table.md").write_text(table(self.rows))
            print(f"{variant.name}, seed {seed}: LPIPS " + ", ".join(f"{row[str(n)]['lpips']:.4f}" for n in SOURCES), flush=True)

    def run_all(self, runs: list[tuple[Variant, int]]) -> None:
        """Runs so many side by side as there are jobs."""
        with ThreadPoolExecutor(self.options.jobs) as pool:
            for result in [pool.submit(self.run, *run) for run in runs]:
                result.result()

    def nearest(self, count: int) -> list[Variant]:
        """The variants nearest to their references by LPIPS with one source, and these references."""
        by_name = {variant.name: variant for variant in VARIANTS}
        lpips = {row["variant"]: row["1"]["lpips"] for row in self.rows if row["seed"] == 1}
        others = [name for name in lpips if by_name[name].reference != name and by_name[name].reference in lpips]
        near = sorted(others, key=lambda name: abs(lpips[name] - lpips[by_name[name].reference]))[:count]
        return [by_name[name] for name in [*dict.fromkeys(by_name[name].reference for name in near), *near]]


def means(clips: list[dict], sources) -> dict[str, float]:
    """Means over clips of each measure with a number of sources."""
    rows = [row for row in clips if row["sources"] == sources]
    names = [name for name in ("lpips", "psnr", "l1", "ssim", "akd", "eyes_l1", "mouth_l1") if any(name in row for row in rows)]
    return {name: round(sum(values) / len(values), 5) for name in names if (values := [row[name] for row in rows if name in row])}


COLUMNS = (("lpips", "LPIPS", 4), ("psnr", "PSNR, dB", 2), ("l1", "L1", 2), ("akd", "AKD, px", 2), ("eyes_l1", "L1 in eyes, of copy's", 3), ("mouth_l1", "L1 in mouth, of copy's", 3))


def measured(row: dict, name: str, sources: int) -> float | None:
    """A measure of a run; in eyes and mouth as a share of what the first source shown unchanged gives."""
    value, copied = row[str(sources)].get(name), row["copy"].get(name)
    return None if value is None else value / copied if name in ("eyes_l1", "mouth_l1") else value


def table(rows: list[dict]) -> str:
    """All runs as a markdown table: for each measure its value with one and with three sources, mean over seeds, in brackets by how much the seeds differ."""
    text = ["| | seeds | " + " | ".join(f"{title}, {' / '.join(map(str, SOURCES))} sources" for _, title, _ in COLUMNS) + " |", "| --- " * (len(COLUMNS) + 2) + "|"]
    for given, heading in ((True, "keypoints, attention and motion given"), (False, "keypoints, attention and motion learned, too")):
        mine = [v for v in VARIANTS if v.given == given and any(row["variant"] == v.name for row in rows)]
        text += [f"| *{heading}* |" + " |" * (len(COLUMNS) + 1)] if mine else []
        for variant in mine:
            runs, cells = [row for row in rows if row["variant"] == variant.name], []
            for name, _, digits in COLUMNS:
                parts = []
                for n in SOURCES:
                    values = [value for row in runs if (value := measured(row, name, n)) is not None]
                    spread = f" ({max(values) - min(values):.{digits}f})" if len(values) > 1 else ""
                    parts.append(f"{sum(values) / len(values):.{digits}f}{spread}" if values else "-")
                cells.append(" / ".join(parts))
            text.append(f"| {variant.title} | {len(runs)} | " + " | ".join(cells) + " |")
    copied = rows[0]["copy"]
    cells = [f"{copied[name]:.{digits}f}" if name in copied and name not in ("eyes_l1", "mouth_l1") else "1" if name in copied else "-" for name, _, digits in COLUMNS]
    text.append("| *first source shown unchanged* | | " + " | ".join(cells) + " |")
    plan = rows[0]["plan"]
    return "\n".join(text) + f"\n\n{plan['steps']} steps, {plan['first_steps']} of keypoints, attention and motion alone before these where they were learned.\n"


def parse(arguments: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clips", type=Path, nargs="+", required=True, help="folders of prepared clips, best with flow (python -m data.flow)")
    parser.add_argument("--test", type=Path, required=True, help="folder of test clips")
    parser.add_argument("--lpips", type=Path, required=True, help="safetensors file of LPIPS's backbones")
    parser.add_argument("--mtcnn", type=Path, help="safetensors file of MTCNN; without it no AKD, no eyes, no mouth")
    parser.add_argument("--weights", type=Path, required=True, help="weights of the realtime configuration, whose detector, attention and motion the first group begins with")
    parser.add_argument("--work", type=Path, required=True, help="folder of the runs, with their weights, losses and sheets")
    parser.add_argument("--out", type=Path, required=True, help="folder of runs.jsonl and table.md")
    parser.add_argument("--minutes", type=float, default=4, help="of training of one run on one core that does nothing else: gives the number of steps")
    parser.add_argument("--steps", type=int, default=0, help="steps instead of minutes")
    parser.add_argument("--first-steps", type=int, default=0, help="with --steps: those of the first stage")
    parser.add_argument("--only", nargs="+", help="variants to run instead of all that are not optional: " + ", ".join(v.name + (" (optional)" if v.optional else "") for v in VARIANTS))
    parser.add_argument("--repeat", type=int, default=4, help="how many of the variants nearest to their references have a second seed")
    parser.add_argument("--jobs", type=int, default=2, help="runs side by side, each on one thread")
    parser.add_argument("--every", type=int, default=5, help="measure each so-many-th picture")
    options = parser.parse_args(arguments)
    for name in ("test", "lpips", "weights", *(["mtcnn"] if options.mtcnn else [])):
        if not getattr(options, name).exists():
            parser.error(f"--{name}: there is no {getattr(options, name)}")
        setattr(options, name, getattr(options, name).resolve())
    options.clips, options.work, options.out = [p.resolve() for p in options.clips], options.work.resolve(), options.out.resolve()
    if unknown := set(options.only or ()) - {v.name for v in VARIANTS}:
        parser.error(f"--only: there is no variant {', '.join(sorted(unknown))}")
    return options


def main() -> int:
    options = parse()
    chosen = [v for v in VARIANTS if (v.name in options.only if options.only else not v.optional)]
    try:
        ablations = Ablations(options)
        print(f"{len(chosen)} variants, {ablations.plan['steps']} steps each, {ablations.plan['first_steps']} before", flush=True)
        ablations.run_all([(variant, 1) for variant in chosen])
        ablations.run_all([(variant, 2) for variant in ablations.nearest(options.repeat)])
    except (RuntimeError, ValueError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    print((options.out / "table.md").read_text())
    return 0


if __name__ == "__main__":
    sys.exit(main())
