"""Tests of a training step, of how weights change, and of short trainings."""
import copy
import csv
import math
import os
import random
import signal
import subprocess
import sys
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest
import torch

import tensors
import train
from config.base import LossWeights, Training
from data.clips import Sample
from data.flow import prepare
from data.mesh import VERTICES
from discriminator import Discriminator, DiscriminatorStep, adversarial_loss
from losses import PerceptualDistance
from layers import cell_centres
from model import Network
from optimise import MovingAverage, Optimizer, freeze, learning_rate, parameter_groups
from step import STRENGTH_LEVELS, Task, TrainingStep, choose_window, draw_task, quantised
from test_clips import write_prepared

SMALL = ["side=64", "keypoints=6", "query_size=8", "extra_keys=4", "widths=16,8,8", "detector_widths=8,8", "attention_widths=8,8", "batch=2", "discriminator_widths=8,8", "weights.lpips=0", "weights.lpips_half=0", "weights.lpips_warped=0"]
"""Settings for a network that trains in seconds, without others' weights."""


def test_learning_rate_rises_and_falls():
    assert learning_rate(0, 0, 1.0) < 0.05 < learning_rate(0, 60, 1.0) == 1.0
    assert learning_rate(1, 60, 1.0) < 0.03
    assert learning_rate(3, 60, 1.0) == learning_rate(1, 60, 1.0)


def test_quantising_passes_gradients():
    locations, strengths = torch.zeros(2, 5, 2, requires_grad=True), torch.rand(2, 5, requires_grad=True)
    l, s = quantised(locations, strengths)
    (l.sum() + s.sum()).backward()
    assert (locations.grad == 1).all() and (strengths.grad == 1).all()
    levels = s.detach() * (STRENGTH_LEVELS - 1)
    assert (levels - levels.round()).abs().max() < 1e-5 and l.abs().max() <= 1 / 256


def one_weight() -> tuple[torch.nn.Parameter, Optimizer]:
    """A weight of 0 and its optimizer."""
    weight = torch.nn.Parameter(torch.zeros(1))
    return weight, Optimizer([{"params": [weight], "share": 1.0}], betas=(0.9, 0.99))


def test_wild_steps_are_left_out():
    weight, optimizer = one_weight()
    for gradient in (1.0, 1.2, 0.8):
        assert optimizer.step((weight * gradient).sum(), 0.1).item() == pytest.approx(gradient)
    before = weight.item()
    assert before < -0.2
    for gradient in (50.0, math.nan, math.inf):
        optimizer.step((weight * gradient).sum(), 0.1)
        assert weight.item() == before
    assert optimizer.skipped == 3
    optimizer.step((weight * 1.1).sum(), 0.1)
    assert weight.item() < before
    for _ in range(100):
        optimizer.step((weight * 50.0).sum(), 0.1)
    assert optimizer.skipped < 60, "a lasting rise must be let through in the end"


def test_a_first_step_that_is_no_number_is_left_out():
    weight, optimizer = one_weight()
    optimizer.step((weight * math.nan).sum(), 0.1)
    optimizer.step((weight * 1.0).sum(), 0.1)
    assert optimizer.skipped == 1 and weight.item() < 0


def test_optimizer_goes_on_from_its_state():
    (a, first), (b, second) = one_weight(), one_weight()
    for gradient in (1.0, -2.0, 0.5):
        first.step((a * gradient).sum(), 0.1)
    second.restore(copy.deepcopy(first.state()))
    b.data.copy_(a.data)
    for gradient in (0.3, 40.0, 1.0):
        first.step((a * gradient).sum(), 0.1), second.step((b * gradient).sum(), 0.1)
    assert torch.equal(a, b) and first.skipped == second.skipped == 1


def test_every_parameter_has_one_rate(tiny):
    network = Network(tiny)
    grouped = [id(p) for group in parameter_groups(network) for p in group["params"]]
    assert sorted(grouped) == sorted(id(p) for p in network.parameters())


def test_frozen_parts_stay(tiny):
    network = Network(tiny)
    freeze(network, ("detector",))
    before = {name: value.clone() for name, value in network.state_dict().items()}
    losses_of_steps(TrainingStep(network, Training(frozen=("detector",)), None), example_sample(128), 4, lambda i: Task(stage="attention"))
    changed = {name.split(".")[0] for name, value in network.state_dict().items() if not torch.equal(value, before[name])}
    assert changed == {"attention", "generator"}
    detector = {id(p) for p in network.detector.parameters()}
    assert not detector & {id(p) for group in parameter_groups(network) for p in group["params"]}
    with pytest.raises(ValueError, match="eyes"):
        Training(frozen=("eyes",))


def test_average_follows(tiny):
    network = Network(tiny)
    average = MovingAverage(network, 0.9)
    with torch.no_grad():
        for p in network.parameters():
            p.add_(1)
        network.encoder.fall_4[1].num_batches_tracked += 5
    for _ in range(100):
        average.update(network)
    for mine, theirs in zip(average.network.parameters(), network.parameters()):
        assert (mine - theirs).abs().max() < 0.01
    assert average.network.encoder.fall_4[1].num_batches_tracked == 5


def example_sample(side: int, samples: int = 2, sources: int = 2, cell: int = 8) -> Sample:
    """Smooth noise with a face whose landmarks and mesh are everywhere the same; still, so the flow is nothing."""
    m = sources + 1
    pictures = torch.nn.functional.interpolate(torch.rand(samples * m, 3, 8, 8), size=(side, side), mode="bilinear").unflatten(0, (samples, m))
    landmarks = torch.tensor([[-0.3, -0.2], [0.3, -0.2], [0.0, 0.1], [-0.2, 0.4], [0.2, 0.4]]).repeat(samples, m, 1, 1)
    mesh = torch.cat([torch.rand(VERTICES, 2) - 0.5, torch.ones(VERTICES, 1)], -1).repeat(samples, m, 1, 1)
    flow = torch.cat([cell_centres(side // cell, side // cell), torch.ones(side // cell, side // cell, 1)], -1).repeat(samples, sources, 1, 1, 1)
    return Sample(pictures, landmarks, mesh, torch.full((samples, m, 3), 0.5), flow, torch.arange(samples) % 2 == 1)


@pytest.mark.parametrize("multiple", [1, 2])
def test_windows_stay_inside(multiple):
    rng, sample = random.Random(0), example_sample(64)
    sample.landmarks[:] = torch.rand_like(sample.landmarks) * 3 - 1.5
    for _ in range(200):
        top, left, side = choose_window(sample, 32, rng, 0.5, multiple)
        assert side == 16 and 0 <= top <= 16 and 0 <= left <= 16 and top % multiple == left % multiple == 0
    sample.landmarks[:] = math.nan
    choose_window(sample, 32, rng, 0.5, multiple)


def tasks(tiny, training: Training, count: int = 300, stage: str = "all") -> list[Task]:
    """What so many steps would do."""
    sample = example_sample(64)
    return [draw_task(sample, i, tiny, training, stage, random.Random(i), random.Random(f"samples {i}")) for i in range(count)]


def test_tasks_have_their_shares(tiny):
    training = Training(window_share=0.5, semantic_dropout=0.3, nested=0.4, weights=LossWeights(gan=1.0), discriminator_alone=100)
    drawn = tasks(replace(tiny, keypoints=12), training)
    assert 110 < sum(task.window is not None for task in drawn) < 190 and 60 < sum(bool(task.drop) for task in drawn) < 120
    kept = torch.stack([task.kept for task in drawn])
    assert set(kept.unique().tolist()) == {5, 10, 12} and 0.3 < (kept < 12).float().mean() < 0.5
    assert [task.adversarial for task in drawn] == [False] * 100 + [True] * 200
    assert all((task.moves is not None) == (i % 2 == 0) for i, task in enumerate(drawn))


def test_what_is_switched_off_is_not_drawn(tiny):
    training = Training(window_share=0.0, semantic_dropout=0.0, nested=0.0, weights=LossWeights(equivariance=0.0))
    assert all(task == Task() for task in tasks(tiny, training, 30))
    assert not any(task.window for task in tasks(tiny, training, 30, stage="attention"))


def losses_of_steps(step: TrainingStep, sample: Sample, count: int, task) -> list[dict[str, float]]:
    """Losses of `count` steps of Adam, with their total; `task` gives that of each step."""
    optimizer, history = torch.optim.Adam(step.network.parameters(), 5e-3), []
    for i in range(count):
        losses, rebuilt, truth = step(sample, task(i))
        total = sum(step.weights[name] * value for name, value in losses.items())
        optimizer.zero_grad()
        total.backward()
        optimizer.step()
        history.append({name: value.item() for name, value in losses.items()} | {"total": total.item()})
    return history


def test_a_few_steps_learn(tiny, lpips):
    torch.manual_seed(0)
    moves = torch.tensor([[[1.0, 0.1, 0.0], [-0.1, 1.0, 0.1]]]).expand(2, 2, 3)
    training = Training(weights=LossWeights(gan=0.1, features=1.0))
    step = TrainingStep(Network(tiny), training, PerceptualDistance(lpips, "squeeze"), None, Discriminator((8, 8), 2))
    task = lambda i: Task(None if i % 2 else (4, 4, 8), moves, (2,) if i % 3 == 0 else (), torch.tensor([5, 3]), adversarial=True)
    history = losses_of_steps(step, example_sample(128), 12, task)
    assert all(set(losses) == {f.name for f in fields(LossWeights)} - {"l1_grid", "vgg"} | {"total"} for losses in history)
    assert sum(row["total"] for row in history[-4:]) < 0.9 * sum(row["total"] for row in history[:4])


def test_keypoints_and_attention_learn_alone(tiny):
    torch.manual_seed(0)
    network = Network(tiny)
    before = {name: p.detach().clone() for name, p in network.named_parameters()}
    history = losses_of_steps(TrainingStep(network, Training(), None), example_sample(128), 20, lambda i: Task(stage="attention"))
    assert all(set(losses) == {"l1_grid", "mesh", "mesh_attended", "flow", "flow_attended", "keypoints", "opening", "repulsion", "total"} for losses in history)
    first, last = (sum(row["total"] for row in part) for part in (history[:4], history[-4:]))
    assert last < 0.9 * first
    changed = {name.split(".")[0] for name, p in network.named_parameters() if not torch.equal(p, before[name])}
    assert changed == {"detector", "attention", "generator"} and all(torch.equal(p, before[name]) for name, p in network.named_parameters() if name.startswith("generator") and ".motion." not in name)


@pytest.mark.parametrize("cell", [4, 8, 16])
@pytest.mark.parametrize("stage", ["all", "attention", "keypoints"])
def test_teachers_can_be_left_out(tiny, cell, stage):
    """With a part of the picture, on each grid."""
    weights = LossWeights(lpips=0.0, lpips_half=0.0, lpips_warped=0.0)
    for teachers, taught in (((), set()), (("mesh",), {"mesh", "keypoints", "opening"}), (("flow",), {"flow"})):
        step = TrainingStep(Network(replace(tiny, cell=cell)), Training(teachers=teachers, weights=weights), None)
        losses, rebuilt, truth = step(example_sample(64, cell=cell), Task((2, 4, 4), drop=(0,), stage=stage))
        finer = {} if stage == "keypoints" else {"_attended"} if stage == "attention" else {"_attended", "_fine"}
        expected = taught - ({"mesh", "flow"} if stage == "keypoints" else set()) | {kind + name for kind in {"mesh", "flow"} & taught for name in finer}
        assert set(losses) == expected | {"repulsion"} | {"keypoints": set(), "attention": {"l1_grid"}, "all": {"l1", "l1_warped"}}[stage]
        assert all(value.isfinite() for value in losses.values())
        assert stage != "all" or rebuilt.shape == truth.shape == (2, 3, 32, 32)


def test_discriminator_tells_pictures_apart():
    torch.manual_seed(0)
    discriminator = Discriminator((16, 16, 16), 2)
    step, optimizer = DiscriminatorStep(discriminator), torch.optim.Adam(discriminator.parameters(), 2e-3)
    stripes = lambda: (torch.arange(32) // 2 % 2).float().expand(4, 3, 32, 32) * torch.rand(4, 3, 1, 1)
    for _ in range(30):
        loss = step(torch.rand(4, 3, 32, 32), stripes())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    assert loss < 1, "2 is what knowing nothing costs"
    fake = torch.rand(4, 3, 32, 32, requires_grad=True)
    for parameter in discriminator.parameters():
        parameter.grad = None
    losses = adversarial_loss(discriminator, fake, stripes())
    sum(losses.values()).backward()
    assert fake.grad.abs().sum() > 0 and losses["features"] > 0
    assert all(parameter.grad is None and parameter.requires_grad for parameter in discriminator.parameters())
    real = stripes()
    assert adversarial_loss(discriminator, real, real)["gan"] < losses["gan"] and adversarial_loss(discriminator, real, real)["features"] < 1e-4


# Whole trainings.


@pytest.fixture
def prepared(tmp_path):
    """A folder of prepared clips with their flow."""
    folder = tmp_path / "prepared"
    folder.mkdir()
    for name in ("a", "b", "c"):
        write_prepared(folder, name)
        prepare(folder / f"{name}.pictures.npy", 6)
    return folder


def command(prepared: Path, out: Path, *more: str, settings=()) -> list[str]:
    """Arguments of train.py for a small network."""
    return ["train.py", "--clips", str(prepared), "--out", str(out), "--threads", "1", "--set", *SMALL, *settings, *more]


def run_here(monkeypatch, arguments: list[str], stop_at: int | None = None) -> int:
    """Runs train.py in this process; as if interrupted after step `stop_at`."""
    handlers = [(number, signal.getsignal(number)) for number in (signal.SIGINT, signal.SIGTERM)]
    monkeypatch.setattr(sys, "argv", arguments)
    monkeypatch.setattr(train.Clock, "tick", lambda self, step, device: (float(step), step == stop_at))
    try:
        return train.main()
    finally:
        for number, handler in handlers:
            signal.signal(number, handler)


@pytest.mark.parametrize("settings", [(), ("weights.gan=0.1", "weights.features=1", "discriminator_alone=2")], ids=["plain", "gan"])
def test_a_resumed_run_is_the_same_as_an_uninterrupted_one(prepared, tmp_path, monkeypatch, settings):
    whole, parts, length = tmp_path / "whole", tmp_path / "parts", ("--steps", "25", "--save-every", "100", "--sheet-every", "100")
    assert run_here(monkeypatch, command(prepared, whole, *length, settings=settings)) == 0
    for stop_at in (4, 21, None):
        assert run_here(monkeypatch, command(prepared, parts, *length, settings=settings), stop_at) == 0
    a, b = (torch.load(folder / "checkpoint.pt", weights_only=True) for folder in (whole, parts))
    assert a["state"] == b["state"] and a["state"]["step"] == 25 and a["pending"] == b["pending"] and len(a["pending"]) == 5
    for name in {"network", "average", "discriminator"} & set(a):
        assert all(torch.equal(x, y) for x, y in zip(a[name].values(), b[name].values())), name
    assert ("discriminator" in a) == bool(settings)
    assert (whole / "losses.csv").read_text() == (parts / "losses.csv").read_text()
    assert all(torch.equal(x, y) for x, y in zip(tensors.load(whole / "weights.safetensors")[0].values(), tensors.load(parts / "weights.safetensors")[0].values()))


def test_the_folder_of_a_run(prepared, tmp_path, monkeypatch):
    out = tmp_path / "run"
    assert run_here(monkeypatch, command(prepared, out, "--steps", "41", "--stage", "attention")) == 0
    with (out / "losses.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["step"] for row in rows] == ["20", "40"]
    assert set(rows[0]) == {"step", "minutes", "rate", "total", "l1_grid", "mesh", "mesh_attended", "flow", "flow_attended", "keypoints", "opening", "repulsion", "equivariance", "norm"}
    from PIL import Image
    sheet = Image.open(out / "sheet.png")
    assert sheet.size == (8 * 64, (2 + 4 + 2) * 64 + 16) and len(sheet.getcolors(1 << 20)) > 1000
    pytest.importorskip("matplotlib")
    assert Image.open(out / "losses.png").size[0] > 400
    begun = tmp_path / "begun"
    assert run_here(monkeypatch, command(prepared, begun, "--steps", "1", "--weights", str(out / "weights.safetensors"))) == 0
    assert tensors.load(begun / "weights.safetensors")[1]["earlier_step"] == 41


def test_other_configurations_are_refused(prepared, tmp_path, monkeypatch, capsys):
    out = tmp_path / "run"
    assert run_here(monkeypatch, command(prepared, out, "--steps", "2")) == 0
    assert run_here(monkeypatch, command(prepared, out, "--steps", "3", settings=["extra_keys=5"])) == 1
    assert "another configuration: extra_keys is 4 there, 5 here" in capsys.readouterr().err
    assert run_here(monkeypatch, command(prepared, out, "--steps", "3", settings=["weights.gan=1"])) == 1
    assert "made without GAN losses" in capsys.readouterr().err


@pytest.mark.parametrize("more, message", [
    ([], "one of --minutes and --steps"), (["--steps", "1", "--config", "none"], "no configuration none"), (["--steps", "1", "--set", "weights.lpips=1"], "--lpips is needed"), (["--steps", "1", "--set", "weights.vgg=1"], "--vgg FILE"),
    (["--steps", "1", "--stage", "attention", "--set", "teachers="], "at least one"),
])
def test_wrong_commands_are_explained(prepared, tmp_path, monkeypatch, capsys, more, message):
    with pytest.raises(SystemExit):
        run_here(monkeypatch, command(prepared, tmp_path / "run", *more))
    assert message in capsys.readouterr().err


def test_the_paper_trains(prepared, tmp_path, monkeypatch):
    """Its own configuration, made small; VGG-19's layout with few channels."""
    indices = [i for block in train.FeatureDifference.BLOCKS for i in block]
    torch.manual_seed(0)
    vgg = {f"features.{i}.{kind}": torch.randn(4, 3 if i == 0 else 4, 3, 3) * 0.3 if kind == "weight" else torch.zeros(4) for i in indices for kind in ("weight", "bias")}
    tensors.save(tmp_path / "vgg.safetensors", vgg, {})
    arguments = command(prepared, tmp_path / "run", "--steps", "22", "--config", "paper", "--vgg", str(tmp_path / "vgg.safetensors"), settings=["detector_widths=8,8,8"])
    assert run_here(monkeypatch, arguments) == 0
    with (tmp_path / "run" / "losses.csv").open(newline="") as file:
        assert {"vgg", "gan", "features", "equivariance", "discriminator"} < set(next(csv.DictReader(file)))


def test_time_limit_leaves_room(monkeypatch):
    monkeypatch.setattr(train, "STARTED", 1000.0)
    handlers = [(number, signal.getsignal(number)) for number in (signal.SIGINT, signal.SIGTERM)]
    clock = train.Clock(0.0, 100.0, torch.device("cpu"))
    for number, handler in handlers:
        signal.signal(number, handler)
    clock.longest_step, clock.longest_save = 2.0, 4.0
    assert not clock.near_the_limit(1075.0) and clock.near_the_limit(1080.0)
    clock.longest_step = 10.0
    assert clock.near_the_limit(1065.0)
    clock.limit = 0
    assert not clock.near_the_limit(9999.0), "no limit"


def test_two_processes_until_the_time_limit(prepared, tmp_path):
    """In processes of their own, whose start and imports count."""
    out = tmp_path / "run"
    arguments = command(prepared, out, "--steps", "1000000", "--time-limit", "30", "--sheet-every", "1000000", "--save-every", "1000000", settings=["weights.gan=0.1", "weights.features=1", "discriminator_alone=0"])
    launch = [sys.executable, "-m", "torch.distributed.run", "--nproc-per-node", "2", "--master-port", str(random.randint(20000, 60000))]
    result = subprocess.run(launch + arguments, cwd=Path(__file__).parent, capture_output=True, text=True, env=os.environ | {"OMP_NUM_THREADS": "1"}, timeout=90)
    assert result.returncode == 0, result.stderr
    _, state = tensors.load(out / "weights.safetensors")
    assert state["step"] > 0 and state["pictures"] == 4 * state["step"] and state["seconds"] < 30
    assert torch.load(out / "checkpoint.pt", weights_only=True)["state"]["step"] == state["step"]
