"""A patch discriminator at several scales and its losses, as of face-vid2vid (Wang, Mallya, Liu, CVPR 2021) and SPADE (Park et al., CVPR 2019): hinge loss and differences of features."""
import torch
import torch.nn as nn
import torch.nn.functional as F
from torch import Tensor
from torch.nn.utils.parametrizations import spectral_norm

from layers import shrink


class PatchDiscriminator(nn.Module):
    """Convolutions with spectral and instance normalisation that judge each patch of a picture."""

    def __init__(self, widths: tuple[int, ...]):
        super().__init__()
        layers, inputs = [], 3
        for i, width in enumerate(widths):
            stride = 1 if i == len(widths) - 1 else 2
            convolution = spectral_norm(nn.Conv2d(inputs, width, 4, stride, 2))
            layers.append(nn.Sequential(convolution, nn.InstanceNorm2d(width) if i else nn.Identity(), nn.LeakyReLU(0.2)))
            inputs = width
        self.layers = nn.ModuleList(layers)
        self.verdict = spectral_norm(nn.Conv2d(inputs, 1, 4, 1, 2))

    def forward(self, x: Tensor) -> list[Tensor]:
        """Features of each layer of pictures [n, 3, h, w], then verdicts [n, 1, h', w']: positive means real."""
        results = []
        for layer in self.layers:
            x = layer(x)
            results.append(x)
        return results + [self.verdict(x)]


class Discriminator(nn.Module):
    """Patch discriminators of a picture and of smaller copies of it."""

    def __init__(self, widths: tuple[int, ...], scales: int):
        super().__init__()
        self.judges = nn.ModuleList(PatchDiscriminator(widths) for _ in range(scales))

    def forward(self, pictures: Tensor) -> list[list[Tensor]]:
        """Results of each scale, see `PatchDiscriminator`, of pictures [n, 3, h, w] in 0...1."""
        results, x = [], pictures * 2 - 1
        for judge in self.judges:
            results.append(judge(x))
            x = shrink(x, 2)
        return results


class DiscriminatorStep(nn.Module):
    """The discriminator's own loss, so that DistributedDataParallel sees one forward pass."""

    def __init__(self, discriminator: Discriminator):
        super().__init__()
        self.discriminator = discriminator

    def forward(self, rebuilt: Tensor, truth: Tensor) -> Tensor:
        """Hinge loss: verdicts on true pictures above 1, on rebuilt ones below -1, cost nothing."""
        scales = self.discriminator(torch.cat([rebuilt, truth]))
        verdicts = [results[-1].float().chunk(2) for results in scales]
        return sum(F.relu(1 + fake).mean() + F.relu(1 - real).mean() for fake, real in verdicts) / len(verdicts)


def adversarial_loss(discriminator: Discriminator, rebuilt: Tensor, truth: Tensor) -> dict[str, Tensor]:
    """`gan`, how far verdicts on rebuilt pictures [n, 3, h, w] are from real, and `features`, the mean absolute difference of what the discriminator sees in them and in the true ones. Its own weights learn nothing from it."""
    parameters = list(discriminator.parameters())
    for parameter in parameters:
        parameter.requires_grad_(False)
    fakes = discriminator(rebuilt)
    with torch.no_grad():
        reals = discriminator(truth)
    for parameter in parameters:
        parameter.requires_grad_(True)
    features = [(p.float() - q.float()).abs().mean() for fake, real in zip(fakes, reals) for p, q in zip(fake[:-1], real[:-1])]
    return {"gan": -sum(fake[-1].float().mean() for fake in fakes) / len(fakes), "features": sum(features) / len(features)}
