"""Trains the network on prepared clips, on a CPU, a GPU, or many (torchrun). Resumes from `OUT/checkpoint.pt` when there is one;
Ctrl-C and SIGTERM end it with a checkpoint.

python train.py --clips PREPARED --lpips lpips.safetensors --out RUN --minutes 100

Writes into OUT: `checkpoint.pt`, `losses.csv`, `sheet.png` (rows: source, driving, warped, rebuilt) and `weights.safetensors`, the exponential moving average.
"""
import argparse
import copy
import csv
import json
import math
import os
import random
import signal
import sys
import threading
import time
from pathlib import Path

import numpy as np
import torch
import torch.distributed as distributed
import torch.nn as nn
from PIL import Image
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from torch import Tensor

from config.realtime import configuration
from data.clips import Clips, Sample, box_masks, face_boxes, similarity, transform
from data.mesh import KEYPOINT_VERTICES
from losses import PerceptualDistance, flow_error, keypoint_targets, mean_known, mesh_error, opening_error, picture_loss, repulsion
from model import Network, shrink

LOCATION_STEP = 1 / 128
"""Quantisation step of a location on the wire, in -1...1 units."""
STRENGTH_LEVELS = 8
"""Levels of a strength on the wire."""
WEIGHTS = {
    "l1": 4.0, "l1_warped": 2.0, "lpips": 1.5, "lpips_half": 1.5, "lpips_warped": 0.5, "l1_grid": 4.0, "mesh": 4.0, "mesh_fine": 4.0, "flow": 4.0, "keypoints": 4.0, "opening": 0.5,
    "equivariance": 2.0, "repulsion": 2.0,
}
"""Weights of the losses."""


def quantised(locations: Tensor, strengths: Tensor) -> tuple[Tensor, Tensor]:
    """Keypoints as after the wire: uniform noise of one step for the locations; strengths rounded, their gradients passed unchanged."""
    noise = (torch.rand_like(locations) - 0.5) * LOCATION_STEP
    levels = STRENGTH_LEVELS - 1
    return locations + noise, strengths + ((strengths * levels).round() / levels - strengths).detach()


class TrainingStep(nn.Module):
    """All losses of one batch, so that DistributedDataParallel sees one forward pass."""

    def __init__(self, network: Network, lpips: str):
        super().__init__()
        self.network, self.distance = network, PerceptualDistance(lpips, "squeeze").requires_grad_(False)

    def forward(self, sample: Sample, window: tuple[int, int, int] | None, moves: Tensor | None, drop: tuple[int, ...], face_weight: float, look_only: bool, kept: Tensor | None = None) -> dict[str, Tensor]:
        """Losses of a batch.

        `window` limits the loss to a part (see `Generator.forward`); `moves` [B, 2, 3] are transformations for the equivariance loss; `drop` lists the parts of the face (0, 1 eyes,
        2 mouth) whose keys are left out; `face_weight` is how much more eyes and mouth count; `look_only` trains keypoints and attention alone, by their teachers; `kept` [B] says with how many of the keypoints, the first ones, a
        sample must do (nested dropout; Rippel et al., ICML 2014): the strengths of the others are 0.
        """
        net, pictures = self.network, sample.pictures
        (b, m), n = pictures.shape[:2], pictures.shape[1] - 1
        side = pictures.shape[-1]
        locations, strengths = net.detector(pictures.flatten(0, 1))
        locations, strengths = locations.unflatten(0, (b, m)), strengths.unflatten(0, (b, m))
        found = strengths
        if kept is not None:
            strengths = strengths * (torch.arange(strengths.shape[2], device=kept.device) < kept[:, None, None])
        losses = {}
        if look_only:
            displacement, pixels = net.look(pictures, locations, strengths, window)
            top, left, size = window
            losses["l1_grid"] = (pixels - shrink(pictures[:, n], 8)[:, :, top:top + size, left:left + size]).abs().mean()
            part, flow = tuple(v * 8 / side for v in window), sample.flow[:, :, top:top + size, left:left + size]
        else:
            sources = net.encode(pictures[:, :n], locations[:, :n], strengths[:, :n])
            boxes = face_boxes(sample.landmarks)
            dropped = box_masks(boxes[:, :n][:, :, list(drop)].flatten(0, 1), side // 8).unflatten(0, (b, n)).flatten(2) if drop else None
            rebuilt = net.generator(sources, *quantised(locations[:, n], strengths[:, n]), net.attention, window, dropped)
            displacement, part, flow = rebuilt["displacement"], (0.0, 0.0, 1.0), sample.flow
            truth, weight = pictures[:, n], 1 + (face_weight - 1) * box_masks(boxes[:, n], side)[:, None]
            if window:
                top, left, size = (8 * v for v in window)
                truth, weight = (t[:, :, top:top + size, left:left + size] for t in (truth, weight))
            losses |= picture_loss(self.distance, rebuilt["picture"], rebuilt["warped"], truth, weight / weight.mean())
            losses["mesh_fine"] = mesh_error(rebuilt["fine_displacement"], tuple(v * 8 / side for v in window) if window else (0.0, 0.0, 1.0), sample.mesh)
        losses["mesh"] = mesh_error(displacement, part, sample.mesh)
        losses["flow"] = flow_error(displacement, flow, part)
        targets = keypoint_targets(sample.mesh, sample.flipped, locations.shape[2])
        losses["keypoints"] = mean_known((locations - torch.nan_to_num(targets)).abs(), ~targets.isnan())
        losses["opening"] = opening_error(found, sample.openness)
        losses["repulsion"] = repulsion(locations[:, n], [k for k in range(locations.shape[2]) if k not in KEYPOINT_VERTICES])
        if moves is not None:
            moved, _ = net.detector(transform(pictures[:, n], moves))
            back = (moves[:, None, :, :2] @ moved[..., None]).squeeze(-1) + moves[:, None, :, 2]
            losses["equivariance"] = (back - locations[:, n]).abs().mean()
        return losses


def choose_window(sample: Sample, grid: int, rng: random.Random) -> tuple[int, int, int]:
    """Half of the grid's side, mostly about an eye or a corner of the mouth of some sample of the batch."""
    side = grid // 2
    x, y = sample.landmarks[rng.randrange(len(sample.landmarks)), -1, rng.choice([0, 1, 3, 4])].tolist()
    if math.isnan(x) or rng.random() < 0.2:
        x, y = rng.uniform(-1, 1), rng.uniform(-1, 1)
    left, top = (round((v + 1) / 2 * grid - side / 2 + rng.uniform(-3, 3)) for v in (x, y))
    return min(max(top, 0), grid - side), min(max(left, 0), grid - side), side


class MovingAverage:
    """Exponential moving average of a network's weights and batch statistics."""

    def __init__(self, network: nn.Module, decay: float):
        self.network, self.decay, self.updates = copy.deepcopy(network).eval().requires_grad_(False), decay, 0

    def update(self, network: nn.Module) -> None:
        """Moves towards the network; faster at the beginning."""
        self.updates += 1
        decay = min(self.decay, (1 + self.updates) / (10 + self.updates))
        for mine, theirs in zip(self.network.state_dict().values(), network.state_dict().values()):
            if mine.is_floating_point():
                mine.lerp_(theirs, 1 - decay)
            else:
                mine.copy_(theirs)


def parameter_groups(network: Network) -> list[dict]:
    """Parameters by their share of the learning rate. Adam moves every weight equally far, so layers of many small, alike inputs must move less: the detector's first one sees each
    pixel of a 4x4 block, and without this, training diverged after some 300 steps."""
    groups = {1.0: [], 0.6: [], 0.1: []}
    for name, parameter in network.named_parameters():
        share = 0.1 if name.startswith("detector.hourglass.entry") else 0.6 if name.startswith(("detector", "attention.position")) else 1.0
        groups[share].append(parameter)
    return [{"params": parameters, "share": share} for share, parameters in groups.items()]


def accept(norm: float, state: dict) -> bool:
    """Whether a step with this gradient norm is taken: not when it is not a number, or six times what is usual. Keeps the usual norm in the state."""
    usual = state.get("usual_norm", norm)
    if not math.isfinite(norm) or norm > 6 * usual:
        state["skipped"] = state.get("skipped", 0) + 1
        # Told to every process alike, since gradients are shared; lets the limit rise should all norms have risen.
        state["usual_norm"] = usual * 1.05
        return False
    state["usual_norm"] = 0.98 * usual + 0.02 * norm
    return True


def learning_rate(progress: float, step: int, peak: float) -> float:
    """Linear warm-up over 50 steps, then half a cosine down to 2 % of the peak."""
    return peak * min(1.0, (step + 1) / 50) * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * min(progress, 1.0))))


@torch.no_grad()
def write_sheet(network: Network, pictures: Tensor, path: Path) -> None:
    """Source, driving, warped and rebuilt pictures, one column for each of the first eight samples."""
    x = pictures[:8]
    n = x.shape[1] - 1
    locations, strengths = network.detector(x.flatten(0, 1))
    locations, strengths = locations.unflatten(0, x.shape[:2]), strengths.unflatten(0, x.shape[:2])
    out = network.generator(network.encode(x[:, :n], locations[:, :n], strengths[:, :n]), locations[:, n], strengths[:, n], network.attention)
    dots = x[:, n].clone()
    for i, points in enumerate(((locations[:, n] + 1) / 2 * x.shape[-1]).long().clamp(1, x.shape[-1] - 2).tolist()):
        for k, (u, v) in enumerate(points):
            dots[i, :, v - 1:v + 2, u - 1:u + 2] = torch.tensor([k % 3 == 0, k % 3 == 1, k % 3 == 2]).float()[:, None, None]
    rows = [x[:, 0], dots, out["warped"], out["picture"], x[:, n]]
    pixels = torch.cat([torch.cat(list(row), 2) for row in rows], 1).clamp(0, 1)
    Image.fromarray((pixels.cpu() * 255).byte().permute(1, 2, 0).numpy()).save(path)


def save(path: Path, network: Network, average: MovingAverage, optimizer, state: dict) -> None:
    """Checkpoint and averaged weights, each written beside its place and then moved there."""
    temporary = path / "checkpoint.new"
    torch.save({"network": network.state_dict(), "average": average.network.state_dict(), "updates": average.updates, "optimizer": optimizer.state_dict(), "state": state}, temporary)
    temporary.replace(path / "checkpoint.pt")
    weights = {name: tensor.detach().cpu().contiguous() for name, tensor in average.network.state_dict().items()}
    save_file(weights, path / "weights.new", metadata={name: json.dumps(value) for name, value in state.items()})
    (path / "weights.new").replace(path / "weights.safetensors")


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clips", type=Path, nargs="+", required=True, help="folders of prepared clips (data/prepare.py)")
    parser.add_argument("--extra-clips", type=Path, nargs="*", default=[], help="prepared clips drawn for --extra-share of the samples")
    parser.add_argument("--extra-share", type=float, default=0.15)
    parser.add_argument("--as-filmed", type=float, default=0.65, help="share of samples without zoom, turn and shift of each picture on its own")
    parser.add_argument("--lpips", required=True, help="safetensors file of LPIPS's backbones")
    parser.add_argument("--out", type=Path, required=True, help="folder of the run")
    parser.add_argument("--weights", type=Path, help="weights to begin from when there is no checkpoint")
    parser.add_argument("--minutes", type=float, default=0, help="length of the whole run, earlier parts included; sets the learning rate's schedule")
    parser.add_argument("--steps", type=int, default=0, help="the same in steps")
    parser.add_argument("--batch", type=int, default=8, help="samples a step and process")
    parser.add_argument("--rate", type=float, default=3e-4, help="peak learning rate")
    parser.add_argument("--average", type=float, default=0.998, help="decay of the moving average")
    parser.add_argument("--look-only", action="store_true", help="train keypoints and attention alone, towards face mesh and optical flow: twenty times as fast, a good beginning")
    parser.add_argument("--apart", type=float, default=1.0, help="how much the pictures of a sample that are not as filmed are zoomed, turned and shifted against each other")
    parser.add_argument("--nested", type=float, default=0.2, help="share of samples that must do with the first 5, 10 or 15 keypoints")
    parser.add_argument("--face-weight", type=float, default=4.0, help="how much more a pixel of eyes and mouth counts")
    parser.add_argument("--sheet-every", type=int, default=200)
    parser.add_argument("--save-every", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=0, help="CPU threads")
    options = parser.parse_args()
    if not options.minutes and not options.steps:
        parser.error("one of --minutes and --steps is needed")
    return options


def main() -> int:
    options = parse()
    if options.threads:
        torch.set_num_threads(options.threads)
    rank, world = int(os.environ.get("RANK", 0)), int(os.environ.get("WORLD_SIZE", 1))
    device = torch.device("cuda", int(os.environ.get("LOCAL_RANK", 0))) if torch.cuda.is_available() else torch.device("cpu")
    if world > 1:
        distributed.init_process_group("nccl" if device.type == "cuda" else "gloo")
    options.out.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(options.seed)
    clips = Clips(options.clips, options.extra_clips, options.extra_share, options.as_filmed, options.apart)
    network = Network(configuration)
    state = {"step": 0, "pictures": 0, "seconds": 0.0, "seed": options.seed, "clips": clips.digest(), "configuration": configuration.describe()}
    if options.weights and not (options.out / "checkpoint.pt").exists():
        network.load_state_dict(load_file(options.weights))
        with safe_open(options.weights, "pt") as file:
            earlier = {name: json.loads(value) for name, value in (file.metadata() or {}).items() if name in ("step", "pictures")}
        state.update({"earlier_" + name: value for name, value in earlier.items()})
    network = network.to(device=device, memory_format=torch.channels_last)
    average = MovingAverage(network, options.average)
    optimizer = torch.optim.Adam(parameter_groups(network), options.rate, betas=(0.9, 0.99))
    if (options.out / "checkpoint.pt").exists():
        checkpoint = torch.load(options.out / "checkpoint.pt", map_location=device, weights_only=True)
        network.load_state_dict(checkpoint["network"])
        average.network.load_state_dict(checkpoint["average"])
        average.updates = checkpoint["updates"]
        optimizer.load_state_dict(checkpoint["optimizer"])
        for group, fresh in zip(optimizer.param_groups, parameter_groups(network)):
            group["share"] = fresh["share"]
        state = checkpoint["state"] | {"clips": clips.digest()}
    step = TrainingStep(network, options.lpips).to(device)
    forward = nn.parallel.DistributedDataParallel(step, find_unused_parameters=options.look_only) if world > 1 else step
    rng = random.Random(f"{options.seed} {rank} {state['step']} samples")
    torch.manual_seed(rng.getrandbits(31))
    shown = clips.batch(8, 2, random.Random(7)) if rank == 0 else None
    if rank == 0:
        print(f"{len(clips.main)} + {len(clips.extra)} clips, {sum(p.numel() for p in network.parameters()) / 1e6:.2f} M parameters, {world} x {device}, from step {state['step']}", flush=True)

    stopping = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopping.set())
    begin, before, sums = time.monotonic(), state["seconds"], []
    progress = how_far(state, options)
    while progress < 1:
        plan = random.Random(f"{options.seed} {state['step']}")      # what costs time is the same in all processes
        n = plan.choices([1, 2, 3], [0.4, 0.2, 0.4])[0]
        sample = clips.batch(options.batch, n, rng)
        window = choose_window(sample, configuration.grid, rng) if plan.random() < 0.85 or options.look_only else None
        moves = None
        if state["step"] % 2 == 0:
            moves = torch.stack([similarity(rng.uniform(0.8, 1.2), rng.uniform(-0.3, 0.3), rng.uniform(-0.2, 0.2), rng.uniform(-0.2, 0.2)) for _ in range(options.batch)]).to(device)
        drop = rng.choice([(0, 1), (2,), (0, 1, 2)]) if rng.random() < 0.12 else ()
        kept = torch.tensor([rng.choice([5, 10, 15]) if rng.random() < options.nested else configuration.keypoints for _ in range(options.batch)], device=device)
        with torch.autocast(device.type, dtype=torch.bfloat16):
            losses = forward(sample.to(device), window, moves, drop, options.face_weight, options.look_only, kept)
        total = sum(WEIGHTS[name] * value for name, value in losses.items())
        rate = learning_rate(progress, state["step"], options.rate)
        for group in optimizer.param_groups:
            group["lr"] = rate * group["share"]
        optimizer.zero_grad(set_to_none=True)
        total.backward()
        norm = nn.utils.clip_grad_norm_(network.parameters(), 2.0)
        if accept(norm.item(), state):
            optimizer.step()
            average.update(network)
        state["step"] += 1
        state["pictures"] += options.batch * world
        state["seconds"], stop = shared(before + time.monotonic() - begin, stopping.is_set(), device)
        progress = how_far(state, options)
        sums.append({"total": total.item(), "norm": norm.item()} | {name: value.item() for name, value in losses.items()})
        if rank == 0 and state["step"] % 20 == 0:
            write_losses(options.out / "losses.csv", state, rate, sums)
            sums = []
        if rank == 0 and (state["step"] % options.save_every == 0 or progress >= 1 or stop):
            save(options.out, network, average, optimizer, state)
        if rank == 0 and state["step"] % options.sheet_every == 0:
            write_sheet(average.network, shown.pictures.to(device), options.out / "sheet.png")
        if stop:
            break
    if world > 1:
        distributed.destroy_process_group()
    return 0


def how_far(state: dict, options: argparse.Namespace) -> float:
    """What part of the run is done, by its minutes or steps."""
    minutes = state["seconds"] / 60 / options.minutes if options.minutes else 0.0
    return max(minutes, state["step"] / options.steps if options.steps else 0.0)


def shared(seconds: float, stopping: bool, device: torch.device) -> tuple[float, bool]:
    """The first process's clock, and whether any process was told to stop, so that all end at the same step."""
    if not distributed.is_initialized():
        return seconds, stopping
    clock, stop = torch.tensor([seconds], device=device), torch.tensor([float(stopping)], device=device)
    distributed.broadcast(clock, 0)
    distributed.all_reduce(stop)
    return clock.item(), stop.item() > 0


def write_losses(path: Path, state: dict, rate: float, sums: list[dict[str, float]]) -> None:
    """Appends the means of the last steps to the table, and prints them."""
    names = ["total", *WEIGHTS, "norm"]
    means = {name: float(np.mean([row[name] for row in sums if name in row] or [math.nan])) for name in names}
    row = {"step": state["step"], "minutes": round(state["seconds"] / 60, 2), "rate": f"{rate:.2e}"} | {name: f"{value:.4f}" for name, value in means.items()}
    new = not path.exists()
    with path.open("a", newline="") as file:
        writer = csv.DictWriter(file, row)
        if new:
            writer.writeheader()
        writer.writerow(row)
    print(" ".join(f"{name} {value}" for name, value in row.items()), flush=True)


if __name__ == "__main__":
    sys.exit(main())
