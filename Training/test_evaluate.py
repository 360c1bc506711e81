"""Tests of what is measured, and of the program that measures."""
import csv
import json
import subprocess
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.torch import load_file, save_file

import evaluate
from coding import fit
from conftest import SHARED
from data.video import ClipError
from evaluate import ClipMeter, TorchBackend, described, kinds_of, parse, read_clip, spaced
from measures import Measures, background_motion, head_motion, person_mask, ssim, static_background
from model import Network
from tables import BEST_COPY, COPY, category_table, mean_and_tail, measure_table, plain, rises
from test_data import paint, write_video
from wire import Wire, shown

FACE = np.array([[108.0, 100], [148, 100], [128, 122], [112, 148], [144, 148]], np.float32)
"""Landmarks of a face that looks into the camera, in a picture of 256 pixels."""


def face(shift: float = 0, turn: float = 0, count: int = 20) -> np.ndarray:
    """Landmarks [count, 5, 2] of a face that goes `shift` of its heights to the right and whose nose goes by `turn` of them."""
    points, height = np.tile(FACE, (count, 1, 1)), 48 / 0.38
    way = np.linspace(0, 1, count)[:, None]
    points[:, :, 0] += shift * height * way
    points[:, 2, 0] += turn * height * way[:, 0]
    return points


def test_ssim_is_the_one_of_the_reference():
    reference = pytest.importorskip("skimage.metrics").structural_similarity
    rng = np.random.default_rng(0)
    a = rng.random((64, 96, 3)).astype(np.float32)
    for b in (a, (a + rng.normal(0, 0.1, a.shape)).clip(0, 1).astype(np.float32), 1 - a):
        expected, values = reference(a, b, channel_axis=2, data_range=1.0, gaussian_weights=True, sigma=1.5, use_sample_covariance=False, full=True)
        # The reference also covers a border that it fills by mirroring.
        inner = values[5:-5, 5:-5].mean()
        found = ssim(*(torch.from_numpy(t).permute(2, 0, 1)[None] for t in (a, b))).item()
        assert found == pytest.approx(inner, abs=2e-4) and found == pytest.approx(expected, abs=0.02)


def test_background_motion_of_known_pictures():
    truth = torch.rand(5, 3, 32, 32)[:1].repeat(5, 1, 1, 1)
    mask = np.zeros((32, 32), bool)
    mask[:8] = True
    assert background_motion(truth, truth, mask)[1:].tolist() == [0] * 4 and background_motion(truth, truth, mask)[0].isnan()
    swinging = truth.clone()
    swinging[1::2] += 3 / 255
    np.testing.assert_allclose(background_motion(swinging, truth, mask)[1:], 3, atol=1e-3)
    swinging[:, :, 8:] = torch.rand(5, 3, 24, 32)
    np.testing.assert_allclose(background_motion(swinging, truth, mask)[1:], 3, atol=1e-3), "nothing outside the mask counts"
    np.testing.assert_allclose(background_motion(truth, truth + swinging - truth, mask)[1:], -3, atol=1e-3)
    assert background_motion(truth + 0.2, truth, mask)[1:].abs().max() < 1e-3, "a wrong but steady background does not move"
    assert background_motion(truth, truth, None).isnan().all() and background_motion(truth[:1], truth[:1], mask).isnan().all()


def test_static_background_is_still_and_outside_of_the_person():
    rng = np.random.default_rng(0)
    pictures = np.tile(rng.integers(30, 220, (256, 256, 3)), (20, 1, 1, 1)).astype(np.int16)
    pictures[:, :, 200:] += rng.integers(-30, 30, (20, 256, 56, 3))          # leaves in the wind
    pictures += rng.integers(-2, 3, pictures.shape, dtype=np.int16)           # the camera's noise
    pictures = pictures.clip(0, 255).astype(np.uint8)
    mask = static_background(pictures, face())
    assert mask[:100, :40].all() and not mask[:, 200:].any() and not mask[90:, 70:190].any()
    wandering = static_background(pictures, face(shift=-0.5))
    assert wandering.sum() < mask.sum() and not (wandering & ~mask).any(), "where the head is in any picture does not count"
    assert static_background(pictures, None) is None and static_background(pictures, np.full((20, 5, 2), np.nan)) is None
    moving = np.stack([np.roll(pictures[0], 9 * i, 1) for i in range(20)])
    assert static_background(moving, face()) is None, "a camera that moves"


def test_person_mask_holds_head_and_shoulders():
    mask = person_mask(face(), 256)
    assert mask[30:250, 128].all() and not mask[5, 128] and mask[250, :].all() and not mask[40, 20] and not mask[40, 236]
    blind = face()
    blind[3:] = np.nan
    assert (person_mask(blind, 256) == mask).all()


def test_categories_by_motion():
    assert head_motion(face()) == "still head" and head_motion(face(shift=0.04, turn=0.01)) == "still head"
    assert head_motion(face(shift=0.15)) == "moving head" and head_motion(face(turn=0.05)) == "moving head"
    assert head_motion(face(shift=0.5)) == "large turn" and head_motion(face(turn=0.15)) == "large turn" and head_motion(face(turn=-0.15)) == "large turn"
    lost = face(shift=0.04)
    lost[::2] = np.nan
    assert head_motion(lost) == "still head" and head_motion(np.full((20, 5, 2), np.nan)) == "no face" and head_motion(None) == "no face"


def row(clip: str, sources, lpips: list[float], categories=("real",), **more) -> dict:
    """A row with some measures."""
    return {"clip": clip, "categories": list(categories), "sources": sources, "measures": {"lpips": np.array(lpips), **{name: np.array(values) for name, values in more.items()}}}


def test_means_over_clips_and_over_pictures():
    rows = [row("a", 1, [0.1, 0.3], psnr=[20.0, 30.0], akd=[np.nan, 2.0]), row("b", 1, [0.4] * 8, psnr=[10.0] * 8, akd=[np.nan] * 8)]
    assert mean_and_tail(rows, "lpips", "clips") == pytest.approx((0.3, 0.39)) and mean_and_tail(rows, "lpips", "pictures")[0] == pytest.approx(0.36)
    mean, tail = mean_and_tail(rows, "psnr", "clips")
    assert mean == pytest.approx(17.5) and tail == pytest.approx(10.75), "of PSNR the low end is the bad one"
    assert mean_and_tail(rows, "akd", "clips") == mean_and_tail(rows, "akd", "pictures") == (2.0, 2.0)
    assert mean_and_tail(rows, "ssim", "clips") is None
    many = [row("a", 1, list(np.arange(101) / 100))]
    assert mean_and_tail(many, "lpips", "pictures") == pytest.approx((0.5, 0.95))
    assert plain(rows[0]) == {"clip": "a", "categories": ["real"], "sources": 1, "pictures": 2, "lpips": 0.2, "psnr": 25.0, "akd": 2.0} and "akd" not in plain(rows[1])


def test_tables_say_where_quality_does_not_rise():
    rows = []
    for clip, category, values in (("a", "still head", (0.1, 0.08, 0.07)), ("b", "large turn", (0.3, 0.2, 0.25))):
        rows += [row(clip, kind, [value] * 3, ["real", category], mouth_l1=[10 * value] * 3, background=[np.nan, value, value]) for kind, value in zip((COPY, 1, 2), values)]
    assert rises(rows, [1, 2]) == "no, 1 to 2: +0.0200" and rises(rows[:3], [1, 2]) == "yes"
    text = category_table(rows, [COPY, 1, 2]).splitlines()
    assert text[0].startswith("| category | clips | copy | 1 | 2 | better with every source | background motion with 1, 2 |")
    assert text[2:] == ["| all | 2 | 0.200 | 0.140 | 0.160 | no, 1 to 2: +0.0200 | 0.14, 0.16 |", "| large turn | 1 | 0.300 | 0.200 | 0.250 | no, 1 to 2: +0.0500 | 0.20, 0.25 |",
                        "| real | 2 | 0.200 | 0.140 | 0.160 | no, 1 to 2: +0.0200 | 0.14, 0.16 |", "| still head | 1 | 0.100 | 0.080 | 0.070 | yes | 0.08, 0.07 |"]
    lines = measure_table(rows, [COPY, 1, 2], "clips").splitlines()
    assert lines[0].count("|") == lines[1].count("|") == lines[2].count("|") and lines[3] == "| 1 | 0.140 (0.194) | - | - | - | - | 0.14 (0.19) | - | 0.70 |"


def test_sources_are_evenly_spaced():
    assert [spaced(n, 10) for n in (1, 2, 3, 5)] == [[0], [0, 5], [0, 3, 6], [0, 2, 4, 6, 8]]


def test_clips_are_read_at_25_pictures_a_second(tmp_path):
    grey = [np.full((64, 64, 3), 4 * i, np.uint8) for i in range(60)]
    for rate, expected in ((25, [0, 5, 10]), (50, [0, 10, 20]), (30, [0, 6, 12])):
        found = read_clip(write_video(tmp_path / "a.mp4", grey, rate), 64, 5)
        np.testing.assert_allclose(found[:3, 32, 32, 0] / 4, expected, atol=1)
    with pytest.raises(ClipError, match="too short"):
        read_clip(write_video(tmp_path / "b.mp4", grey[:9]), 64, 5)
    (tmp_path / "c.mp4").write_bytes(b"nothing")
    with pytest.raises(ClipError, match="unreadable"):
        read_clip(tmp_path / "c.mp4", 64, 5)


def test_kinds_come_from_the_manifest(tmp_path):
    (tmp_path / "test").mkdir()
    assert kinds_of(tmp_path / "test") == {}
    with (tmp_path / "manifest.csv").open("w", newline="") as file:
        csv.writer(file).writerows([["clip", "split", "kind"], ["test/a.mp4", "test", "real"], ["test/b.mp4", "test", "generated"], ["test/c.mp4", "test", ""]])
    assert kinds_of(tmp_path / "test") == kinds_of(tmp_path) == {"a": "real", "b": "generated"}


def test_lpips_of_the_reference_pairs(lpips):
    """Pairs of the authors' repository (imgs/ex_ref.png with ex_p0.png and ex_p1.png), where they are at hand beside the weights: 0.722 and 0.138."""
    folder = SHARED / "models" / "imgs"
    if not folder.exists():
        pytest.skip("the authors' pairs are in their repository only, PyPI's lpips has no pictures: put ex_ref.png, ex_p0.png and ex_p1.png into models/imgs of PANTOGRAPH_SHARED")
    pictures = [torch.from_numpy(np.array(Image.open(folder / f"{name}.png").convert("RGB"))).permute(2, 0, 1)[None].float() / 255 for name in ("ex_ref", "ex_p0", "ex_p1")]
    distance = Measures(lpips, None).distance
    assert [round(distance(pictures[0], p).item(), 3) for p in pictures[1:]] == [0.722, 0.138]


def alexnet(**_) -> SimpleNamespace:
    """The layers of torchvision's `alexnet` that LPIPS takes; torchvision itself is not needed for them."""
    sizes = ((3, 64, 11, 4, 2), (64, 192, 5, 1, 2), (192, 384, 3, 1, 1), (384, 256, 3, 1, 1), (256, 256, 3, 1, 1))
    layers = [[torch.nn.Conv2d(a, b, side, stride, pad), torch.nn.ReLU(inplace=True)] + ([torch.nn.MaxPool2d(3, 2)] if i in (0, 1, 4) else []) for i, (a, b, side, stride, pad) in enumerate(sizes)]
    return SimpleNamespace(features=torch.nn.Sequential(*sum(layers, [])))


def test_lpips_is_the_one_of_the_authors_package(lpips, monkeypatch):
    """PyPI's `lpips`, its own weights upon the features and its own code, with AlexNet's weights from the file at hand: what it says of painted pairs. In place of the authors' pairs, which it does not bring."""
    models = ModuleType("torchvision.models")
    models.alexnet = alexnet
    whole = ModuleType("torchvision")
    whole.models = models
    monkeypatch.setitem(sys.modules, "torchvision", whole)
    monkeypatch.setitem(sys.modules, "torchvision.models", models)
    theirs = pytest.importorskip("lpips", reason="the authors' package lpips is not installed").LPIPS(net="alex", pnet_rand=True, verbose=False)
    convolutions = [m for s in (theirs.net.slice1, theirs.net.slice2, theirs.net.slice3, theirs.net.slice4, theirs.net.slice5) for m in s if isinstance(m, torch.nn.Conv2d)]
    stored = load_file(lpips)
    for i, convolution in enumerate(convolutions, 1):
        convolution.load_state_dict({name: stored[f"alex.conv{i}.{name}"] for name in ("weight", "bias")})
    distance = Measures(lpips, None).distance
    pictures = [torch.from_numpy(np.ascontiguousarray(p)).permute(2, 0, 1)[None].float() / 255 for p in (paint(40, 30, 24), paint(43, 30, 24), paint(90, 50, 40, tint=40))]
    pictures.append((pictures[0] + torch.randn(pictures[0].shape, generator=torch.Generator().manual_seed(0)) / 10).clamp(0, 1))
    with torch.inference_mode():
        for other in pictures[1:]:
            assert distance(pictures[0], other).item() == pytest.approx(theirs(pictures[0], other, normalize=True).item(), abs=2e-4)


def test_lpips_stays_as_it_was(lpips):
    """Painted pairs, as first measured: that nothing changes it unseen."""
    distance, pictures = Measures(lpips, None).distance, torch.from_numpy(np.stack([paint(40, 30, 24), paint(43, 30, 24), paint(90, 50, 40, tint=40)])).permute(0, 3, 1, 2).float() / 255
    assert distance(pictures[:1], pictures[:1]).item() == 0
    np.testing.assert_allclose([distance(pictures[:1], p[None]).item() for p in pictures[1:]], PAINTED, atol=5e-4)


PAINTED = (0.0259, 0.7843)
"""LPIPS of the painted pairs."""


@pytest.fixture
def measures(lpips):
    return Measures(lpips, None)


def walking(count: int = 6) -> np.ndarray:
    """Pictures [count, 64, 64, 3] of a disc that goes to the right."""
    return np.stack([paint(16 + 6 * i, 30, 24, width=64, tall=64) for i in range(count)])


def test_measures_of_known_pictures(measures):
    truth = measures.truth(walking())
    same = measures(truth.pictures, truth)
    assert (same["lpips"] == 0).all() and (same["l1"] == 0).all() and np.isnan(same["psnr"]).all() and np.allclose(same["ssim"], 1, atol=1e-4)
    steps = torch.full_like(truth.pictures, 2.0 / 255)
    off = measures((truth.pictures * 0.5 + 0.25) + steps, measures.truth(((truth.pictures * 0.5 + 0.25) * 255).round().byte().permute(0, 2, 3, 1).numpy()))
    np.testing.assert_allclose(off["l1"], 2, atol=0.05)
    np.testing.assert_allclose(off["psnr"], 20 * np.log10(255 / 2), atol=0.3)
    outside = measures(truth.pictures * 3 - 1, truth)
    assert np.isfinite(outside["lpips"]).all() and (outside["l1"] <= 255).all(), "what is outside of 0...1 is cut off, as on a screen"
    assert "akd" not in same and np.isnan(same["background"]).all()


def test_copies(measures):
    truth = measures.truth(walking())
    copied = measures.copied([0] * 6, truth)
    np.testing.assert_allclose(copied["lpips"], measures(truth.pictures[:1].expand_as(truth.pictures), truth)["lpips"], atol=1e-5)
    assert copied["lpips"][0] == 0 and (np.diff(copied["l1"][:4]) > 0).all()
    best = measures.best_copied([0, 2, 4], truth)
    each = np.stack([measures.copied([i] * 6, truth)["lpips"] for i in (0, 2, 4)])
    np.testing.assert_allclose(best["lpips"], each.min(0), atol=1e-6)
    assert (best["lpips"][[0, 2, 4]] == 0).all()


def test_regions_and_akd(measures):
    side, shift = 64, 3.0
    points = torch.from_numpy(FACE / 4)[None].repeat(6, 1, 1)
    truth = measures.truth(walking(), points)
    measures.landmarks = lambda pictures: points + torch.tensor([shift, 4.0])
    rebuilt = truth.pictures.clone()
    rebuilt[:, :, 34:40, 28:36] += 0.1
    found = measures(rebuilt.clamp(0, 1), truth)
    np.testing.assert_allclose(found["akd"], 5)
    assert (found["eyes_l1"] == 0).all() and (found["mouth_l1"] > found["l1"]).all()
    assert measures.copied([0] * 6, truth)["akd"].max() == 0


@pytest.fixture
def run(tmp_path, lpips, tiny):
    """A folder of two clips of discs, weights of a tiny network, and the options to measure it."""
    torch.manual_seed(0)
    network = Network(tiny).eval()
    save_file({name: tensor.contiguous() for name, tensor in network.state_dict().items()}, tmp_path / "tiny.safetensors", metadata={"configuration": json.dumps(tiny.describe())})
    (tmp_path / "clips").mkdir()
    for name in ("a", "b"):
        write_video(tmp_path / "clips" / f"{name}.mp4", [paint(16 + i, 30, 24, width=64, tall=64) for i in range(31)])
    return ["--clips", str(tmp_path / "clips"), "--lpips", lpips, "--weights", str(tmp_path / "tiny.safetensors")]


def rows_of(run: list[str], *more: str) -> dict:
    """Measures of the first clip by number of sources."""
    options = parse([*run, *more])
    rows, _ = ClipMeter(options)(options.clips / "a.mp4")
    return {r["sources"]: r["measures"] for r in rows}


def test_weights_say_what_network_they_are_of(run, tiny, tmp_path):
    assert described(Path(run[-1])) == tiny
    save_file({"x": torch.zeros(1)}, tmp_path / "unnamed.safetensors")
    assert described(tmp_path / "unnamed.safetensors") == evaluate.configuration


def test_weights_of_another_network_are_refused(run, tiny, tmp_path):
    other = tmp_path / "other.safetensors"
    save_file({"x": torch.zeros(1)}, other, metadata={"configuration": json.dumps(tiny.describe())})
    with pytest.raises(SystemExit, match="does not fit this network"):
        TorchBackend(other, "f32")
    save_file({"x": torch.zeros(1)}, other, metadata={"configuration": json.dumps(tiny.describe() | {"wheels": 4})})
    with pytest.raises(SystemExit, match="later version"):
        TorchBackend(other, "f32")
    words = [*run[:-1], str(other), "--processes", "2"]
    result = subprocess.run([sys.executable, "evaluate.py", *words], cwd=Path(__file__).parent, capture_output=True, text=True, timeout=120)
    assert result.returncode == 1 and "later version" in result.stderr and "Traceback" not in result.stderr, "said once, no process waits"


def test_batches_and_backends_agree(run):
    whole, single = rows_of(run, "--batch", "8"), rows_of(run, "--batch", "1")
    for n in (1, 2, 3, 5):
        np.testing.assert_allclose(whole[n]["lpips"], single[n]["lpips"], atol=1e-3)      # between sources alike, rounding decides
    options = parse(run)
    backend, pictures = TorchBackend(options.weights, "f32"), torch.rand(3, 3, 64, 64)
    keypoints = backend.detect(pictures)
    encoded = backend.encode(pictures[:1], *(k[:1] for k in keypoints))
    with torch.inference_mode():
        expected = backend.network(pictures[None, :1].expand(3, -1, -1, -1, -1), pictures)
        np.testing.assert_allclose(backend.generate(encoded, *keypoints), expected, atol=1e-4)


@pytest.fixture(scope="module")
def keypoint_file(tmp_path_factory) -> Path:
    """Tables of five keypoints that wander on their own."""
    random, count = np.random.default_rng(2), 5
    clips = []
    for _ in range(6):
        places = np.cumsum(random.normal(0, 1, (60, count, 2)), 0) + 128
        clips.append(np.concatenate([places, random.uniform(0.5, 0.9, (60, count, 1))], 2).reshape(60, -1))
    path = tmp_path_factory.mktemp("tables") / "keypoints.bin"
    path.write_bytes(fit.whole(fit.fit(clips, np.diag([2e-4, 2e-4, 0.02] * count), rounds=1, report=lambda _: None)))
    return path


def test_keypoints_come_off_the_wire_the_nearer_the_finer_the_step(keypoint_file):
    locations, strengths = torch.rand(2, 5, 2) - 0.5, torch.rand(2, 5)
    off = {}
    for step in (0, 12):
        wire = Wire(keypoint_file, step)
        source = wire.source(locations[0], strengths[0])
        l, s = shown([source, wire.driving(locations[1], strengths[1], source)])
        off[step] = [(l - locations).abs().amax((1, 2)).tolist(), (s - strengths).abs().amax(1).tolist()]
    assert off[0][0][0] == off[12][0][0] < 2 / 128 and off[0][0][1] < 2 / 128 and off[0][1][1] < 0.05
    assert off[12][0][1] > 2 * off[0][0][1]
    with pytest.raises(ValueError, match="5 keypoints, the network has 4"):
        wire.source(locations[0, :4], strengths[0, :4])
    keypoint_file.with_name("other").write_bytes(b"PGKT")
    with pytest.raises(ValueError, match="no keypoint tables"):
        Wire(keypoint_file.with_name("other"), 0)


def test_fewer_keypoints_and_the_wire_change_the_picture(run, tiny, keypoint_file):
    wired = rows_of(run, "--wire", str(keypoint_file), "--step", "12")
    plain_, few, all_ = rows_of(run), rows_of(run, "--keypoints", "1"), rows_of(run, "--keypoints", str(tiny.keypoints))
    assert np.abs(few[1]["lpips"] - plain_[1]["lpips"]).max() > 1e-6 and np.abs(wired[1]["lpips"] - plain_[1]["lpips"]).max() > 1e-6
    np.testing.assert_array_equal(all_[1]["lpips"], plain_[1]["lpips"])
    meter = ClipMeter(parse([*run, "--keypoints", "2"]))
    _, strengths = meter._kept(torch.full((1, 5, 2), 0.1), torch.full((1, 5), 0.6))
    np.testing.assert_allclose(strengths, [[0.6, 0.6, 0, 0, 0]], rtol=1e-6)


def test_cache_gives_the_same_and_knows_its_clip(run, tmp_path, monkeypatch):
    fresh, first = rows_of(run), rows_of(run, "--cache", str(tmp_path))
    [stored] = tmp_path.glob("*.npz")
    monkeypatch.setattr(Measures, "best_copied", lambda *_: pytest.fail("must come from the cache"))
    again = rows_of(run, "--cache", str(tmp_path), "--keypoints", "2")
    for way in (COPY, BEST_COPY):
        for name in fresh[way]:
            np.testing.assert_array_equal(first[way][name], fresh[way][name])
            np.testing.assert_array_equal(again[way][name], fresh[way][name])
    monkeypatch.undo()
    clip = tmp_path / "clips" / "a.mp4"
    clip.write_bytes((tmp_path / "clips" / "b.mp4").read_bytes() + b" ")
    rows_of(run, "--cache", str(tmp_path))
    rows_of(run, "--cache", str(tmp_path), "--every", "4")
    assert len(list(tmp_path.glob("*.npz"))) == 3, "another clip or other options are measured anew"


def test_command_writes_tables_and_names_what_it_skips(run, tmp_path):
    (tmp_path / "clips" / "broken.mp4").write_bytes(b"not a video")
    words = [*run, "--processes", "2", "--sources", "1", "2", "--out", tmp_path / "table", "--sheet", tmp_path / "sheet.png"]
    result = subprocess.run([sys.executable, "evaluate.py", *map(str, words)], cwd=Path(__file__).parent, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    assert "skipped broken.mp4: unreadable" in result.stderr and "[2/3] b copy: " in result.stdout and "s left" in result.stdout
    text = (tmp_path / "table.md").read_text()
    assert "| best of 3 copied |" in text and "| mean over clips" in text and "| mean over pictures" in text and "| all | 2 |" in text
    rows = [json.loads(line) for line in (tmp_path / "table.json").read_text().splitlines()]
    assert [(r["clip"], r["sources"], r["pictures"]) for r in rows[:4]] == [("a", COPY, 7), ("a", BEST_COPY, 7), ("a", 1, 7), ("a", 2, 7)] and len(rows) == 8
    assert Image.open(tmp_path / "sheet.png").size == (2 * 64, 4 * 64)


@pytest.mark.parametrize("wrong", [["--sources", "0"], ["--onnx", "x"], ["--step", "16"], ["--clips", "nowhere"], ["--mtcnn", "nowhere"]])
def test_wrong_options_are_refused(run, wrong):
    with pytest.raises(SystemExit):
        parse([*run, *wrong])
