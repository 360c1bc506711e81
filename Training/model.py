"""Implicit warping, mostly on a grid of 1/8 of the picture, with finer detail fetched where the attention points.

After Mallya, Wang, Liu, "Implicit Warping for Animation with Image Sets", NeurIPS 2022; sections below are that paper's. Read from top to bottom:
keypoint detector (3.1), Gaussian maps (3.1), query and key U-Nets (3.2), one cross-attention over all sources that it is given (3.2; `nearest.py` says which), extra keys and residual branch (3.3), decoder (3.4). Much can be switched off
or exchanged by the configuration (`config/base.py`), for ablations; `model_paper.py` has the paper's own encoder and decoder.

Shapes: B samples, N sources, K keypoints, R side of a picture in pixels, G side of the attention grid, R/8 unless configured otherwise, P = G*G places on it, d size of a query, E extra keys.
Pictures are RGB in 0...1. Locations are (x, y) in -1...1, cell-centre convention (`align_corners=False`): -1 is the left or upper edge of the picture.
"""
import math

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch import Tensor

from config.base import Configuration
from layers import ConvolutionBlock, ResidualBlock, UNet, cell_centres, cut, doubled, enlarge, gaussian_maps, shrink
from nearest import preference
from warp import Warp


class KeypointDetector(nn.Module):
    """Keypoints (3.1), found without labels or, where training has a face mesh to teach, fifteen of them at places of the face: picture [B, 3, R, R] to locations [B, K, 2] and strengths [B, K] in 0...1.

    FOMM's form: K heatmaps at 1/4 of the picture, softmax, expected location; a second map for each gives the strength. Every pixel is seen:
    the picture enters as 4x4 blocks of pixels (48 channels), since lips and eyelids move by less than a cell.
    """

    def __init__(self, configuration: Configuration):
        super().__init__()
        self.keypoints, self.strengths, self.sees_pixels = configuration.keypoints, configuration.strengths, configuration.detector_sees == "pixels"
        self.hourglass = UNet(48 if self.sees_pixels else 3, configuration.detector_widths, (2 if self.strengths else 1) * self.keypoints)

    def forward(self, picture: Tensor) -> tuple[Tensor, Tensor]:
        maps = self.hourglass(F.pixel_unshuffle(picture, 4) if self.sees_pixels else shrink(picture, 4)).float()
        heat, strength = maps[:, :self.keypoints].flatten(2), maps[:, self.keypoints:].flatten(2)
        heat = F.softmax(heat, -1)
        centres = cell_centres(maps.shape[2], maps.shape[3], maps.device).reshape(-1, 2)
        with torch.autocast(picture.device.type, enabled=False):
            # Tenths of a pixel matter: sums of locations are kept in fp32.
            locations = heat @ centres
            return locations, torch.sigmoid((heat * strength).sum(-1) + 1.0) if self.strengths else torch.ones_like(locations[..., 0])


class Attention(nn.Module):
    """One cross-modal attention over the keys of all its sources at once (3.2), with learned extra keys (3.3).

    Queries come from the driving keypoints alone, keys from the source's keypoints and picture. The score of query q and key k is -|q - k|^2, both scaled by the square root of a
    learned temperature; or their dot product, as in the paper, times twice the temperature. A linear map of the Gaussian maps, shared by both sides, gives the same query and key to places that have the same relation to the keypoints: so an untrained network already
    warps a picture to itself, and the U-Nets, which end in zeros at first, learn what to change.

    The score is written as one dot product of d + 4 components whose large terms cancel inside the product's fp32 accumulator. Multiplying out instead cancels large rounded numbers
    and is badly wrong in bf16. Keys are rounded to bf16 when a source is encoded and their squared norms, of the rounded values, are split into three bf16 parts, so that an engine that rounds
    its inputs to bf16 computes the same score as one that does not. (Of the dot product the components of norms stay empty.)
    """

    def __init__(self, configuration: Configuration):
        super().__init__()
        c, d = configuration, configuration.query_size
        maps = len(c.gaussians) * c.keypoints
        self.sigmas, self.by_distance, self.takes_off_offsets = c.gaussians, c.score == "distance", c.offsets
        self.query_network = UNet(maps, c.attention_widths, d)
        self.key_network = UNet(maps + 3, c.attention_widths, d)
        self.shared = nn.Conv2d(maps, d, 1, bias=False) if c.shared_map else None
        self.position = nn.Parameter(torch.zeros(1, d, c.grid, c.grid)) if c.positions else None
        self.log_temperature = nn.Parameter(torch.tensor(math.log(c.temperature)))
        self.extra_keys = nn.Parameter(torch.randn(c.extra_keys, d) * 0.3)
        components = c.widths[0] if c.values == "attended" else c.extra_values if c.unseen else 0
        self.reads_values = c.values == "read"
        self.extra_values = nn.Parameter(torch.randn(c.extra_keys, components) * 0.1) if components else None
        self.extra_bias = nn.Parameter(torch.full((c.extra_keys,), -4.0))
        if c.shared_map:
            nn.init.orthogonal_(self.shared.weight.view(d, -1))
            for network in (self.query_network, self.key_network):
                nn.init.zeros_(network.exit.weight)
                nn.init.zeros_(network.exit.bias)

    def maps(self, locations: Tensor, strengths: Tensor, grid: int) -> Tensor:
        """Gaussian maps of every width, [B, widths * K, G, G]."""
        return torch.cat([gaussian_maps(locations, strengths, grid, sigma) for sigma in self.sigmas], 1)

    def completed(self, learned: Tensor, maps: Tensor) -> Tensor:
        """What a U-Net made of Gaussian maps, [B, d, G, G], with their linear map and the position embeddings (3.2) added; these are interpolated when the grid is not the trained one."""
        result = learned.float()
        if self.shared is not None:
            result = self.shared(maps).float() + result
        if self.position is not None:
            grid = maps.shape[-1]
            trained = grid == self.position.shape[-1]
            result = result + (self.position if trained else F.interpolate(self.position, size=(grid, grid), mode="bilinear", align_corners=False))
        return result

    def queries(self, maps: Tensor) -> Tensor:
        """Queries [B, d, G, G] of the driving Gaussian maps."""
        return self.completed(self.query_network(maps), maps)

    def keys(self, maps: Tensor, pixels: Tensor) -> Tensor:
        """Keys [B, d, G, G] of a source's Gaussian maps and of its picture on the grid, [B, 3, G, G]."""
        return self.completed(self.key_network(torch.cat([maps, pixels], 1)), maps)

    def widen_queries(self, queries: Tensor) -> Tensor:
        """[B, d, G, G] to [B, P, d + 4]: twice the scaled query; -1 against the three parts of a key's norm; its own norm, which keeps the winning scores near 0."""
        q = (queries.flatten(2) * (0.5 * self.log_temperature).exp()).transpose(1, 2)
        minus = -torch.ones_like(q[..., :3])
        norm = (q * q).sum(-1, keepdim=True) if self.by_distance else torch.zeros_like(q[..., :1])
        return torch.cat([2 * q, minus, -norm], -1)

    def widen_keys(self, keys: Tensor, bias: Tensor | None = None) -> Tensor:
        """[B, P, d] to [B, P, d + 4]: the scaled key, its squared norm (less a bias [B, P]) in three parts, and 1."""
        k = round_to_bf16(keys * (0.5 * self.log_temperature).exp())
        norm = (k * k).sum(-1, keepdim=True) if self.by_distance else torch.zeros_like(k[..., :1])
        if bias is not None:
            norm = norm - bias[..., None]
        high = round_to_bf16(norm)
        middle = round_to_bf16(norm - high)
        return torch.cat([k, high, middle, norm - high - middle, torch.ones_like(norm)], -1)

    @torch.no_grad()
    def offsets(self, maps: Tensor, keys: Tensor) -> Tensor:
        """How far off the attention's expected location is when a source drives itself, [n, 2, G, G], from its Gaussian maps and widened keys [n, P, d + 4].

        An average over soft weights leans towards where keys are crowded, by a pixel or two, and the more so at the edges. The generator takes this off again, so that a picture that
        drives itself is warped to itself.
        """
        grid = maps.shape[-1]
        if not self.takes_off_offsets:
            return torch.zeros_like(maps[:, :2])
        weights = F.softmax(self.widen_queries(self.queries(maps)) @ keys.transpose(1, 2), -1).unflatten(2, (grid, grid))
        centres = cell_centres(grid, grid, maps.device)
        # Sums, not a matrix product: engines that compute in bf16 keep these in fp32.
        x = (weights.sum(2) * centres[0, :, 0]).sum(-1)
        y = (weights.sum(3) * centres[:, 0, 1]).sum(-1)
        return (torch.stack([x, y], 2) - centres.reshape(1, -1, 2)).transpose(1, 2).unflatten(2, (grid, grid))

    def attend(self, sources: dict[str, Tensor], queries: Tensor, dropped: Tensor | None, precision: torch.dtype,
               window: tuple[int, int, int] | None = None) -> tuple[Tensor | None, Tensor, Tensor]:
        """Warped values, keys and pixels [B, C + d + 3, G, G], masses [B, N, 1, G, G] of the sources, and displacements [B, N, 2, G, G]; or those of the queries of a window.

        Where values are read afterwards, the first are those of the extra keys alone: their mass and their values, [B, 1 + extra_values, G, G], or none.
        """
        keys = sources["keys"]
        b, n, p = keys.shape[:3]
        grid = math.isqrt(p)
        top, left, side = window or (0, 0, grid)
        q = self.widen_queries(queries)                                                        # [B, P, d + 4]
        extra = self.widen_keys(self.extra_keys, self.extra_bias)
        if dropped is not None:                                                                # semantic dropout (3.3): [B, N, P] of 0 or 1
            keys = torch.cat([keys[..., :-4], keys[..., -4:-3] + 1e4 * dropped[..., None], keys[..., -3:]], -1)
        keys = torch.cat([keys.flatten(1, 2), extra[None].expand(b, -1, -1)], 1)               # [B, N*P + E, d + 4]
        # The expected location in each source and the mass on it come out of the same product as the values: columns (x, y, 1) that are zero outside their source.
        places = cell_centres(grid, grid, keys.device).reshape(1, p, 1, 2)
        columns = torch.cat([places, torch.ones_like(places[..., :1])], -1) * torch.eye(n, device=keys.device)[:, None, :, None]
        columns = columns.reshape(n * p, 3 * n)[None].expand(b, -1, -1)
        columns = F.pad(columns, (0, 0, 0, extra.shape[0]))
        weights = F.softmax(q @ keys.transpose(1, 2), -1)                                      # [B, P, N*P + E]
        if self.reads_values:
            extras = [columns]
            if self.extra_values is not None:
                own = torch.cat([torch.ones_like(self.extra_values[:, :1]), self.extra_values.float()], 1)
                extras.append(F.pad(own, (0, 0, n * p, 0))[None].expand(b, -1, -1))
            answer = (weights @ torch.cat(extras, 2)).transpose(1, 2)                          # [B, 3N + 1 + V, P]
            warped, answer = answer[:, 3 * n:] if len(extras) > 1 else None, answer[:, :3 * n]
        else:
            values = sources["values"]
            spare = F.pad(self.extra_values, (0, values.shape[-1] - self.extra_values.shape[1]))
            rows = torch.cat([values.flatten(1, 2), spare[None].expand(b, -1, -1)], 1)         # [B, N*P + E, C]
            if self.training:      # two products: the larger one may be rounded
                warped, answer = ((weights.to(precision) @ rows.to(precision)).float().transpose(1, 2), (weights @ columns).transpose(1, 2))
            else:
                warped, answer = (weights @ torch.cat([rows, columns], 2)).transpose(1, 2).split([values.shape[-1], 3 * n], 1)
        if warped is not None:
            warped = warped.unflatten(2, (side, side))
        seen = answer.unflatten(1, (n, 3)).unflatten(3, (side, side))
        mass = seen[:, :, 2:]
        own = cell_centres(grid, grid, keys.device)[top:top + side, left:left + side].permute(2, 0, 1)
        displacement = seen[:, :, :2] / (mass + 1e-6) - own
        return warped, mass / (mass.sum(1, keepdim=True) + 1e-4), displacement

    def look(self, sources: dict[str, Tensor], maps: Tensor, queries: Tensor, dropped: Tensor | None = None) -> tuple[Tensor | None, Tensor, Tensor]:
        """Where the attention looks: as `attend`, with the displacements put right."""
        grid = queries.shape[-1]
        device = maps.device.type
        precision = torch.get_autocast_dtype(device) if torch.is_autocast_enabled(device) else torch.float32
        with torch.autocast(device, enabled=False):
            warped, mass, displacement = self.attend({k: sources[k].float() for k in ("keys", "values") if k in sources}, queries, dropped, precision)
        # Take off what the attention is off by at the place that it means, which is found by repeating.
        found = displacement
        for _ in range(3 if self.takes_off_offsets else 0):
            displacement = found - Warp(mass, displacement, (0, 0, grid), grid).read_each(sources["offsets"])
        return warped, mass, displacement


def round_to_bf16(x: Tensor) -> Tensor:
    """Nearest value with 8 significant bits, by Veltkamp's splitting, which exported graphs keep; gradients pass unchanged."""
    carried = x.detach() * 65537.0
    return x + ((carried - (carried - x.detach())) - x.detach())


class SourceEncoder(nn.Module):
    """Everything of a source that does not depend on the driving picture; computed once and kept while the source is in the set."""

    def __init__(self, configuration: Configuration):
        super().__init__()
        c8, c4, c2 = configuration.widths
        self.fine_sigma = configuration.fine_gaussian
        self.fall_2 = nn.Sequential(ConvolutionBlock(12, c2), ConvolutionBlock(c2, c2))
        self.detail = nn.Conv2d(c2, c2 // 2, 1)
        self.fall_4 = ConvolutionBlock(c2, c4, 2)
        self.cell, self.doubles = configuration.cell, configuration.doubled
        self.fall_8 = ConvolutionBlock(c4, c8, 1 if self.cell == 4 else 2)
        self.fall_16 = ConvolutionBlock(c8, c8, 2) if self.cell == 16 else nn.Identity()

    def forward(self, picture: Tensor, locations: Tensor, strengths: Tensor, attention: Attention) -> dict[str, Tensor]:
        """A picture [n, 3, R, R] and its keypoints to tensors whose first dimension is n:

        - `keys` [n, P, d + 4], see `Attention.widen_keys`;
        - `values` [n, P, C8 + d + 3]: the values (3.2), then key and pixel of each place, for the residual branch (3.3); [n, C8 + d + 3, G, G] where they are read;
        - `offsets` [n, 2, G, G], see `Attention.offsets`;
        - `points` [n, K, 3]: the keypoints, x, y and strength;
        - `marks_grid` [n, 3 + K, G, G]: pixels and keypoint maps, for `MotionRefiner`;
        - `marks_4` [n, 3 + K, R/4, R/4]: the same finer, by which the decoder sees how well the warp fits;
        - `features_4` [n, C4, R/4, R/4] and `features_2` [n, C2 / 2, R/2, R/2]: features;
        - `pixels` [n, 3, 2 R, 2 R]: the picture, `doubled`, or as it is.
        """
        half = self.fall_2(F.pixel_unshuffle(picture, 2))
        quarter = self.fall_4(half)
        values = self.fall_16(self.fall_8(quarter))
        grid = values.shape[-1]
        maps = attention.maps(locations, strengths, grid)
        pixels = shrink(picture, self.cell)
        keys = attention.keys(maps, pixels)
        rows = torch.cat([values.float(), keys, pixels.float()], 1)
        if not attention.reads_values:
            rows = rows.flatten(2).transpose(1, 2)
        fine = gaussian_maps(locations, strengths, quarter.shape[-1], self.fine_sigma)
        with torch.autocast(maps.device.type, enabled=False):
            widened = attention.widen_keys(keys.flatten(2).transpose(1, 2))
        return {
            "keys": widened,
            "values": rows,
            "offsets": attention.offsets(maps, widened),
            "points": torch.cat([locations, strengths[..., None]], -1).float(),
            "marks_grid": torch.cat([pixels.float(), maps[:, :locations.shape[1]]], 1),
            "marks_4": torch.cat([shrink(picture, 4).float(), fine], 1),
            "features_4": quarter.float(),
            "features_2": self.detail(half).float(),
            "pixels": doubled(picture) if self.doubles else picture,
        }


def residual_branch(configuration: Configuration) -> nn.Sequential:
    """The residual branch (3.3): warped keys and pixels, and the queries, [B, 2 d + 3, G, G] to what is added to the warped values [B, C, G, G]; nothing at first."""
    d, values = configuration.query_size, configuration.widths[0]
    branch = nn.Sequential(nn.Conv2d(2 * d + 3, values, 1), nn.ReLU(True), nn.Conv2d(values, values, 1))
    nn.init.zeros_(branch[2].weight)
    nn.init.zeros_(branch[2].bias)
    return branch


class MotionRefiner(nn.Module):
    """Makes precise, on the attention grid, where a place of the driving picture comes from in each source.

    The attention alone is off by some two pixels everywhere, a still background included, since an average over soft weights is. So for each place and source a U-Net mixes what could be meant: standing
    still, the attention's displacement, and that of each keypoint, as in the dense motion network of Siarohin et al., "First Order Motion Model", NeurIPS 2019 (3.2); and adds a little of its own.
    """

    def __init__(self, configuration: Configuration):
        super().__init__()
        self.keypoints = k = configuration.keypoints
        self.network = UNet(3 + 2 * k + 3, configuration.motion_widths, k + 4)
        nn.init.zeros_(self.network.exit.weight)
        nn.init.zeros_(self.network.exit.bias)
        self.network.exit.bias.data[1] = 4.0      # at first, what the attention says

    def forward(self, sources: dict[str, Tensor], maps: Tensor, mass: Tensor, displacement: Tensor, locations: Tensor, strengths: Tensor) -> Tensor:
        """Displacements [B, N, 2, G, G] of the attention and its masses [B, N, 1, G, G], driving Gaussian maps of every width [B, widths * K, G, G], of which the first is used, locations
        [B, K, 2] and strengths [B, K] to better displacements [B, N, 2, G, G]. Of the sources `marks_grid` and `points` are used."""
        b, n = mass.shape[:2]
        k, grid = self.keypoints, mass.shape[-1]
        x = torch.cat([sources["marks_grid"], maps[:, None, :k].expand(-1, n, -1, -1, -1), 4 * displacement, mass], 2)
        y = self.network(x.flatten(0, 1)).float().unflatten(0, (b, n))
        points = sources["points"].float()                                                     # [B, N, K, 3]
        known = (points[..., 2] * strengths[:, None].float()).clamp(min=1e-6).log()            # a keypoint that was not sent moves nothing
        weights = F.softmax(torch.cat([y[:, :, :2], y[:, :, 2:k + 2] + known[..., None, None]], 2), 2)
        moved = (points[..., :2] - locations[:, None].float()).transpose(2, 3) @ weights[:, :, 2:].flatten(3)
        return weights[:, :, 1:2] * displacement + moved.unflatten(3, (grid, grid)) + 0.1 * torch.tanh(y[:, :, k + 2:])


class Generator(nn.Module):
    """Encoded sources and driving keypoints to a picture (3.2 to 3.4)."""

    def __init__(self, configuration: Configuration):
        super().__init__()
        c8, c4, c2 = configuration.widths
        d, k = configuration.query_size, configuration.keypoints
        maps = len(configuration.gaussians) * k
        self.fine_sigma, self.cell, self.joined = configuration.fine_gaussian, configuration.cell, configuration.joined
        self.least, self.sharpness, self.doubles = configuration.settle * 2 / 256, configuration.sharpness, configuration.doubled
        self.keeps_variance, self.nearness = configuration.variance_kept, configuration.nearness
        self.motion = MotionRefiner(configuration) if configuration.motion_widths else None
        self.residual = residual_branch(configuration) if configuration.residual else None
        self.join_8, self.refine_8 = ConvolutionBlock(c8 + (d + 3 + maps if self.joined else 0) + configuration.unseen, c8), nn.Sequential(ResidualBlock(c8), ResidualBlock(c8))
        self.rise_4 = ConvolutionBlock(c8, c4)
        self.context, self.fit = nn.Conv2d(c4 + k, c2, 3, 1, 1), nn.Conv2d(3 + k, c2, 3, 1, 1, bias=False)
        self.correction = nn.Sequential(nn.BatchNorm2d(c2), nn.ReLU(True), nn.Conv2d(c2, 4, 3, 1, 1))
        self.join_4, self.refine_4 = ConvolutionBlock(2 * c4 + k, c4), nn.Sequential(ResidualBlock(c4), ResidualBlock(c4))
        self.rise_2 = ConvolutionBlock(c4, c2)
        self.join_2, self.refine_2 = ConvolutionBlock(c2 + c2 // 2 + 12, c2), ResidualBlock(c2)
        self.exit = nn.Conv2d(c2, 28, 3, 1, 1)
        nn.init.zeros_(self.correction[2].weight)
        nn.init.zeros_(self.correction[2].bias)
        # At first the picture is the warped pixels: the mask (components 12 to 15) shows them, and nothing is added (16 and on).
        nn.init.zeros_(self.exit.weight.data[12:])
        nn.init.zeros_(self.exit.bias.data[16:])
        nn.init.constant_(self.exit.bias.data[12:16], 3.0)

    def forward(self, sources: dict[str, Tensor], locations: Tensor, strengths: Tensor, attention: Attention,
                window: tuple[int, int, int] | None = None, dropped: Tensor | None = None) -> dict[str, Tensor]:
        """Sources as `SourceEncoder` makes them but [B, N, ...], driving locations [B, K, 2] and strengths [B, K] to `picture` [B, 3, R, R].

        Also `warped`, the sources' pixels as warped [B, 3, R, R], before the decoder adds to them; `attended` [B, N, 2, G, G], where the attention looks, `displacement`, the same made precise, and
        `fine_displacement` [B, N, 2, R/4, R/4], the same as corrected. `window`, (top, left, side) in cells of 8x8 pixels, limits everything after the
        attention to a square part of the picture: training at full resolution on a part costs less. `dropped` [B, N, P] marks keys to be left out.
        """
        grid = math.isqrt(sources["keys"].shape[2])
        maps = attention.maps(locations, strengths, grid)
        queries = attention.queries(maps)
        warped, mass, attended = attention.look(sources, maps, queries, dropped)
        displacement = self.motion(sources, maps, mass, attended, locations, strengths) if self.motion else attended
        warp = Warp(mass, displacement, (0, 0, grid), grid)
        nearer = preference(sources["points"], locations, strengths, self.nearness) if self.nearness else None
        unseen = None
        if attention.reads_values:
            unseen, warped = warped, warp.sharpened(self.least, self.sharpness, nearer).read(sources["values"])
        c8 = self.refine_8[0].first.in_channels
        x = warped[:, :c8]
        if self.residual is not None:
            x = x + self.residual(torch.cat([warped[:, c8:], queries], 1))
        if self.joined:
            x = torch.cat([x, warped[:, c8:], maps], 1)
        if unseen is not None:
            x = torch.cat([x, unseen], 1)

        # 1/8, whatever the attention grid is.
        x = self.refine_8(self.join_8(enlarge(x) if self.cell == 16 else shrink(x, 2) if self.cell == 4 else x))
        fine = gaussian_maps(locations, strengths, grid * self.cell // 4, self.fine_sigma)
        if self.cell == 16:
            warp = warp.enlarged()
        if window:
            x, fine = cut(x, window), cut(fine, tuple(2 * v for v in window))
            warp = warp.part(tuple(v * 8 // min(self.cell, 8) for v in window))

        # 1/4: a small correction of where the attention looks in each source, and of which source it prefers, by what differs there.
        if self.cell != 4:
            warp = warp.enlarged()
        x = enlarge(self.rise_4(x))
        marks = warp.read_each(sources["marks_4"])
        context = self.context(torch.cat([x, fine], 1))[:, None].float()
        moved = self.correction((context + self.fit(marks.flatten(0, 1)).unflatten(0, marks.shape[:2])).flatten(0, 1)).unflatten(0, marks.shape[:2]).float()
        warp = warp.corrected(torch.tanh(moved[:, :, :2]) * 0.2, 4 * torch.tanh(moved[:, :, 2:3]), self.least, self.sharpness, nearer)
        fine_displacement = warp.displacement
        seen = torch.sigmoid(warp.mix(moved[:, :, 3:]) + 1)
        features = warp.read(sources["features_4"])
        x = self.refine_4(self.join_4(torch.cat([x, features * seen, fine], 1)))

        # 1/2, joined with the warped pixels as 2x2 blocks.
        warp, seen = warp.enlarged(), enlarge(seen)
        features = warp.read(sources["features_2"])
        warp = warp.enlarged()
        pixels = warp.read_doubled(sources["pixels"]) if self.doubles else warp.read(sources["pixels"])
        if self.keeps_variance:
            pixels = warp.variance_kept(pixels)
        x = self.join_2(torch.cat([enlarge(self.rise_2(x)), features * seen, F.pixel_unshuffle(pixels, 2)], 1))
        y = F.pixel_shuffle(self.exit(self.refine_2(x)).float(), 2)

        # 1/1: the warped pixels, painted over where the mask says so, and changed a little anywhere: the second learns first, since a mask that hides a colour also hides its gradient.
        mask = torch.sigmoid(y[:, 3:4])
        picture = mask * pixels + (1 - mask) * torch.sigmoid(y[:, :3] * 2) + torch.tanh(y[:, 4:])
        return {"picture": picture, "warped": pixels, "attended": attended, "displacement": displacement, "fine_displacement": fine_displacement}


class Network(nn.Module):
    """Detector, source encoder and generator together, as they are trained."""

    def __init__(self, configuration: Configuration):
        super().__init__()
        self.configuration = configuration
        self.detector = KeypointDetector(configuration)
        self.attention = Attention(configuration)
        if configuration.decoder == "paper":
            from model_paper import Encoder, Decoder      # which builds on this file

            self.encoder, self.generator = Encoder(configuration), Decoder(configuration)
        else:
            self.encoder, self.generator = SourceEncoder(configuration), Generator(configuration)

    def encode(self, pictures: Tensor, locations: Tensor, strengths: Tensor) -> dict[str, Tensor]:
        """Source pictures [B, N, 3, R, R] with keypoints [B, N, K, 2] and [B, N, K] to encoded sources [B, N, ...]."""
        shape = pictures.shape[:2]
        encoded = self.encoder(pictures.flatten(0, 1), locations.flatten(0, 1), strengths.flatten(0, 1), self.attention)
        return {name: tensor.unflatten(0, shape) for name, tensor in encoded.items()}

    def look(self, pictures: Tensor, locations: Tensor, strengths: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Only where the network looks: pictures [B, N + 1, 3, R, R] and keypoints [B, N + 1, K, ...], the driving ones last, to displacements [B, N, 2, G, G] as the attention has them and
        as made precise, and the mixed pixels on the grid [B, 3, G, G]."""
        b, n = pictures.shape[0], pictures.shape[1] - 1
        k, cell, attention = locations.shape[2], self.configuration.cell, self.attention
        maps = attention.maps(locations.flatten(0, 1), strengths.flatten(0, 1), pictures.shape[-1] // cell).unflatten(0, (b, n + 1))
        source_maps, driving = maps[:, :n].flatten(0, 1), maps[:, n]
        pixels = shrink(pictures[:, :n].flatten(0, 1), cell)
        keys = attention.keys(source_maps, pixels)
        with torch.autocast(maps.device.type, enabled=False):
            widened = attention.widen_keys(keys.flatten(2).transpose(1, 2))
        sources = {
            "keys": widened, "offsets": attention.offsets(source_maps, widened),
            "marks_grid": torch.cat([pixels, source_maps[:, :k]], 1), "points": torch.cat([locations[:, :n], strengths[:, :n, :, None]], -1).flatten(0, 1),
        }
        if not attention.reads_values:
            sources["values"] = F.pad(pixels.float().flatten(2).transpose(1, 2), (attention.extra_values.shape[1], 0))
        sources = {name: tensor.unflatten(0, (b, n)) for name, tensor in sources.items()}
        warped, mass, attended = attention.look(sources, driving, attention.queries(driving))
        motion = getattr(self.generator, "motion", None)
        displacement = motion(sources, driving, mass, attended, locations[:, n], strengths[:, n]) if motion else attended
        if attention.reads_values:
            warped = Warp(mass, displacement, (0, 0, mass.shape[-1]), mass.shape[-1]).read(pixels.unflatten(0, (b, n)))
        return attended, displacement, warped[:, -3:]

    def forward(self, pictures: Tensor, driving: Tensor) -> Tensor:
        """Source pictures [B, N, 3, R, R] and driving pictures [B, 3, R, R] to rebuilt ones [B, 3, R, R]."""
        shape = pictures.shape[:2]
        locations, strengths = self.detector(pictures.flatten(0, 1))
        sources = self.encode(pictures, locations.unflatten(0, shape), strengths.unflatten(0, shape))
        return self.generator(sources, *self.detector(driving), self.attention)["picture"]
