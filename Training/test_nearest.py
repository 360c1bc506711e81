"""Which sources a picture is rebuilt from."""
import torch

from nearest import USED, chosen, preference, spread


def poses():
    """Driving keypoints [1, 20, 2] and [1, 20], and sources [1, 4, 20, 3]: the same; moved by ten pixels; its mouth wide open; turned and moved."""
    torch.manual_seed(1)
    locations, strengths = torch.rand(1, 20, 2) - 0.5, torch.full((1, 20), 0.2)
    same = torch.cat([locations, strengths[..., None]], -1)
    moved, opened, turned = same.clone(), same.clone(), same.clone()
    moved[..., :2] += 10 / 128
    opened[..., 6, 2] = 1.0
    turned[..., 0] = turned[..., 0] * 0.5 + 10 / 128
    return locations, strengths, torch.stack([turned, moved, same, opened], 1)


def test_spread_is_that_of_the_receiver():
    locations, strengths, points = poses()
    far = spread(points, locations, strengths)[0]
    # Keypoints.spread: the root of ten pixels on either axis, of 1 + 0.6 * 2; strengths count by a third of three.
    torch.testing.assert_close(far[1].item(), 200 ** 0.25 / 2.2, atol=2e-3, rtol=0)
    torch.testing.assert_close(far[3].item(), 0.8 / 3 / 2.2, atol=2e-3, rtol=0)
    assert far[2] < 2e-3 and far[0] > far[1], "turned and moved is farther than moved"


def test_the_nearest_are_chosen_and_preferred():
    locations, strengths, points = poses()
    assert chosen(points, locations, strengths).tolist() == [[2, 3]] and USED == 2
    assert chosen(points[:, :1], locations, strengths).tolist() == [[0]]
    factors = preference(points, locations, strengths, 10.0)
    assert factors.shape == (1, 4, 1, 1, 1) and factors[0, 2] == 1
    assert (factors.flatten().argsort(descending=True)[:2] == torch.tensor([2, 3])).all()
    assert torch.equal(preference(points, locations, strengths, 0.0).flatten(), torch.ones(4))
