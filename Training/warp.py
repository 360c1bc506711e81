"""Reading sources where the attention looks, and mixing what was read (3.2 of the paper that `model.py` names). Shapes as there."""
import torch
import torch.nn.functional as F
from torch import Tensor

from layers import cell_centres, cut, enlarge_exactly, sample


def settled(displacement: Tensor, least: float) -> Tensor:
    """Displacements [B, N, 2, h, w] with those far shorter than `least` brought to nothing: a still background is read exactly where it is, and so stays sharp and still."""
    squared = displacement.square().sum(2, keepdim=True)
    return displacement * (squared / (squared + least ** 2)) if least else displacement


class Warp:
    """Where the attention looks: for each source its mass [B, N, 1, h, w], and locations [B, N, h, w, 2] as own place plus displacement.

    Displacements are what is enlarged and corrected: they are small, so that rounding them to bf16 costs little.
    """

    def __init__(self, mass: Tensor, displacement: Tensor, window: tuple[int, int, int], grid: int):
        self.mass, self.displacement, self.window, self.grid = mass, displacement, window, grid

    def enlarged(self) -> "Warp":
        """The same at twice the resolution."""
        field = torch.cat([self.displacement, self.mass], 2)
        field = enlarge_exactly(field.flatten(0, 1)).unflatten(0, field.shape[:2])
        return Warp(field[:, :, 2:], field[:, :, :2], tuple(2 * v for v in self.window), 2 * self.grid)

    def part(self, window: tuple[int, int, int]) -> "Warp":
        """A square part (top, left, side) of the whole, in cells."""
        return Warp(cut(self.mass, window), cut(self.displacement, window), window, self.grid)

    def corrected(self, correction: Tensor, preference: Tensor, least: float, sharpness: float, nearer: Tensor | None = None) -> "Warp":
        """Moved by corrections [B, N, 2, h, w], the mass shifted between sources by preferences [B, N, 1, h, w] (natural logarithms); then `sharpened`."""
        return Warp(self.mass.clamp(min=1e-4) * preference.exp(), self.displacement + correction, self.window, self.grid).sharpened(least, sharpness, nearer)

    def sharpened(self, least: float, sharpness: float, nearer: Tensor | None = None) -> "Warp":
        """Motion far shorter than `least` taken off; the mass raised to the power of `sharpness`, which leaves mostly one source: a mixture of two that do not fit exactly is a blur. `nearer` [B, N, 1, 1, 1]
        is what it is multiplied by then (`nearest.preference`)."""
        mass = self.mass.clamp(min=1e-8)
        mass = (mass / mass.amax(1, keepdim=True)) ** sharpness
        if nearer is not None:
            mass = mass * nearer
        return Warp(mass / mass.sum(1, keepdim=True), settled(self.displacement, least), self.window, self.grid)

    def read(self, features: Tensor) -> Tensor:
        """Features [B, N, C, H, W] of the sources read where the attention looks and mixed by its mass: [B, C, h, w]."""
        return self.mix(self.read_each(features))

    def mix(self, read: Tensor) -> Tensor:
        """What was read of each source [B, N, C, h, w], mixed by the mass: [B, C, h, w]."""
        return (read * self.mass.float()).sum(1)

    def read_doubled(self, features: Tensor) -> Tensor:
        """As `read`, of features [B, N, C, 2 H, 2 W] as `doubled` makes them."""
        # There the centre of a cell of H x W lies on a value; half a step up and left of where centres of a picture of that size are.
        shift = 1 / features.shape[-1]
        return Warp(self.mass, self.displacement - shift, self.window, self.grid).read(features)

    def variance_kept(self, mixed: Tensor) -> Tensor:
        """What was mixed [B, C, h, w], its detail, what differs from the mean of 3x3 places, brought back to the contrast that it has in one source.

        Sources never lie exactly upon each other. Detail that has nothing to do with each other, mixed by masses m, keeps but the share sqrt(sum of m^2) of its contrast (Heitz and Neyret,
        "High-Performance By-Example Noise using a Histogram-Preserving Blending Operator", 2018, section 4): a blur that grows with every source. Colours, which do agree, stay as they are.
        """
        lost = self.mass.float().square().sum(1).clamp(min=1e-4).rsqrt() - 1                    # [B, 1, h, w]
        return mixed + lost * (mixed - F.avg_pool2d(mixed, 3, 1, 1, count_include_pad=False))

    def read_each(self, features: Tensor) -> Tensor:
        """Features [B, N, C, H, W] of the sources read where the attention looks: [B, N, C, h, w]."""
        b, n = features.shape[:2]
        top, left, side = self.window
        own = cell_centres(self.grid, self.grid, features.device)[top:top + side, left:left + side]
        locations = own + self.displacement.float().permute(0, 1, 3, 4, 2)
        return sample(features.flatten(0, 1), locations.flatten(0, 1)).unflatten(0, (b, n))
