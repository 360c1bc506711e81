"""What coding does to keypoints, by the independent implementation of Protocol/keypoints.md."""
import sys
from pathlib import Path

import torch
from torch import Tensor

sys.path.append(str(Path(__file__).resolve().parents[1] / "Protocol" / "vectors"))

import keypoint_coding  # noqa: E402

SOURCE_STEP = 0
"""Step index of a source's keypoints, as the programs send them."""


class Wire:
    """Codes keypoints with the tables of a file, driving ones with a step index 0...15, and decodes them. Each driving picture is a unit of its own, predicted from the first source: what the
    picture loses hardly depends on the prediction, only the rate does. Throws `ValueError` for a file that holds no tables."""

    def __init__(self, tables: Path, step: int):
        try:
            self.tables = keypoint_coding.Tables(tables.read_bytes())
        except keypoint_coding.Malformed as error:
            raise ValueError(f"{tables} holds no keypoint tables ({error})") from error
        self.encoder, self.step = keypoint_coding.Encoder(self.tables), step

    def source(self, locations: Tensor, strengths: Tensor) -> list[int]:
        """The decoded state of a source's keypoints [K, 2] and [K]. Throws `ValueError` where the tables are of another number of keypoints."""
        if len(strengths) != self.tables.count:
            raise ValueError(f"the tables are of {self.tables.count} keypoints, the network has {len(strengths)}")
        return self._coded(locations, strengths, SOURCE_STEP, keypoint_coding.MEAN, self.tables.mean)

    def driving(self, locations: Tensor, strengths: Tensor, source: list[int]) -> list[int]:
        """The decoded state of a driving picture's keypoints [K, 2] and [K], predicted from a source's."""
        return self._coded(locations, strengths, self.step, keypoint_coding.SOURCE, source)

    def _coded(self, locations: Tensor, strengths: Tensor, step: int, reference, state: list[int]) -> list[int]:
        values = torch.cat([locations, strengths[:, None]], 1).flatten().tolist()
        unit, _ = self.encoder.encode([keypoint_coding.whole(values)], step, reference, state)
        return keypoint_coding.decode(self.tables, unit, 1, reference, state)[0]


def shown(states: list[list[int]]) -> tuple[Tensor, Tensor]:
    """Locations [n, K, 2] and strengths [n, K] of states."""
    values = torch.tensor([keypoint_coding.shown(state) for state in states]).unflatten(1, (-1, 3))
    return values[..., :2].contiguous(), values[..., 2].contiguous()
