"""Tests of the ablations: every variant has a network, and a few are run, tiny."""
import json
from argparse import Namespace

import pytest
import torch

import config
import tensors
from ablate import COMMON, VARIANTS, Ablations, Variant, measured, start, table
from model import Network
from test_clips import write_prepared
from test_data import paint, write_video
from test_train import SMALL

TINY = (*[s for s in SMALL if not s.startswith("weights.")], "keypoints=12", "weights.lpips_half=0", "average=0.9", "motion_widths=8,8")


def test_every_variant_can_be_made():
    assert len({v.name for v in VARIANTS}) == len(VARIANTS)
    for variant in VARIANTS:
        configuration, training = config.load("realtime", [*COMMON, *variant.settings])
        assert configuration.side == 128
        with torch.device("meta"):
            Network(configuration)
        reference, recipe = config.load("realtime", COMMON)
        differ = configuration != reference or training != recipe
        assert differ != (variant.reference == variant.name)
        assert variant.taught == bool(training.teachers)


def test_starts(tmp_path):
    """Given parts are those given; all else is untrained, and the same for all variants of a seed where it fits."""
    larger, _ = config.load("realtime", [*TINY, "side=128"])
    torch.manual_seed(9)
    tensors.save(tmp_path / "given.safetensors", Network(larger).state_dict(), {"configuration": larger.describe()})
    begin = {}
    for variant in (VARIANTS[0], Variant("extra", "", ("extra_keys=0",)), Variant("fresh", "", given=False)):
        start(variant, 1, tmp_path / "given.safetensors", tmp_path / "start.safetensors", TINY)
        begin[variant.name] = tensors.load(tmp_path / "start.safetensors")[0]
    given, _ = tensors.load(tmp_path / "given.safetensors")
    for name in ("detector.hourglass.entry.0.weight", "attention.query_network.entry.0.weight"):
        assert torch.equal(begin["full"][name], given[name]) and torch.equal(begin["extra"][name], given[name]) and not torch.equal(begin["fresh"][name], given[name])
    assert begin["full"]["attention.position"].shape[-1] == 8 and begin["extra"]["attention.extra_keys"].shape[0] == 0
    assert not torch.equal(begin["full"]["generator.join_8.0.weight"], given["generator.join_8.0.weight"])
    with pytest.raises(ValueError, match="nothing in"):
        tensors.save(tmp_path / "none.safetensors", {"attention.position": given["attention.position"][:, :3]}, {})
        start(VARIANTS[0], 1, tmp_path / "none.safetensors", tmp_path / "start.safetensors", TINY)


def line(variant: str, seed: int, lpips: float) -> dict:
    """A run's line with made-up measures."""
    return {"variant": variant, "seed": seed, "plan": {"steps": 3, "first_steps": 2}, "copy": {"lpips": 0.5, "l1": 9.0, "eyes_l1": 20.0}, "1": {"lpips": lpips, "l1": 8.0, "eyes_l1": 10.0}, "3": {"lpips": lpips / 2, "l1": 7.0, "eyes_l1": 5.0}}


def test_table_has_seeds_and_spread():
    rows = [line("full", 1, 0.2), line("full", 2, 0.3), line("residual", 1, 0.25), line("fresh", 1, 0.4)]
    assert measured(rows[0], "eyes_l1", 3) == 0.25 and measured(rows[0], "l1", 1) == 8.0
    text = table(rows).splitlines()
    assert text[3].startswith("| all of it | 2 | 0.2500 (0.1000) / 0.1250 (0.0500) | - / - | 8.00 (0.00) / 7.00 (0.00) | - / - | 0.500")
    assert text[4].startswith("| without the residual branch | 1 | 0.2500 / 0.1250 |") and "learned, too" in text[5] and "unchanged" in text[7]


def test_nearest_variants_are_repeated():
    ablations = Ablations.__new__(Ablations)
    ablations.rows = [line("full", 1, 0.2), line("residual", 1, 0.21), line("source", 1, 0.4), line("dot", 1, 0.5), line("extra", 1, 0.18), line("extra", 2, 0.9)]
    assert [v.name for v in ablations.nearest(2)] == ["full", "residual", "extra"]


def test_runs_go_on(tmp_path, lpips, monkeypatch):
    """Two variants, one of each group, tiny; the second time nothing is left to do."""
    for name in ("a", "b", "c"):
        (tmp_path / "prepared").mkdir(exist_ok=True)
        write_prepared(tmp_path / "prepared", name)
    (tmp_path / "test").mkdir()
    write_video(tmp_path / "test" / "x.mp4", [paint(80 + i, 48, 60) for i in range(14)])
    larger, _ = config.load("realtime", TINY)
    tensors.save(tmp_path / "given.safetensors", Network(larger).state_dict(), {"configuration": larger.describe()})
    options = Namespace(clips=[tmp_path / "prepared"], test=tmp_path / "test", lpips=lpips, mtcnn=None, weights=tmp_path / "given.safetensors", work=tmp_path / "work", out=tmp_path / "out", minutes=0, steps=2, first_steps=2,
                        every=5, jobs=2)
    chosen = [v for v in VARIANTS if v.name in ("extra", "dot")]
    Ablations(options, TINY).run_all([(variant, 1) for variant in chosen])
    rows = [json.loads(text) for text in (tmp_path / "out" / "runs.jsonl").read_text().splitlines()]
    assert {row["variant"] for row in rows} == {"extra", "dot"} and all(0 < row[n]["lpips"] < 2 and 0 < row["copy"]["psnr"] for row in rows for n in ("1", "3"))
    assert "without extra keys" in (tmp_path / "out" / "table.md").read_text()
    again = Ablations(options, TINY)
    monkeypatch.setattr(again, "call", lambda *_: pytest.fail("a run that is done was run again"))
    again.run_all([(variant, 1) for variant in chosen])
