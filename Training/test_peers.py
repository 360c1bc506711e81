"""Tests of the peer that speed is measured against."""
import torch

from peers import PUBLISHED_GMAC, Generator, examples, inverse, multiply_adds, places


def test_cost_is_as_published():
    whole, rest = Generator(), Generator(cached=True)
    # The convolutions; the published number also counts normalisation, activation and pooling.
    assert 0.96 * PUBLISHED_GMAC < multiply_adds(whole, examples(False)) / 1e9 <= PUBLISHED_GMAC
    fall = 64 ** 2 * 256 * 128 * 9 * 4 + 256 ** 2 * 128 * 64 * 9 + 256 ** 2 * 64 * 3 * 49
    assert multiply_adds(whole, examples(False)) - multiply_adds(rest, examples(True)) == fall


def test_inverse():
    m = torch.randn(5, 2, 2, dtype=torch.float64)
    torch.testing.assert_close(inverse(m), torch.linalg.inv(m))


def test_equal_keypoints_move_nothing():
    network = Generator().motion.eval()
    torch.manual_seed(2)
    locations, jacobians = torch.rand(1, 10, 2) - 0.5, torch.eye(2).expand(1, 10, 2, 2) + torch.randn(1, 10, 2, 2) * 0.1
    with torch.no_grad():
        flow, visible = network(torch.rand(1, 3, 64, 64), locations, jacobians, locations, jacobians)
    torch.testing.assert_close(flow[0], places(64), atol=1e-4, rtol=0)
    assert visible.shape == (1, 1, 64, 64)
