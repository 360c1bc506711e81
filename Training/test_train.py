"""Tests of the training loop's parts, and of one short training."""
import math
import random

import torch

from data.clips import Sample
from data.mesh import VERTICES
from model import Network, cell_centres
from train import STRENGTH_LEVELS, WEIGHTS, MovingAverage, TrainingStep, accept, choose_window, learning_rate, parameter_groups, quantised


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


def test_wild_steps_are_left_out():
    state = {}
    assert all(accept(norm, state) for norm in (1.0, 1.2, 0.8))
    assert not accept(50.0, state) and not accept(math.nan, state)
    assert state["skipped"] == 2 and accept(1.1, state)
    assert any(accept(50.0, state) for _ in range(100)), "a lasting rise must be let through in the end"


def test_every_parameter_has_one_rate(tiny):
    network = Network(tiny)
    grouped = [id(p) for group in parameter_groups(network) for p in group["params"]]
    assert sorted(grouped) == sorted(id(p) for p in network.parameters())


def test_average_follows(tiny):
    network = Network(tiny)
    average = MovingAverage(network, 0.9)
    with torch.no_grad():
        for p in network.parameters():
            p.add_(1)
    for _ in range(100):
        average.update(network)
    for mine, theirs in zip(average.network.parameters(), network.parameters()):
        assert (mine - theirs).abs().max() < 0.01


def example_sample(side: int, samples: int = 2, sources: int = 2) -> Sample:
    """Smooth noise with a face whose landmarks and mesh are everywhere the same; still, so the flow is nothing."""
    m = sources + 1
    pictures = torch.nn.functional.interpolate(torch.rand(samples * m, 3, 8, 8), size=(side, side), mode="bilinear").unflatten(0, (samples, m))
    landmarks = torch.tensor([[-0.3, -0.2], [0.3, -0.2], [0.0, 0.1], [-0.2, 0.4], [0.2, 0.4]]).repeat(samples, m, 1, 1)
    mesh = torch.cat([torch.rand(VERTICES, 2) - 0.5, torch.ones(VERTICES, 1)], -1).repeat(samples, m, 1, 1)
    flow = torch.cat([cell_centres(side // 8, side // 8), torch.ones(side // 8, side // 8, 1)], -1).repeat(samples, sources, 1, 1, 1)
    return Sample(pictures, landmarks, mesh, torch.full((samples, m, 3), 0.5), flow, torch.arange(samples) % 2 == 1)


def test_windows_stay_inside():
    rng, sample = random.Random(0), example_sample(64)
    sample.landmarks[:] = torch.rand_like(sample.landmarks) * 3 - 1.5
    for _ in range(200):
        top, left, side = choose_window(sample, 32, rng)
        assert side == 16 and 0 <= top <= 16 and 0 <= left <= 16
    sample.landmarks[:] = math.nan
    choose_window(sample, 32, rng)


def losses_of_steps(step: TrainingStep, sample: Sample, count: int, arguments) -> list[dict[str, float]]:
    """Losses of `count` steps of Adam, with their total; `arguments` gives those of each step."""
    optimizer, history = torch.optim.Adam(step.network.parameters(), 5e-3), []
    for i in range(count):
        losses = step(sample, *arguments(i))
        total = sum(WEIGHTS[name] * value for name, value in losses.items())
        optimizer.zero_grad()
        total.backward()
        optimizer.step()
        history.append({name: value.item() for name, value in losses.items()} | {"total": total.item()})
    return history


def test_a_few_steps_learn(tiny, lpips):
    torch.manual_seed(0)
    moves = torch.tensor([[[1.0, 0.1, 0.0], [-0.1, 1.0, 0.1]]]).expand(2, 2, 3)
    arguments = lambda i: (None if i % 2 else (4, 4, 8), moves, (2,) if i % 3 == 0 else (), 4.0, False, torch.tensor([5, 3]))
    history = losses_of_steps(TrainingStep(Network(tiny), lpips), example_sample(128), 12, arguments)
    assert all(set(losses) == set(WEIGHTS) - {"l1_grid"} | {"total"} for losses in history)
    assert sum(row["total"] for row in history[-4:]) < 0.9 * sum(row["total"] for row in history[:4])


def test_keypoints_and_attention_learn_alone(tiny, lpips):
    torch.manual_seed(0)
    network = Network(tiny)
    before = {name: p.detach().clone() for name, p in network.named_parameters()}
    history = losses_of_steps(TrainingStep(network, lpips), example_sample(128), 20, lambda i: ((2, 3, 8), None, (), 4.0, True, None))
    assert all(set(losses) == {"l1_grid", "mesh", "flow", "keypoints", "opening", "repulsion", "total"} for losses in history)
    first, last = (sum(row["total"] for row in part) for part in (history[:4], history[-4:]))
    assert last < 0.9 * first
    changed = {name.split(".")[0] for name, p in network.named_parameters() if not torch.equal(p, before[name])}
    assert changed == {"detector", "attention"}
