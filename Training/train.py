"""Trains the network on prepared clips, on a CPU, a GPU, or many (torchrun). Resumes from `OUT/checkpoint.pt` when there is one;
Ctrl-C and SIGTERM end it with a checkpoint.

python train.py --clips PREPARED --lpips lpips.safetensors --out RUN --minutes 100 [--config realtime] [--set rate=1e-4 keypoints=10]

Writes into OUT: `checkpoint.pt`, `losses.csv` with its plot `losses.png`, `sheet.png` (rows: sources, driving with keypoints, warped, rebuilt, truth, attention, strengths), `run.json` (what was asked for)
and `weights.safetensors`, the exponential moving average, which is what to measure and export.
"""
import time

STARTED = time.monotonic()      # before the slow imports: a time limit counts them

import argparse  # noqa: E402
import os  # noqa: E402
import random  # noqa: E402
import signal  # noqa: E402
import sys  # noqa: E402
import threading  # noqa: E402
from pathlib import Path  # noqa: E402

import torch  # noqa: E402
import torch.distributed as distributed  # noqa: E402
import torch.nn as nn  # noqa: E402

import config  # noqa: E402
from config.base import Configuration, OtherConfiguration, Training  # noqa: E402
from data.clips import Clips  # noqa: E402
from data.storage import DeviceStorage  # noqa: E402
from discriminator import Discriminator, DiscriminatorStep  # noqa: E402
from losses import FeatureDifference, PerceptualDistance  # noqa: E402
from model import Network  # noqa: E402
from optimise import MovingAverage, Optimizer, freeze, learning_rate, parameter_groups  # noqa: E402
from run_folder import RunFolder, begin_from  # noqa: E402
from sheet import write_sheet  # noqa: E402
from step import LOCATION_STEP, STRENGTH_LEVELS, TrainingStep, draw_task, number_of_sources  # noqa: E402, F401


def parse() -> tuple[argparse.Namespace, Configuration, Training]:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clips", type=Path, nargs="+", required=True, help="folders of prepared clips (data/prepare.py)")
    parser.add_argument("--extra-clips", type=Path, nargs="*", default=[], help="prepared clips drawn for extra_share of the samples")
    parser.add_argument("--lpips", help="safetensors file of LPIPS's backbones; needed unless the weights of all lpips losses are 0")
    parser.add_argument("--vgg", help="safetensors file of VGG-19 in torchvision's layout; needed where weights.vgg is not 0")
    parser.add_argument("--out", type=Path, required=True, help="folder of the run")
    parser.add_argument("--config", default="realtime", help="a module of config/")
    parser.add_argument("--set", nargs="+", action="extend", default=[], metavar="FIELD=VALUE", help="changes fields of the configuration (config/base.py lists them); losses are weights.NAME")
    parser.add_argument("--weights", type=Path, help="weights to begin from when there is no checkpoint")
    parser.add_argument("--minutes", type=float, default=0, help="length of the whole run, earlier parts included; sets the learning rate's schedule")
    parser.add_argument("--steps", type=int, default=0, help="the same in steps; with it, a resumed run is exactly the run that was not interrupted")
    parser.add_argument("--time-limit", type=float, default=0, help="seconds after which this process must have ended: it stops well before, with a checkpoint")
    parser.add_argument("--stage", choices=["keypoints", "attention", "all"], default="all",
                        help="train only keypoints, towards the face mesh; also where the network looks, towards mesh and optical flow; or all: good beginnings, some times as fast")
    parser.add_argument("--sheet-every", type=int, default=200, help="steps between sheets")
    parser.add_argument("--save-every", type=int, default=50, help="steps between checkpoints")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=0, help="CPU threads")
    parser.add_argument("--compile", action="store_true", help="compile the networks' parts of fixed shape (GPUs)")
    options = parser.parse_args()
    if not options.minutes and not options.steps:
        parser.error("one of --minutes and --steps is needed")
    try:
        configuration, training = config.load(options.config, options.set)
    except ValueError as error:
        parser.error(str(error))
    weights = training.loss_weights()
    if not options.lpips and any(name.startswith("lpips") for name in weights) and options.stage == "all":
        parser.error("--lpips is needed, or --set weights.lpips=0 weights.lpips_half=0 weights.lpips_warped=0")
    if bool(options.vgg) != ("vgg" in weights):
        parser.error("--vgg FILE and --set weights.vgg=10 (or another weight) go together; --set weights.vgg=0 does without")
    if options.stage != "all" and not training.teachers:
        parser.error(f"--stage {options.stage} learns from teachers alone: at least one is needed (--set teachers=mesh,flow)")
    return options, configuration, training


def main() -> int:
    options, configuration, training = parse()
    if options.threads:
        torch.set_num_threads(options.threads)
    rank, world = int(os.environ.get("RANK", 0)), int(os.environ.get("WORLD_SIZE", 1))
    device = torch.device("cuda", int(os.environ.get("LOCAL_RANK", 0))) if torch.cuda.is_available() else torch.device("cpu")
    if device.type == "cuda":
        torch.cuda.set_device(device)
        torch.backends.cudnn.benchmark = True
    if world > 1:
        distributed.init_process_group("nccl" if device.type == "cuda" else "gloo")
    try:
        return train(options, configuration, training, rank, world, device)
    except (OtherConfiguration, FileNotFoundError, ValueError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    finally:
        if world > 1:
            distributed.destroy_process_group()


def train(options: argparse.Namespace, configuration: Configuration, training: Training, rank: int, world: int, device: torch.device) -> int:
    """Runs until the schedule's end, a signal or the time limit. Throws `OtherConfiguration`, and `FileNotFoundError` or `ValueError` for files that are missing or broken."""
    torch.manual_seed(options.seed)
    clips = open_clips(options, configuration, training, device)
    network, folder = Network(configuration), RunFolder(options.out)
    state = {"step": 0, "pictures": 0, "seconds": 0.0, "seed": options.seed, "skipped": 0, "clips": clips.digest(), "configuration": configuration.describe(), "training": training.describe()}
    checkpoint = folder.checkpoint(configuration, device)
    if options.weights and not checkpoint:
        earlier = begin_from(network, options.weights, configuration)
        state |= {"earlier_" + name: earlier[name] for name in ("step", "pictures") if name in earlier}
    network = network.to(device=device, memory_format=torch.channels_last)
    freeze(network, training.frozen)
    average, optimizer = MovingAverage(network, training.average), Optimizer(parameter_groups(network), betas=(0.9, 0.99))
    judge = judging = None
    if (training.weights.gan or training.weights.features) and options.stage == "all":
        judge = Discriminator(training.discriminator_widths, training.discriminator_scales).to(device=device, memory_format=torch.channels_last)
        judging = Optimizer([{"params": list(judge.parameters()), "share": 1.0}], betas=(0.5, 0.99))
    parts = {"network": network, "average": average.network, **({"discriminator": judge} if judge else {})}
    optimizers = {"optimizer": optimizer, **({"discriminator_optimizer": judging} if judge else {})}
    if checkpoint:
        for name, part in (parts | optimizers).items():
            if name not in checkpoint:
                raise ValueError(f"the checkpoint in {options.out} holds no {name}: it was made without GAN losses")
            part.load_state_dict(checkpoint[name]) if name in parts else part.restore(checkpoint[name])
        average.updates, state = checkpoint["updates"], checkpoint["state"] | {"clips": clips.digest(), "training": training.describe()}

    lpips = any(name.startswith("lpips") for name in training.loss_weights()) and options.stage == "all"
    distance = PerceptualDistance(options.lpips, "squeeze").to(device) if lpips else None
    step = TrainingStep(network, training, distance, FeatureDifference(options.vgg).to(device) if options.vgg else None, judge)
    judge_step = DiscriminatorStep(judge) if judge else None
    if options.compile:
        for part in (network.detector.hourglass, network.attention.query_network, network.attention.key_network):
            part.compile(dynamic=False)
        if distance:
            distance.taps = torch.compile(distance.taps, dynamic=False)
    forward, judge_forward = step, judge_step
    if world > 1:
        forward = nn.parallel.DistributedDataParallel(step, find_unused_parameters=options.stage != "all")
        judge_forward = nn.parallel.DistributedDataParallel(judge_step) if judge else None
    shown = clips.batch(8, 2, random.Random(7)).pictures if rank == 0 else None
    if rank == 0:
        folder.describe({"options": vars(options), "configuration": configuration.describe(), "training": training.describe(), "torch": torch.__version__, "device": str(device), "processes": world,
                         "threads": torch.get_num_threads()})
        print(f"{len(clips.main)} + {len(clips.extra)} clips, {sum(p.numel() for p in network.parameters()) / 1e6:.2f} M parameters, {world} x {device}, from step {state['step']}", flush=True)

    clock = Clock(state["seconds"], options.time_limit, device)
    weights, progress, stop = training.loss_weights(), how_far(state, options), False
    while progress < 1 and not stop:
        # All chance of a step comes from its number, so that a resumed run goes on as if it had not stopped.
        number = state["step"]
        plan, rng = random.Random(f"{options.seed} {number}"), random.Random(f"{options.seed} {rank} {number} samples")
        torch.manual_seed(rng.getrandbits(31))
        sample = clips.batch(training.batch, number_of_sources(training, plan) if options.stage == "all" else 1, rng)
        task = draw_task(sample, number, configuration, training, options.stage, plan, rng).to(device)
        with torch.autocast(device.type, dtype=torch.bfloat16):
            losses, rebuilt, truth = forward(sample.to(device), task)
        total, rate = sum(weights[name] * value for name, value in losses.items()), learning_rate(progress, number, training.rate)
        norm = optimizer.step(total, rate)
        average.update(network)
        if judge:
            with torch.autocast(device.type, dtype=torch.bfloat16):
                losses["discriminator"] = judge_forward(rebuilt, truth)
            judging.step(losses["discriminator"], learning_rate(progress, number, training.discriminator_rate))
        folder.record({"total": total} | losses | {"norm": norm})
        state["step"] += 1
        state["pictures"] += training.batch * world
        state["seconds"], stop = clock.tick(state["step"], device)
        progress = how_far(state, options)
        ending = progress >= 1 or stop
        if rank == 0 and state["step"] % 20 == 0:
            print(folder.write_losses(state["step"], state["seconds"] / 60, rate), flush=True)
        if rank == 0 and (state["step"] % options.save_every == 0 or ending):
            with clock.saving():
                state["skipped"] = int(optimizer.skipped.item())
                folder.save({name: part.state_dict() for name, part in parts.items()} | {name: part.state() for name, part in optimizers.items()} | {"updates": average.updates, "state": state}, average.network.state_dict())
        if rank == 0 and (state["step"] % options.sheet_every == 0 or ending):
            with clock.saving():
                write_sheet(average.network, shown.to(device), options.out / "sheet.png")
                folder.plot()
    return 0


def open_clips(options: argparse.Namespace, configuration: Configuration, training: Training, device: torch.device) -> Clips:
    """The clips; on a GPU whose free memory they fill by less than half, held there."""
    clips = Clips(options.clips, options.extra_clips, training, configuration.side, configuration.cell)
    if device.type == "cuda" and DeviceStorage.bytes_needed(clips.main + clips.extra, configuration.side, clips.with_flow) < torch.cuda.mem_get_info(device)[0] / 2:
        clips.hold(device)
    return clips


def how_far(state: dict, options: argparse.Namespace) -> float:
    """What part of the run is done, by its minutes or steps."""
    minutes = state["seconds"] / 60 / options.minutes if options.minutes else 0.0
    return max(minutes, state["step"] / options.steps if options.steps else 0.0)


class Clock:
    """The seconds of the run, the first process's in all of them, and when to stop: after a signal to any process, or when the time limit comes near."""

    def __init__(self, before: float, limit: float, device: torch.device):
        self.before, self.limit, self.begin, self.seconds = before, limit, time.monotonic(), before
        self.stopping = threading.Event()
        self.last, self.longest_step, self.longest_save = self.begin, 0.0, 0.0
        self.every = 10 if device.type == "cuda" else 1
        """Steps between looks at the other processes' clocks: on a GPU each look waits for all that was asked for."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: self.stopping.set())

    def saving(self) -> "Clock":
        """What is done inside `with` is the end of a run, too, and its time is allowed for."""
        return self

    def __enter__(self):
        self.save_began = time.monotonic()

    def __exit__(self, *_):
        self.longest_save = max(self.longest_save, time.monotonic() - self.save_began)
        self.last += time.monotonic() - self.save_began

    def near_the_limit(self, now: float) -> bool:
        """Whether another `every` steps, and saving, might not fit any more: five seconds and a twentieth are kept free."""
        needed = 5 + 0.05 * self.limit + 2 * self.every * self.longest_step + 2 * (self.longest_save or 3)
        return self.limit > 0 and now - STARTED + needed > self.limit

    def tick(self, step: int, device: torch.device) -> tuple[float, bool]:
        """Seconds of the run, and whether to stop, after a step."""
        if step % self.every:
            return self.seconds, False
        if device.type == "cuda":
            torch.cuda.synchronize(device)
        now = time.monotonic()
        self.longest_step, self.last = max(self.longest_step, (now - self.last) / self.every), now
        self.seconds, stop = self.before + now - self.begin, self.stopping.is_set() or self.near_the_limit(now)
        if distributed.is_initialized():
            clock, told = torch.tensor([self.seconds], dtype=torch.float64, device=device), torch.tensor([float(stop)], device=device)
            distributed.broadcast(clock, 0)
            distributed.all_reduce(told)
            self.seconds, stop = clock.item(), told.item() > 0
        return self.seconds, stop


if __name__ == "__main__":
    sys.exit(main())
