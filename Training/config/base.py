"""What a configuration holds: the network's sizes and switches, and how it is trained. The defaults are those of `realtime`, which ships."""
from dataclasses import asdict, dataclass, field, fields


@dataclass(frozen=True)
class Configuration:
    """Sizes and switches of the network. Every other size follows from these."""

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
    """Learned extra key-value pairs (3.3), about 6 % of the keys of one source; 0: none."""
    extra_values: int = 8
    """Components of the extra keys' values where the sources' values are `read`: with how far the extra keys were chosen, what the decoder is told of places that no source shows. (Where values
    are `attended` the extra ones have as many components as the others, as in the paper.)"""
    widths: tuple[int, int, int] = (128, 64, 32)
    """Channels at 1/8, 1/4 and 1/2 of the picture; of the `paper` decoder at 1/4, 1/2 and 1/1."""
    detector_widths: tuple[int, ...] = (32, 64, 96, 128)
    """Channels of the keypoint detector's hourglass, from 1/4 of the picture down."""
    attention_widths: tuple[int, ...] = (32, 64, 96)
    """Channels of the query and key U-Nets, from the attention grid down."""
    decoder: str = "detail"
    """`detail`: finer features and pixels are fetched where the attention points, the decoder adds to them. `paper`: eight residual blocks on the attention grid and two enlargements (3.4)."""
    cell: int = 8
    """Side of a cell of the attention grid in pixels: 4, 8 or 16."""
    detector_sees: str = "pixels"
    """What the detector's hourglass gets at 1/4 of the picture: all `pixels`, as 4x4 blocks, or their `means`, as in the paper."""
    strengths: bool = True
    """Whether keypoints have strengths (3.1); else all are 1."""
    score: str = "distance"
    """Score of a query and a key: their negative squared `distance`, or their `dot` product, as in the paper (3.2)."""
    temperature: float = 60.0
    """What the score is multiplied by at first (the dot product by twice that); learned from there."""
    shared_map: bool = True
    """Whether queries and keys begin as one linear map of the Gaussian maps, to which the U-Nets learn to add; else the U-Nets alone make them, as in the paper."""
    positions: bool = True
    """Whether queries and keys have learned position embeddings (3.2)."""
    values: str = "read"
    """How values come to where they are used: `attended`, mixed by the attention's weights as in the paper (3.2), or `read` where the attention, made precise, looks: sharper, and without the largest of
    the attention's products."""
    residual: bool = True
    """Whether warped keys and pixels and the queries, through a small network, are added to the warped values (3.3)."""
    joined: bool = True
    """Whether the `detail` decoder gets the warped keys and pixels and the driving maps beside the warped values as well."""
    motion_widths: tuple[int, ...] = (32, 48, 64)
    """Channels of the U-Net that makes displacements precise, from the attention grid down; empty: the attention's displacements are taken as they are."""
    settle: float = 1.0
    """Displacements far shorter than this many pixels (of 256) become nothing; 0: none do."""
    sharpness: float = 16.0
    """Power that makes the choice among sources at a quarter of the picture sharp; 1: sources are mixed by the attention's masses."""
    doubled: bool = True
    """Whether the sources' pixels are read from pictures of twice the size, made by cubic interpolation, which keeps them sharp."""
    nearness: float = 10.0
    """How much the choice among sources prefers those whose pose is nearest: a source counts less by e for each 1/nearness that it is farther (`nearest.py`); 0: the attention alone decides."""
    variance_kept: bool = True
    """Whether the contrast that fine detail loses where pixels of several sources are mixed is given back (variance-preserving blending); without it each further source blurs a little more."""
    offsets: bool = True
    """Whether it is taken off what the attention is off by where a picture drives itself."""

    def __post_init__(self):
        for name, allowed in (("decoder", ("detail", "paper")), ("cell", (4, 8, 16)), ("detector_sees", ("pixels", "means")), ("score", ("distance", "dot")), ("values", ("attended", "read"))):
            if getattr(self, name) not in allowed:
                raise ValueError(f"{name} is {getattr(self, name)!r}, must be one of {', '.join(map(str, allowed))}")
        if self.decoder == "paper" and self.cell != 4:
            raise ValueError(f"the paper's decoder begins at a quarter of the picture: cell must be 4, is {self.cell}")
        if self.decoder == "paper" and self.values != "attended":
            raise ValueError("the paper's decoder begins with attended values: values must be attended")
        coarsest = max(self.cell * 2 ** (len(self.attention_widths) - 1), 4 * 2 ** (len(self.detector_widths) - 1), 16)
        if self.side % coarsest:
            raise ValueError(f"side is {self.side}, must be a multiple of {coarsest}, the coarsest step of these networks")

    @property
    def grid(self) -> int:
        """Side of the attention grid, G."""
        return self.side // self.cell

    @property
    def unseen(self) -> int:
        """Channels that tell the decoder of what no source shows: the extra keys' mass and values, where these are not mixed with the others."""
        return 1 + self.extra_values if self.values == "read" and self.extra_keys and self.extra_values else 0

    def describe(self) -> dict:
        """The sizes and switches as plain values, for checkpoints and for the metadata of exported files."""
        return asdict(self)

    @classmethod
    def of(cls, description: dict) -> "Configuration":
        """The configuration of a `describe()`, which may have been written as JSON, and by an earlier version: what that did not describe is as it was then. Throws `ValueError`."""
        description = {RENAMED.get(name, name): value for name, value in description.items()}
        known = {f.name for f in fields(cls)}
        if unknown := sorted(set(description) - known):
            raise ValueError(f"a configuration of a later version: {', '.join(unknown)} not known here")
        return cls(**{name: tuple(value) if isinstance(value, list) else value for name, value in (EARLIER | description).items()})

    def differences(self, description: dict) -> list[str]:
        """What is different in another's `describe()`, in words, names left out."""
        mine, other = self.describe(), Configuration.of(description).describe()
        plain = lambda value: list(value) if isinstance(value, tuple) else value
        return [f"{name} is {plain(other[name])} there, {plain(value)} here" for name, value in mine.items() if name != "name" and value != other[name]]


EARLIER = {"values": "attended", "extra_values": 0, "motion_widths": (), "settle": 0.0, "sharpness": 1.0, "doubled": False, "variance_kept": False, "nearness": 0.0}
"""Fields that came later and whose default is not what the network did before."""

RENAMED = {"bicubic": "doubled"}
"""Fields that had another name."""


class OtherConfiguration(Exception):
    """Weights or a checkpoint were made with another configuration, with what differs."""

    def __init__(self, path, differences: list[str]):
        super().__init__(f"{path} was made with another configuration: {'; '.join(differences)}. Choose it by --config and --set, or begin from other weights.")


@dataclass(frozen=True)
class LossWeights:
    """What each loss is multiplied by; 0 leaves it out. `losses.py` says what they are."""

    l1: float = 4.0
    """Of the rebuilt picture, eyes and mouth counting more."""
    l1_warped: float = 2.0
    """Of the sources' pixels as warped."""
    lpips: float = 1.5
    """LPIPS with SqueezeNet."""
    lpips_half: float = 1.5
    """The same at half the size."""
    lpips_warped: float = 0.5
    """The same of the sources' pixels as warped."""
    vgg: float = 0.0
    """Features of VGG-19, the paper's perceptual loss; needs --vgg."""
    gan: float = 0.0
    """Hinge loss against the patch discriminator."""
    features: float = 0.0
    """Differences of the discriminator's features."""
    l1_grid: float = 4.0
    """Of the pixels mixed on the attention grid, where keypoints and attention are trained alone."""
    mesh: float = 4.0
    """How far displacements on the attention grid send vertices of the face mesh from where they are."""
    mesh_attended: float = 1.0
    """The same of the attention's own, before they are made precise."""
    mesh_fine: float = 4.0
    """The same after the correction at a quarter of the picture."""
    flow: float = 6.0
    """How far displacements on the attention grid are from optical flow."""
    flow_attended: float = 1.0
    """The same of the attention's own."""
    flow_fine: float = 6.0
    """The same after the correction."""
    keypoints: float = 4.0
    """How far keypoints are from the vertices that they are drawn to."""
    opening: float = 0.5
    """How far three strengths are from how far mouth and eyes are open."""
    equivariance: float = 2.0
    """How far keypoints are from moving with the picture (3.4)."""
    repulsion: float = 2.0
    """How much keypoints crowd."""


@dataclass(frozen=True)
class Training:
    """How the network is trained."""

    weights: LossWeights = field(default_factory=LossWeights)
    batch: int = 8
    """Samples a step and process."""
    rate: float = 3e-4
    """Peak learning rate."""
    average: float = 0.998
    """Decay of the moving average of the weights."""
    sources: tuple[int, ...] = (1, 2, 3)
    """Numbers of sources of a sample..."""
    source_shares: tuple[float, ...] = (0.4, 0.2, 0.4)
    """...and how often each is drawn."""
    teachers: tuple[str, ...] = ("mesh", "flow")
    """Which teachers say where one picture's places are in another."""
    frozen: tuple[str, ...] = ()
    """Parts of the network that stay as they are: detector, attention, encoder, generator. (With the detector, what follows from where keypoints lie stays valid: the tables of keypoint coding.)"""
    nested: float = 0.2
    """Share of samples that must do with the first 5, 10 or 15 keypoints (nested dropout)."""
    semantic_dropout: float = 0.12
    """Share of steps in which the keys of eyes, mouth or both are left out (3.3)."""
    window_share: float = 0.85
    """Share of steps that rebuild a quarter of the picture only."""
    face_windows: float = 0.5
    """Share of those parts that lie about an eye or the mouth; the others lie anywhere. (Hair, shoulders and background make three quarters of LPIPS.)"""
    compressed: float = 0.7
    """Share of sources that went through AV1."""
    as_filmed: float = 0.85
    """Share of samples without zoom, turn and shift of each picture on its own."""
    apart: float = 1.0
    """How much the pictures of the other samples are zoomed, turned and shifted against each other."""
    extra_share: float = 0.15
    """Share of samples from --extra-clips."""
    face_weight: float = 4.0
    """How much more a pixel of eyes and mouth counts."""
    equivariance_every: int = 2
    """The equivariance loss is computed in each so-many-th step."""
    discriminator_widths: tuple[int, ...] = (64, 128, 256, 512)
    """Channels of the patch discriminator, each layer half the size of the one before."""
    discriminator_scales: int = 2
    """Sizes of the picture that are judged, each half of the one before."""
    discriminator_alone: int = 500
    """Steps in which the discriminator learns before its losses count."""
    discriminator_rate: float = 2e-4
    """Peak learning rate of the discriminator."""

    def __post_init__(self):
        if len(self.source_shares) < len(self.sources):
            raise ValueError(f"{len(self.sources)} numbers of sources need as many source_shares, there are {len(self.source_shares)}")
        if unknown := set(self.teachers) - {"mesh", "flow"}:
            raise ValueError(f"unknown teachers {', '.join(sorted(unknown))}: there are mesh and flow")
        if unknown := set(self.frozen) - {"detector", "attention", "encoder", "generator"}:
            raise ValueError(f"unknown frozen parts {', '.join(sorted(unknown))}: there are detector, attention, encoder and generator")

    def describe(self) -> dict:
        """All values as plain ones, for checkpoints."""
        return asdict(self)

    def loss_weights(self) -> dict[str, float]:
        """The losses that count, by name."""
        return {f.name: getattr(self.weights, f.name) for f in fields(self.weights) if getattr(self.weights, f.name)}
