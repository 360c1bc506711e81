"""How weights change: learning rates, steps that are left out, and the moving average. Nothing here waits for the device."""
import copy
import math

import torch
import torch.nn as nn
from torch import Tensor

from model import Network


def learning_rate(progress: float, step: int, peak: float) -> float:
    """Linear warm-up over 50 steps, then half a cosine down to 2 % of the peak."""
    return peak * min(1.0, (step + 1) / 50) * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * min(progress, 1.0))))


def freeze(network: Network, parts: tuple[str, ...]) -> None:
    """Keeps the weights and batch statistics of parts of a network as they are."""
    for part in parts:
        getattr(network, part).eval().requires_grad_(False)


def parameter_groups(network: Network) -> list[dict]:
    """Parameters that are trained, by their share of the learning rate. Adam moves every weight equally far, so layers of many small, alike inputs must move less: the detector's first one sees each
    pixel of a 4x4 block, and without this, training diverged after some 300 steps."""
    groups = {1.0: [], 0.6: [], 0.1: []}
    for name, parameter in network.named_parameters():
        if not parameter.requires_grad:
            continue
        share = 0.1 if name.startswith("detector.hourglass.entry") else 0.6 if name.startswith(("detector", "attention.position")) else 1.0
        groups[share].append(parameter)
    return [{"params": parameters, "share": share} for share, parameters in groups.items() if parameters]


class Optimizer:
    """Adam with a limit to the gradient's norm. Leaves out steps whose norm is not a number, or six times what is usual."""

    LIMIT, WILD = 2.0, 6.0

    def __init__(self, groups: list[dict], betas: tuple[float, float]):
        self.adam = torch.optim.Adam(groups, 1e-3, betas=betas, fused=True)
        self.parameters = [p for group in self.adam.param_groups for p in group["params"]]
        device = self.parameters[0].device
        self.usual, self.skipped = torch.full((), math.nan, device=device), torch.zeros((), device=device)

    def step(self, total: Tensor, rate: float) -> Tensor:
        """Changes the weights by the gradients of a total loss; returns their norm."""
        self.adam.zero_grad(set_to_none=True)
        total.backward()
        norm = nn.utils.clip_grad_norm_(self.parameters, self.LIMIT)
        for group in self.adam.param_groups:
            group["lr"] = rate * group["share"]
        # The fused step looks at `found_inf` on the device, as it does for gradient scaling.
        self.adam.found_inf = self.judge(norm)
        self.adam.step()
        return norm

    def judge(self, norm: Tensor) -> Tensor:
        """1 for a norm that is wild, else 0. Follows what is usual; a lasting rise is let through in the end. Gradients are shared, so that all processes come to the same."""
        usual = torch.where(self.usual.isnan(), norm, self.usual)
        wild = ~norm.isfinite() | (norm > self.WILD * usual)
        self.usual = torch.where(wild, usual * 1.05, 0.98 * usual + 0.02 * norm)
        self.skipped = self.skipped + wild
        return wild.float()

    def state(self) -> dict:
        """All that goes on from step to step."""
        return {"adam": self.adam.state_dict(), "usual": self.usual, "skipped": self.skipped}

    def restore(self, state: dict) -> None:
        """Goes on from a state."""
        groups = [kept | {"share": mine["share"], "fused": True, "foreach": None} for kept, mine in zip(state["adam"]["param_groups"], self.adam.param_groups)]
        self.adam.load_state_dict({"state": state["adam"]["state"], "param_groups": groups})
        self.usual, self.skipped = state["usual"].to(self.usual.device), state["skipped"].to(self.usual.device)


class MovingAverage:
    """Exponential moving average of a network's weights and batch statistics."""

    def __init__(self, network: nn.Module, decay: float):
        self.network, self.decay, self.updates = copy.deepcopy(network).eval().requires_grad_(False), decay, 0

    @torch.no_grad()
    def update(self, network: nn.Module) -> None:
        """Moves towards the network; faster at the beginning."""
        self.updates += 1
        decay = min(self.decay, (1 + self.updates) / (10 + self.updates))
        pairs = list(zip(self.network.state_dict().values(), network.state_dict().values()))
        floating = [(mine, theirs) for mine, theirs in pairs if mine.is_floating_point() and mine.numel()]
        torch._foreach_lerp_([mine for mine, _ in floating], [theirs for _, theirs in floating], 1 - decay)
        for mine, theirs in pairs:
            if not mine.is_floating_point():
                mine.copy_(theirs)
