"""What one training step does: what it is told to do, and all its losses."""
import math
import random
from dataclasses import dataclass, replace

import torch
import torch.nn as nn
from torch import Tensor

from config.base import Configuration, Training
from data.clips import Sample, box_masks, face_boxes, similarity, transform, transform_points
from data.mesh import KEYPOINT_VERTICES
from discriminator import Discriminator, adversarial_loss
from losses import FeatureDifference, PerceptualDistance, flow_error, keypoint_targets, mean_known, mesh_error, opening_error, picture_loss, repulsion
from layers import cut, shrink
from model import Network

LOCATION_STEP = 1 / 128
"""Width of the noise on a location, in -1...1 units: one pixel of 256, as much as coarse coding (`Protocol/keypoints.md`) leaves."""
STRENGTH_LEVELS = 8
"""Levels that strengths are rounded to, rather coarser than what coding leaves."""


def quantised(locations: Tensor, strengths: Tensor) -> tuple[Tensor, Tensor]:
    """Keypoints with about as much error as coding leaves: uniform noise of one step for the locations; strengths rounded, their gradients passed unchanged."""
    noise = (torch.rand_like(locations) - 0.5) * LOCATION_STEP
    levels = STRENGTH_LEVELS - 1
    return locations + noise, strengths + ((strengths * levels).round() / levels - strengths).detach()


@dataclass
class Task:
    """What one step does with its samples."""

    window: tuple[int, int, int] | None = None
    """The part of the picture that is rebuilt, (top, left, side) in cells of 8x8 pixels; None: all of it."""
    moves: Tensor | None = None
    """Transformations [B, 2, 3] for the equivariance loss."""
    drop: tuple[int, ...] = ()
    """Parts of the face (0, 1 eyes, 2 mouth) whose keys are left out: semantic dropout (3.3)."""
    kept: Tensor | None = None
    """With how many of the keypoints, the first ones, each sample [B] must do: nested dropout (Rippel et al., ICML 2014). The strengths of the others are 0."""
    stage: str = "all"
    """What is trained: `keypoints` alone, by the mesh; also where the network looks, by mesh and flow (`attention`); or `all`."""
    adversarial: bool = False
    """The discriminator's losses count."""

    def to(self, device: torch.device) -> "Task":
        """The same with its tensors on a device."""
        move = lambda tensor: None if tensor is None else tensor.to(device, non_blocking=True)
        return replace(self, moves=move(self.moves), kept=move(self.kept))


def choose_window(sample: Sample, grid: int, rng: random.Random, about_face: float, multiple: int = 1) -> tuple[int, int, int]:
    """Half of a picture's `grid` of cells, in a share `about_face` of the cases about an eye or a corner of the mouth of some sample of the batch; its edges are multiples of `multiple`. Landmarks must be on the CPU."""
    side = grid // 2
    x, y = sample.landmarks[rng.randrange(len(sample.landmarks)), -1, rng.choice([0, 1, 3, 4])].tolist()
    if math.isnan(x) or rng.random() >= about_face:
        x, y = rng.uniform(-1, 1), rng.uniform(-1, 1)
    left, top = (round(((v + 1) / 2 * grid - side / 2 + rng.uniform(-3, 3)) / multiple) * multiple for v in (x, y))
    return min(max(top, 0), grid - side), min(max(left, 0), grid - side), side


def number_of_sources(training: Training, plan: random.Random) -> int:
    """How many sources the samples of a step have."""
    return plan.choices(training.sources, training.source_shares[:len(training.sources)])[0]


def draw_task(sample: Sample, number: int, configuration: Configuration, training: Training, stage: str, plan: random.Random, rng: random.Random) -> Task:
    """What the step of a number does. `plan` is the same in all processes, for what costs time; `rng` is this process's own. Tensors are on the CPU."""
    size, weights, task = len(sample.landmarks), training.loss_weights(), Task(stage=stage)
    if plan.random() < training.window_share and stage == "all":
        task.window = choose_window(sample, configuration.side // 8, rng, training.face_windows, max(1, configuration.cell // 8))
    if (number % training.equivariance_every == 0 or stage == "keypoints") and "equivariance" in weights:
        task.moves = torch.stack([similarity(rng.uniform(0.8, 1.2), rng.uniform(-0.3, 0.3), rng.uniform(-0.2, 0.2), rng.uniform(-0.2, 0.2)) for _ in range(size)])
    if rng.random() < training.semantic_dropout:
        task.drop = rng.choice([(0, 1), (2,), (0, 1, 2)])
    fewer = [count for count in (5, 10, 15) if count < configuration.keypoints]
    if training.nested and fewer and configuration.strengths:
        task.kept = torch.tensor([rng.choice(fewer) if rng.random() < training.nested else configuration.keypoints for _ in range(size)])
    task.adversarial = number >= training.discriminator_alone and bool({"gan", "features"} & set(weights))
    return task


class TrainingStep(nn.Module):
    """All losses of one batch, so that DistributedDataParallel sees one forward pass."""

    def __init__(self, network: Network, training: Training, distance: PerceptualDistance | None, vgg: FeatureDifference | None = None, discriminator: Discriminator | None = None):
        super().__init__()
        self.network, self.recipe, self.weights = network, training, training.loss_weights()
        self._judges = distance, vgg, discriminator      # in a tuple: their weights are not this module's, and not to be told to other processes

    def forward(self, sample: Sample, task: Task) -> tuple[dict[str, Tensor], Tensor | None, Tensor | None]:
        """The losses of a batch, unweighted; the rebuilt pictures, without gradients, and the true ones, of the task's window."""
        (distance, vgg, discriminator), recipe = self._judges, self.recipe
        net, pictures, cell = self.network, sample.pictures, self.network.configuration.cell
        (b, m), n, side = pictures.shape[:2], pictures.shape[1] - 1, pictures.shape[-1]
        locations, strengths = net.detector(pictures.flatten(0, 1))
        locations, found = locations.unflatten(0, (b, m)), strengths.unflatten(0, (b, m))
        strengths = found
        if task.kept is not None:
            strengths = found * (torch.arange(found.shape[2], device=found.device) < task.kept[:, None, None])
        part = tuple(v * 8 / side for v in task.window) if task.window else (0.0, 0.0, 1.0)
        losses, rebuilt, truth = {}, None, None
        if task.stage == "attention":
            attended, displacement, pixels = net.look(pictures, locations, strengths)
            losses["l1_grid"] = (pixels - shrink(pictures[:, n], cell)).abs().mean()
            losses |= self.teach_motion("", displacement, sample) | self.teach_motion("_attended", attended, sample)
        elif task.stage == "all":
            sources = net.encode(pictures[:, :n], locations[:, :n], strengths[:, :n])
            boxes = face_boxes(sample.landmarks)
            dropped = None
            if task.drop:
                dropped = box_masks(boxes[:, :n, list(task.drop)].flatten(0, 1), side // cell).unflatten(0, (b, n)).flatten(2)
            out = net.generator(sources, *quantised(locations[:, n], strengths[:, n]), net.attention, task.window, dropped)
            truth, weight = pictures[:, n], 1 + (recipe.face_weight - 1) * box_masks(boxes[:, n], side)[:, None]
            if task.window:
                truth, weight = (cut(t, tuple(8 * v for v in task.window)) for t in (truth, weight))
            rebuilt = out["picture"]
            losses |= picture_loss(set(self.weights), distance, rebuilt, out["warped"], truth, weight / weight.mean())
            if vgg is not None:
                losses["vgg"] = vgg(rebuilt, truth)
            if task.adversarial:
                losses |= adversarial_loss(discriminator, rebuilt, truth)
            losses |= self.teach_motion("", out["displacement"], sample) | self.teach_motion("_attended", out["attended"], sample)
            losses |= self.teach_motion("_fine", out["fine_displacement"], sample, part)
            rebuilt = rebuilt.detach()
        losses |= self.teach_keypoints(locations, found, sample)
        if task.moves is not None:
            moved, _ = net.detector(transform(pictures[:, n], task.moves))
            losses["equivariance"] = (transform_points(moved, task.moves) - locations[:, n]).abs().mean()
        return {name: value for name, value in losses.items() if name in self.weights}, rebuilt, truth

    def teach_motion(self, name: str, displacement: Tensor, sample: Sample, part: tuple[float, float, float] = (0.0, 0.0, 1.0)) -> dict[str, Tensor]:
        """What mesh and flow say about displacements [B, N, 2, h, w] of a part of the picture (upper and left edge and side, as shares); `name` is added to the losses' names."""
        losses, taught = {}, set(self.recipe.teachers)
        if "mesh" in taught and "mesh" + name in self.weights:
            losses["mesh" + name] = mesh_error(displacement, part, sample.mesh)
        if "flow" in taught and "flow" + name in self.weights:
            grid = sample.flow.shape[2]
            flow = cut(sample.flow.movedim(-1, 2), tuple(round(v * grid) for v in part)).movedim(2, -1)
            factor = displacement.shape[-1] // flow.shape[2]
            losses["flow" + name] = flow_error(shrink(displacement.flatten(0, 1), factor).unflatten(0, displacement.shape[:2]) if factor > 1 else displacement, flow, part)
        return losses

    def teach_keypoints(self, locations: Tensor, strengths: Tensor, sample: Sample) -> dict[str, Tensor]:
        """What the mesh says about keypoints, [B, M, K, 2] and [B, M, K], and what keeps the others apart."""
        losses, free = {}, list(range(locations.shape[2]))
        if "mesh" in self.recipe.teachers:
            targets = keypoint_targets(sample.mesh, sample.flipped, locations.shape[2])
            losses["keypoints"] = mean_known((locations - torch.nan_to_num(targets)).abs(), ~targets.isnan())
            losses["opening"] = opening_error(strengths, sample.openness)
            free = [k for k in free if k not in KEYPOINT_VERTICES]
        losses["repulsion"] = repulsion(locations[:, -1], free)
        return losses
