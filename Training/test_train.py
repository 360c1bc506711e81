"""Tests of the training loop's parts, and of one short training."""
import math
import random

import torch

from data.clips import Sample
from model import Network
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


def test_windows_stay_inside():
    rng = random.Random(0)
    sample = Sample(torch.zeros(2, 2, 3, 8, 8), torch.rand(2, 2, 5, 2) * 3 - 1.5, torch.zeros(2, 2, 7))
    for _ in range(200):
        top, left, side = choose_window(sample, 32, rng)
        assert side == 16 and 0 <= top <= 16 and 0 <= left <= 16
    sample.landmarks[:] = math.nan
    choose_window(sample, 32, rng)


def test_a_few_steps_learn(tiny, lpips):
    torch.manual_seed(0)
    step = TrainingStep(Network(tiny), lpips)
    pictures = torch.nn.functional.interpolate(torch.rand(2, 3, 3, 8, 8).flatten(0, 1), size=(128, 128), mode="bilinear").unflatten(0, (2, 3))
    landmarks = torch.tensor([[-0.3, -0.2], [0.3, -0.2], [0.0, 0.1], [-0.2, 0.4], [0.2, 0.4]]).expand(2, 3, 5, 2)
    optimizer, totals = torch.optim.Adam(step.network.parameters(), 5e-3), []
    moves = torch.tensor([[[1.0, 0.1, 0.0], [-0.1, 1.0, 0.1]]]).expand(2, 2, 3)
    for i in range(12):
        losses = step(pictures, landmarks, torch.full((2, 3, 7), 0.5), None if i % 2 else (4, 4, 8), moves, (2,) if i % 3 == 0 else (), 4.0)
        assert set(losses) == set(WEIGHTS) | {"pull", "expression"}
        total = sum(WEIGHTS[name] * losses[name] for name in WEIGHTS) + losses["pull"]
        optimizer.zero_grad()
        total.backward()
        optimizer.step()
        totals.append(total.item())
    assert sum(totals[-4:]) < 0.9 * sum(totals[:4])
