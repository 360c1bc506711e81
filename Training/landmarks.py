"""Five landmarks of a face (eyes, nose, corners of the mouth) by MTCNN (Zhang et al., 2016), for losses on regions and for the average keypoint distance.

Weights: a safetensors file with `pnet.*`, `rnet.*`, `onet.*` in the layout of facenet-pytorch. One face a picture is expected: the best one is kept.
"""
import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

import tensors

LEFT_EYE, RIGHT_EYE, NOSE, LEFT_MOUTH, RIGHT_MOUTH = range(5)
"""Order of the landmarks; left is the picture's left."""


def suppress(boxes: np.ndarray, scores: np.ndarray, limit: float, count: int) -> np.ndarray:
    """Indices of at most `count` boxes [n, 4], best first, without those that overlap a better one by more than `limit`."""
    order, kept = np.argsort(-scores), []
    area = (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])
    while len(order) and len(kept) < count:
        best, rest = order[0], order[1:]
        kept.append(best)
        low, high = np.maximum(boxes[best, :2], boxes[rest, :2]), np.minimum(boxes[best, 2:], boxes[rest, 2:])
        common = np.prod(np.maximum(high - low, 0), 1)
        order = rest[common / (area[best] + area[rest] - common + 1e-6) <= limit]
    return np.array(kept, int)


def square(boxes: np.ndarray) -> np.ndarray:
    """Boxes [n, 4] made square about their centres."""
    centre, side = (boxes[:, :2] + boxes[:, 2:]) / 2, (boxes[:, 2:] - boxes[:, :2]).max(1, keepdims=True)
    return np.concatenate([centre - side / 2, centre + side / 2], 1)


class LandmarkDetector:
    """MTCNN's three networks in evaluation. `smallest` is the least side of a face in pixels."""

    def __init__(self, path: str, smallest: int = 48):
        self.weights, self.smallest = tensors.load(path)[0], smallest

    def _convolve(self, x: Tensor, network: str, index: int) -> Tensor:
        w = self.weights
        x = F.conv2d(x, w[f"{network}.conv{index}.weight"], w[f"{network}.conv{index}.bias"])
        return F.prelu(x, w[f"{network}.prelu{index}.weight"])

    def _dense(self, x: Tensor, name: str) -> Tensor:
        return F.linear(x, self.weights[name + ".weight"], self.weights[name + ".bias"])

    def _propose(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """P-Net: probabilities [n, h, w] and box corrections [n, 4, h, w]."""
        x = F.max_pool2d(self._convolve(x, "pnet", 1), 2, 2, ceil_mode=True)
        x = self._convolve(self._convolve(x, "pnet", 2), "pnet", 3)
        w = self.weights
        scores = F.conv2d(x, w["pnet.conv4_1.weight"], w["pnet.conv4_1.bias"]).softmax(1)[:, 1]
        return scores, F.conv2d(x, w["pnet.conv4_2.weight"], w["pnet.conv4_2.bias"])

    def _refine(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """R-Net on [n, 3, 24, 24]: probabilities [n] and box corrections [n, 4]."""
        x = F.max_pool2d(self._convolve(x, "rnet", 1), 3, 2, ceil_mode=True)
        x = F.max_pool2d(self._convolve(x, "rnet", 2), 3, 2, ceil_mode=True)
        x = self._convolve(x, "rnet", 3).permute(0, 3, 2, 1).flatten(1)
        x = F.prelu(self._dense(x, "rnet.dense4"), self.weights["rnet.prelu4.weight"])
        return self._dense(x, "rnet.dense5_1").softmax(1)[:, 1], self._dense(x, "rnet.dense5_2")

    def _locate(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """O-Net on [n, 3, 48, 48]: probabilities [n], box corrections [n, 4], landmarks [n, 5, 2] relative to the box."""
        x = F.max_pool2d(self._convolve(x, "onet", 1), 3, 2, ceil_mode=True)
        x = F.max_pool2d(self._convolve(x, "onet", 2), 3, 2, ceil_mode=True)
        x = F.max_pool2d(self._convolve(x, "onet", 3), 2, 2, ceil_mode=True)
        x = self._convolve(x, "onet", 4).permute(0, 3, 2, 1).flatten(1)
        x = F.prelu(self._dense(x, "onet.dense5"), self.weights["onet.prelu5.weight"])
        points = self._dense(x, "onet.dense6_3").unflatten(1, (2, 5)).transpose(1, 2)
        return self._dense(x, "onet.dense6_1").softmax(1)[:, 1], self._dense(x, "onet.dense6_2"), points

    def _crops(self, x: Tensor, owners: np.ndarray, boxes: np.ndarray, side: int) -> Tensor:
        """Boxes [m, 4] of pictures x[owners], resized to `side`; outside the picture its edge continues."""
        shrunk = F.interpolate(x, scale_factor=0.5, mode="area")
        size = torch.tensor([x.shape[3], x.shape[2]], dtype=torch.float32)
        box = torch.from_numpy(boxes).float().view(-1, 2, 2)
        low, high = box[:, 0] / size * 2 - 1, box[:, 1] / size * 2 - 1
        matrix = torch.zeros(len(boxes), 2, 3)
        matrix[:, 0, 0], matrix[:, 1, 1] = ((high - low) / 2).T
        matrix[:, :, 2] = (high + low) / 2
        grid = F.affine_grid(matrix, [len(boxes), 3, side, side], align_corners=False)
        large = ((box[:, 1] - box[:, 0])[:, 0] > 1.5 * side)[:, None, None, None]
        # A picture of half the size where the box shrinks by more than that: no aliasing.
        owners = torch.from_numpy(owners)
        read = [F.grid_sample(p[owners], grid, padding_mode="border", align_corners=False) for p in (shrunk, x)]
        return torch.where(large, *read)

    def _candidates(self, pictures: Tensor) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """Finds of all three networks in pictures [n, 3, h, w], several of each face: picture's index [m], score [m], box [m, 4] and landmarks [m, 5, 2] in pixels."""
        x = (pictures * 255 - 127.5) / 128
        found = [[] for _ in range(len(x))]
        scale = 12 / self.smallest
        while min(x.shape[2:]) * scale >= 12:
            small = F.interpolate(x, size=[round(v * scale) for v in x.shape[2:]], mode="area")
            scores, moves = self._propose(small)
            for i, r, c in torch.nonzero(scores > 0.6).tolist():
                corner = np.array([c * 2 + 1, r * 2 + 1, c * 2 + 12, r * 2 + 12]) / scale
                side = 12 / scale
                found[i].append(np.append(corner + moves[i, :, r, c].numpy() * side, scores[i, r, c].item()))
            scale *= 0.709
        boxes, owners = [], []
        for i, rows in enumerate(found):
            if rows:
                rows = np.array(rows)
                kept = rows[suppress(rows[:, :4], rows[:, 4], 0.6, 12)]
                boxes.append(kept[:, :4])
                owners += [i] * len(kept)
        nothing = np.zeros(0, int), np.zeros(0), np.zeros((0, 4)), np.zeros((0, 5, 2))
        if not owners:
            return nothing
        boxes, owners = square(np.concatenate(boxes)), np.array(owners)
        scores, moves = self._refine(self._crops(x, owners, boxes, 24))
        boxes = square(boxes + moves.numpy() * (boxes[:, 2:3] - boxes[:, :1]))
        good = scores.numpy() > 0.6
        boxes, owners = boxes[good], owners[good]
        if not len(owners):
            return nothing
        scores, _, points = self._locate(self._crops(x, owners, boxes, 48))
        points = points.numpy() * (boxes[:, 2:] - boxes[:, :2])[:, None] + boxes[:, None, :2]
        good = scores.numpy() > 0.7
        return owners[good], scores.numpy()[good], boxes[good], points[good]

    @torch.no_grad()
    def __call__(self, pictures: Tensor) -> Tensor:
        """Landmarks [n, 5, 2] in pixels (x, y) of the best face of each picture [n, 3, h, w] in 0...1; NaN where no face is found."""
        owners, scores, boxes, points = self._candidates(pictures)
        result = torch.full((len(pictures), 5, 2), float("nan"))
        for i in range(len(pictures)):
            mine = np.flatnonzero(owners == i)
            if len(mine):
                result[i] = torch.from_numpy(points[mine[np.argmax(scores[mine] * (boxes[mine, 2] - boxes[mine, 0]))]])
        return result

    @torch.no_grad()
    def all(self, pictures: Tensor) -> list[np.ndarray]:
        """Landmarks [m, 5, 2] in pixels of each face of each picture [n, 3, h, w], best first; only finds of 0.9 and more, since nothing says how many faces there are."""
        owners, scores, boxes, points = self._candidates(pictures)
        result = []
        for i in range(len(pictures)):
            mine = np.flatnonzero((owners == i) & (scores > 0.9))
            result.append(points[mine[suppress(boxes[mine], scores[mine], 0.4, 12)]])
        return result
