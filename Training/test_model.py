"""Tests of the network's parts."""
from dataclasses import replace

import pytest
import torch

from layers import cell_centres, doubled, enlarge, enlarge_exactly, gaussian_maps, sample
from model import Attention, Network, round_to_bf16
from warp import Warp, settled


def example(tiny, sources=2, batch=1):
    """A network in evaluation, its encoded sources and driving keypoints, all from fixed noise."""
    torch.manual_seed(3)
    network = Network(tiny).eval()
    pictures = torch.rand(batch, sources, 3, tiny.side, tiny.side)
    locations, strengths = network.detector(pictures.flatten(0, 1))
    encoded = network.encode(pictures, locations.unflatten(0, (batch, sources)), strengths.unflatten(0, (batch, sources)))
    return network, encoded, torch.rand(batch, tiny.keypoints, 2) - 0.5, torch.rand(batch, tiny.keypoints)


def test_detector_stays_in_range(tiny):
    locations, strengths = Network(tiny).detector(torch.rand(2, 3, 64, 64))
    assert locations.shape == (2, 5, 2) and strengths.shape == (2, 5)
    assert locations.abs().max() < 1 and 0 < strengths.min() and strengths.max() < 1


def test_gaussian_peaks_at_its_keypoint():
    maps = gaussian_maps(torch.tensor([[[0.25, -0.5]]]), torch.tensor([[0.8]]), 64, 0.1)[0, 0]
    y, x = divmod(maps.argmax().item(), 64)
    centre = cell_centres(64, 64)[y, x]
    assert (centre - torch.tensor([0.25, -0.5])).abs().max() <= 1 / 64 + 1e-6
    assert 0.78 < maps.max() <= 0.8


def test_reading_at_own_place_gives_the_picture():
    x = torch.rand(2, 3, 16, 24)
    read = sample(x, cell_centres(16, 24).expand(2, -1, -1, -1))
    torch.testing.assert_close(read, x, atol=1e-5, rtol=0)


def test_enlarging_by_convolution_is_bilinear():
    x = torch.randn(2, 3, 9, 7)
    torch.testing.assert_close(enlarge_exactly(x), enlarge(x), atol=1e-5, rtol=0)


def test_rounding_keeps_eight_bits():
    x = torch.randn(10_000) * 30
    assert torch.equal(round_to_bf16(x), x.bfloat16().float())


def test_score_is_negative_squared_distance(tiny):
    attention = Attention(tiny)
    queries, keys = torch.randn(1, 8, 4, 4), torch.randn(1, 16, 8)
    score = attention.widen_queries(queries) @ attention.widen_keys(keys).transpose(1, 2)
    root = (0.5 * attention.log_temperature).exp()
    q, k = queries.flatten(2).transpose(1, 2) * root, round_to_bf16(keys * root)
    torch.testing.assert_close(score, -torch.cdist(q, k) ** 2, atol=2e-2, rtol=1e-4)


def test_winning_scores_survive_bf16(tiny):
    """What an engine in bf16 computes: rounded inputs, fp32 sums, a rounded result."""
    torch.manual_seed(0)
    attention = Attention(tiny)
    keys = 2 + torch.randn(1, 256, 8) * 0.1      # norms far larger than distances, as trained keys have
    queries = (keys + torch.randn_like(keys) * 0.02).transpose(1, 2).unflatten(2, (16, 16))
    q, k = attention.widen_queries(queries), attention.widen_keys(keys)
    exact = torch.softmax(q @ k.transpose(1, 2), -1)
    rounded = torch.softmax((q.bfloat16().float() @ k.bfloat16().float().transpose(1, 2)).bfloat16().float(), -1)
    assert (exact - rounded).abs().sum(-1).mean() < 0.15
    naive = q[..., :8] @ k[..., :8].transpose(1, 2) - k[..., 8:11].sum(-1)[:, None]
    torch.testing.assert_close(torch.softmax(naive, -1), exact, atol=1e-3, rtol=1e-3)
    assert (exact - torch.softmax(naive.bfloat16().float(), -1)).abs().sum(-1).mean() > 0.5      # the trap that this form avoids


def test_untrained_attention_finds_each_place(tiny):
    """Keypoints that agree: the expected location in the source is near the place itself."""
    torch.manual_seed(1)
    network = Network(replace(tiny, keypoints=10, query_size=30)).eval()
    locations, strengths = torch.rand(1, 10, 2) * 1.6 - 0.8, torch.ones(1, 10)
    encoded = network.encode(torch.rand(1, 1, 3, 64, 64), locations[:, None], strengths[:, None])
    queries = network.attention.queries(network.attention.maps(locations, strengths, 8))
    _, mass, displacement = network.attention.attend(encoded, queries, None, torch.float32)
    assert displacement.abs().mean() < 0.25      # of 2; chance gives more than 0.6
    assert mass.shape == (1, 1, 1, 8, 8)


def test_any_number_of_sources_in_any_order(tiny):
    for count in (1, 3, 8):
        network, encoded, locations, strengths = example(tiny, count)
        picture = network.generator(encoded, locations, strengths, network.attention)["picture"]
        assert picture.shape == (1, 3, 64, 64) and picture.isfinite().all()
        swapped = {name: tensor.flip(1) for name, tensor in encoded.items()}
        torch.testing.assert_close(network.generator(swapped, locations, strengths, network.attention)["picture"], picture, atol=1e-4, rtol=0)


def test_dropped_keys_get_no_weight(tiny):
    network, encoded, locations, strengths = example(tiny, 2)
    queries = network.attention.queries(network.attention.maps(locations, strengths, 8))
    dropped = torch.zeros(1, 2, 64)
    dropped[:, 0] = 1
    _, mass, _ = network.attention.attend(encoded, queries, dropped, torch.float32)
    assert mass[:, 0].max() < 1e-6


def test_decoder_is_told_of_what_no_source_shows(tiny):
    """Where all keys of a place are left out the extra keys take its mass, and their values reach the picture."""
    network, encoded, locations, strengths = example(tiny)
    queries = network.attention.queries(network.attention.maps(locations, strengths, 8))
    network.generator.exit.weight.data.normal_(0, 0.1)
    dropped = torch.ones(1, 2, 64)
    unseen, _, _ = network.attention.attend(encoded, queries, dropped, torch.float32)
    assert unseen.shape == (1, tiny.unseen, 8, 8) and tiny.unseen == 1 + tiny.extra_values
    torch.testing.assert_close(unseen[:, 0], torch.ones(1, 8, 8))
    seen, _, _ = network.attention.attend(encoded, queries, None, torch.float32)
    assert seen[:, 0].max() < 1
    before = network.generator(encoded, locations, strengths, network.attention, dropped=dropped)["picture"]
    network.attention.extra_values.data += 1
    assert (network.generator(encoded, locations, strengths, network.attention, dropped=dropped)["picture"] - before).abs().max() > 1e-4


def test_window_is_a_part_of_the_whole(tiny):
    network, encoded, locations, strengths = example(tiny)
    network.generator.correction[2].weight.data.normal_(0, 0.1)
    whole = network.generator(encoded, locations, strengths, network.attention)
    part = network.generator(encoded, locations, strengths, network.attention, window=(2, 1, 4))
    assert part["warped"].shape == (1, 3, 32, 32)
    inside = slice(14, 18)      # away from the window's edges, where convolutions see zeros
    torch.testing.assert_close(part["warped"][:, :, inside, inside], whole["warped"][:, :, 30:34, 22:26], atol=0.05, rtol=0)


def test_training_and_evaluation_attend_alike(tiny):
    network, encoded, locations, strengths = example(tiny)
    queries = network.attention.queries(network.attention.maps(locations, strengths, 8))
    calm = network.attention.attend(encoded, queries, None, torch.float32)
    network.attention.train()
    busy = network.attention.attend(encoded, queries, None, torch.float32)
    for a, b in zip(calm, busy):
        torch.testing.assert_close(a, b, atol=1e-4, rtol=1e-4)


def test_warp_reads_displaced_pixels():
    x = torch.rand(1, 1, 3, 8, 8)
    displacement = torch.zeros(1, 1, 2, 8, 8)
    displacement[:, :, 0] = 2 / 8      # one cell to the right
    read = Warp(torch.ones(1, 1, 1, 8, 8), displacement, (0, 0, 8), 8).read(x)
    torch.testing.assert_close(read[..., :-1], x[:, 0, ..., 1:], atol=1e-5, rtol=0)


SWITCHES = [
    {}, {"residual": False}, {"joined": False}, {"extra_keys": 0}, {"extra_values": 0}, {"strengths": False}, {"positions": False}, {"score": "dot"}, {"offsets": False}, {"cell": 4}, {"cell": 16}, {"keypoints": 3}, {"shared_map": False},
    {"values": "attended"}, {"detector_sees": "means"}, {"decoder": "paper", "cell": 4, "values": "attended"}, {"decoder": "paper", "cell": 4, "values": "attended", "residual": False, "score": "dot", "gaussians": (0.1,), "shared_map": False, "extra_keys": 0},
]


@pytest.mark.parametrize("switches", SWITCHES, ids=str)
def test_every_parameter_learns(tiny, switches):
    torch.manual_seed(2)
    network = Network(replace(tiny, **switches))
    for module in network.modules():      # what is nothing at first hides the gradients of what comes before
        if isinstance(module, torch.nn.Conv2d) and not module.weight.any(dim=(1, 2, 3)).all():
            module.weight.data.normal_(0, 0.1)
    pictures = torch.rand(2, 2, 3, 64, 64)
    network(pictures, torch.rand(2, 3, 64, 64)).square().mean().backward()
    still = [name for name, p in network.named_parameters() if p.numel() and (p.grad is None or not p.grad.abs().sum() > 0)]
    # A bias before batch normalisation never matters; nothing else may be idle.
    assert all(name.endswith((".0.bias", "first.bias")) for name in still), still


@pytest.mark.parametrize("switches", SWITCHES, ids=str)
def test_parts_and_looks_of_every_kind(tiny, switches):
    """A window's shapes are a part of the whole's; looking alone finds what the whole finds."""
    configuration = replace(tiny, **switches)
    torch.manual_seed(4)
    network = Network(configuration).eval()
    pictures, window, grid = torch.rand(1, 3, 3, 64, 64), (2, 4, 4), configuration.grid
    with torch.no_grad():
        locations, strengths = (t.unflatten(0, (1, 3)) for t in network.detector(pictures[0]))
        encoded = network.encode(pictures[:, :2], locations[:, :2], strengths[:, :2])
        whole = network.generator(encoded, locations[:, 2], strengths[:, 2], network.attention)
        part = network.generator(encoded, locations[:, 2], strengths[:, 2], network.attention, window)
        attended, displacement, pixels = network.look(pictures, locations, strengths)
    assert whole["picture"].shape == whole["warped"].shape == (1, 3, 64, 64) and part["picture"].shape == part["warped"].shape == (1, 3, 32, 32)
    assert whole["displacement"].shape == part["displacement"].shape == (1, 2, 2, grid, grid)
    assert whole["fine_displacement"].shape[:3] == part["fine_displacement"].shape[:3] == (1, 2, 2) and whole["fine_displacement"].shape[-1] == 2 * part["fine_displacement"].shape[-1] == 16
    torch.testing.assert_close(displacement, whole["displacement"], atol=1e-4, rtol=0)
    torch.testing.assert_close(attended, whole["attended"], atol=1e-4, rtol=0)
    assert pixels.shape == (1, 3, grid, grid)
    assert strengths.min() == 1 if not configuration.strengths else strengths.max() < 1


def test_dot_product_score(tiny):
    attention = Attention(replace(tiny, score="dot", temperature=0.25))
    queries, keys = torch.randn(1, 8, 4, 4), torch.randn(1, 16, 8)
    score = attention.widen_queries(queries) @ attention.widen_keys(keys, torch.full((1, 16), 3.0)).transpose(1, 2)
    torch.testing.assert_close(score, 0.5 * queries.flatten(2).transpose(1, 2) @ keys.transpose(1, 2) + 3, atol=3e-2, rtol=1e-2)


def test_untrained_decoder_shows_what_was_warped(tiny):
    network, encoded, locations, strengths = example(tiny)
    out = network.generator(encoded, locations, strengths, network.attention)
    assert (out["picture"] - out["warped"]).abs().mean() < 0.03


def test_doubled_pictures_keep_what_they_were():
    x = torch.rand(2, 3, 6, 8)
    y = doubled(x)
    assert y.shape == (2, 3, 12, 16) and torch.equal(y[:, :, ::2, ::2], x)
    ramp = torch.arange(8.0).expand(1, 1, 6, 8)
    torch.testing.assert_close(doubled(ramp)[0, 0, 5, 2:-4], torch.arange(1.0, 6.0, 0.5))


@pytest.mark.parametrize("window", [(0, 0, 16), (2, 5, 8)])
def test_doubled_pictures_are_read_where_they_were(window):
    """Still parts exactly, moved ones closer to cubic interpolation than bilinear reading is."""
    torch.manual_seed(2)
    top, left, side = window
    pixels, mass = torch.rand(2, 2, 3, 16, 16), torch.full((2, 2, 1, side, side), 0.5)
    larger = doubled(pixels.flatten(0, 1)).unflatten(0, (2, 2))
    still = Warp(mass, torch.zeros(2, 2, 2, side, side), window, 16).read_doubled(larger)
    torch.testing.assert_close(still, pixels[..., top:top + side, left:left + side].mean(1), atol=1e-5, rtol=0)
    displacement = torch.rand(2, 2, 2, side, side) * 0.1
    warp = Warp(mass, displacement, window, 16)
    locations = cell_centres(16, 16)[top:top + side, left:left + side] + displacement.permute(0, 1, 3, 4, 2)
    cubic = torch.nn.functional.grid_sample(pixels.flatten(0, 1), locations.flatten(0, 1), mode="bicubic", padding_mode="border", align_corners=False).unflatten(0, (2, 2)).mean(1)
    inner = (..., slice(0, 8), slice(0, 8))
    error = lambda found: (found - cubic)[inner].abs().mean()
    assert error(warp.read_doubled(larger)) < 0.7 * error(warp.read(pixels))


def test_mixing_keeps_the_contrast_of_detail():
    """Noise of several sources that has nothing in common keeps its contrast when it is mixed; colours, and what one source alone shows, stay as they are."""
    torch.manual_seed(0)
    shares = torch.tensor([0.5, 0.3, 0.2]).view(1, 3, 1, 1, 1)
    warp = Warp(shares.expand(1, 3, 1, 64, 64), torch.zeros(1, 3, 2, 64, 64), (0, 0, 64), 64)
    noise = torch.randn(1, 3, 3, 64, 64)
    noise = noise - noise.mean((3, 4), keepdim=True)
    mixed = warp.mix(noise)
    assert mixed.std() < 0.65 * noise.std(), "averages are blurred"
    kept = warp.variance_kept(mixed)
    assert abs(kept.std() / noise.std() - 1) < 0.1
    colour = torch.rand(1, 1, 3, 1, 1).expand(1, 3, 3, 64, 64)
    torch.testing.assert_close(warp.variance_kept(warp.mix(colour)), colour[:, 0])
    alone = Warp(torch.ones(1, 1, 1, 64, 64), torch.zeros(1, 1, 2, 64, 64), (0, 0, 64), 64)
    torch.testing.assert_close(alone.variance_kept(noise[:, 0]), noise[:, 0])


def test_settled_motion():
    displacement = torch.tensor([[0.0, 0.1, 1.0, 3.0, 30.0]]).T[None, None, None] / 128 * torch.tensor([1.0, 0.0]).view(1, 1, 2, 1, 1)
    found = settled(displacement, 1 / 128)[0, 0, 0, :, 0] * 128
    torch.testing.assert_close(found, torch.tensor([0.0, 0.1 * 0.01 / 1.01, 0.5, 2.7, 30 * 900 / 901]), atol=1e-3, rtol=1e-3)
    assert torch.equal(settled(displacement, 0), displacement)


def test_values_are_read_where_the_warp_points(tiny):
    """A picture that drives itself reads its own values, but for what the attention is off by; of two like sources it does not matter which (but that detail is taken to be lost, which is asked of another test)."""
    network = Network(replace(tiny, variance_kept=False)).eval()
    picture = torch.rand(1, 3, 64, 64)
    locations, strengths = network.detector(picture)
    sources = network.encode(picture[:, None], locations[:, None], strengths[:, None])
    assert sources["values"].shape == (1, 1, tiny.widths[0] + tiny.query_size + 3, tiny.grid, tiny.grid)
    still = Warp(torch.ones(1, 1, 1, tiny.grid, tiny.grid), torch.full((1, 1, 2, tiny.grid, tiny.grid), 1e-4), (0, 0, tiny.grid), tiny.grid).sharpened(2 / 256, 16)
    torch.testing.assert_close(still.read(sources["values"]), sources["values"][:, 0], atol=1e-4, rtol=1e-4)
    twice = {name: tensor.expand(-1, 2, *tensor.shape[2:]) for name, tensor in sources.items()}
    torch.testing.assert_close(network.generator(twice, locations, strengths, network.attention)["picture"], network.generator(sources, locations, strengths, network.attention)["picture"], atol=2e-3, rtol=0)
