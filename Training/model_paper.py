"""The paper's own encoder and decoder (Mallya, Wang, Liu, NeurIPS 2022, sections 3.2 to 3.4), on detector and attention of `model.py`, whose shapes and words hold here too.

Everything passes through the attention, on a grid of 1/4 of the picture: no finer features, no sampled pixels, no corrections. Where the paper names no size, FOMM's is taken.
"""
import torch
import torch.nn as nn
import torch.nn.functional as F
from torch import Tensor

from config.base import Configuration
from layers import ConvolutionBlock, ResidualBlock, cut, enlarge, shrink
from model import Attention, residual_branch


class Encoder(nn.Module):
    """Everything of a source that does not depend on the driving picture."""

    def __init__(self, configuration: Configuration):
        super().__init__()
        c4, c2, c1 = configuration.widths
        self.values = nn.Sequential(nn.Conv2d(3, c1, 7, 1, 3), nn.BatchNorm2d(c1), nn.ReLU(True), ConvolutionBlock(c1, c2, 2), ConvolutionBlock(c2, c4, 2))

    def forward(self, picture: Tensor, locations: Tensor, strengths: Tensor, attention: Attention) -> dict[str, Tensor]:
        """A picture [n, 3, R, R] and its keypoints to `keys` [n, P, d + 4], `values` [n, P, C + d + 3] (value, key and pixel of each place) and `offsets` [n, 2, G, G]."""
        values, pixels = self.values(picture), shrink(picture, 4)
        maps = attention.maps(locations, strengths, values.shape[-1])
        keys = attention.keys(maps, pixels)
        rows = torch.cat([values.float(), keys, pixels.float()], 1).flatten(2).transpose(1, 2)
        with torch.autocast(maps.device.type, enabled=False):
            widened = attention.widen_keys(keys.flatten(2).transpose(1, 2))
        return {"keys": widened, "values": rows, "offsets": attention.offsets(maps, widened)}


class Decoder(nn.Module):
    """Encoded sources and driving keypoints to a picture: residual branch, eight residual blocks, two enlargements (3.4)."""

    def __init__(self, configuration: Configuration):
        super().__init__()
        c4, c2, c1 = configuration.widths
        self.grid, self.channels = configuration.grid, c4
        self.residual = residual_branch(configuration) if configuration.residual else None
        self.refine = nn.Sequential(*(ResidualBlock(c4) for _ in range(8)))
        self.rise_2, self.rise_1 = ConvolutionBlock(c4, c2), ConvolutionBlock(c2, c1)
        self.exit = nn.Conv2d(c1, 3, 7, 1, 3)

    def forward(self, sources: dict[str, Tensor], locations: Tensor, strengths: Tensor, attention: Attention,
                window: tuple[int, int, int] | None = None, dropped: Tensor | None = None) -> dict[str, Tensor]:
        """As `Generator.forward`; `warped` are the pixels on the attention grid, enlarged, and `fine_displacement` is the same as `displacement`."""
        maps = attention.maps(locations, strengths, self.grid)
        queries = attention.queries(maps)
        warped, _, displacement = attention.look(sources, maps, queries, dropped)
        x, pixels = warped[:, :self.channels], warped[:, -3:]
        if self.residual is not None:
            x = x + self.residual(torch.cat([warped[:, self.channels:], queries], 1))
        fine = displacement
        if window:
            quarter = tuple(2 * v for v in window)
            x, pixels, fine = cut(x, quarter), cut(pixels, quarter), cut(displacement, quarter)
        x = self.rise_1(enlarge(self.rise_2(enlarge(self.refine(x)))))
        pixels = F.interpolate(pixels, scale_factor=4.0, mode="bilinear", align_corners=False)
        return {"picture": torch.sigmoid(self.exit(x).float()), "warped": pixels, "attended": displacement, "displacement": displacement, "fine_displacement": fine}
