"""The configuration that ships: 256x256, at most 25 ms a picture with three sources on one core in bf16."""
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Configuration:
    """Sizes of the network. Every other size follows from these."""

    name: str = "realtime"
    side: int = 256
    """Side of a picture in pixels."""
    keypoints: int = 20
    """Number of keypoints, K."""
    gaussians: tuple[float, ...] = (0.1, 0.35, 0.05)
    """Standard deviations of the Gaussian maps in -1...1 units. (The paper has one, of variance 0.01, that is 0.1.)"""
    fine_gaussian: float = 0.04
    """Standard deviation of the maps that the decoder sees at a quarter of the picture."""
    query_size: int = 32
    """Components of a query and of a key, d."""
    extra_keys: int = 64
    """Learned extra key-value pairs, about 6 % of the keys of one source."""
    widths: tuple[int, int, int] = (128, 64, 32)
    """Channels at 1/8 (the attention grid), 1/4 and 1/2 of the picture."""
    detector_widths: tuple[int, ...] = (32, 64, 96, 128)
    """Channels of the keypoint detector's hourglass, from 1/4 of the picture down."""
    attention_widths: tuple[int, ...] = (32, 64, 96)
    """Channels of the query and key U-Nets, from the attention grid down."""

    @property
    def grid(self) -> int:
        """Side of the attention grid: 1/8 of the picture's."""
        return self.side // 8

    def describe(self) -> dict:
        """The sizes as plain values, for checkpoints and for the metadata of exported files."""
        return asdict(self)


configuration = Configuration()
