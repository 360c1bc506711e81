"""Tests of configurations and of what is said about wrong ones."""
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import torch

import config
import tensors
from config.base import Configuration, OtherConfiguration
from model import Network
from run_folder import begin_from


def test_configurations_can_be_made():
    for name in ("realtime", "paper"):
        configuration, training = config.load(name)
        assert configuration.name == name and sum(training.loss_weights().values()) > 0
    with pytest.raises(ValueError, match="no configuration trial: there are paper, realtime"):
        config.load("trial")


def test_paper_has_the_papers_sizes():
    configuration, training = config.load("paper")
    assert configuration.grid == 64 and configuration.gaussians == (0.01 ** 0.5,) and configuration.score == "dot"
    assert 0.04 < configuration.extra_keys / configuration.grid ** 2 < 0.06
    with torch.device("meta"):
        network = Network(configuration)
    assert len(network.generator.refine) == 8 and set(training.loss_weights()) == {"vgg", "gan", "features", "equivariance"}


def test_fields_are_set():
    configuration, training = config.load("realtime", ["keypoints=10", "residual=false", "widths=16,8,4", "score=dot", "sources=1", "source_shares=1", "weights.gan=0.5", "rate=1e-3", "teachers=", "frozen=detector,encoder"])
    assert configuration == Configuration(keypoints=10, residual=False, widths=(16, 8, 4), score="dot", extra_values=0)
    assert training.sources == (1,) and training.source_shares == (1.0,) and training.weights.gan == 0.5 and training.weights.l1 == 4.0 and training.rate == 1e-3 and training.teachers == () and training.frozen == ("detector", "encoder")


@pytest.mark.parametrize("setting, message", [
    ("keypoint=10", "must be FIELD=VALUE, with a field of name, side, keypoints"), ("keypoints", "FIELD=VALUE"), ("weights=3", "FIELD=VALUE"), ("keypoints=ten", "must be like 20"), ("keypoints=1.5", "must be like 20"),
    ("residual=2", "true or false"), ("widths=a,b", "must be like 128,64,32"), ("cell=5", "must be one of 4, 8, 16"), ("side=100", "multiple of 32"), ("score=angle", "distance, dot"), ("decoder=paper", "cell must be 4"),
    ("teachers=mother", "there are mesh and flow"), ("sources=1,2,3,4", "need as many source_shares"), ("weights.l2=1", "weights.l1"),
])
def test_wrong_settings_are_explained(setting, message):
    with pytest.raises(ValueError, match=message):
        config.load("realtime", [setting])


def test_configurations_survive_being_described():
    for name in ("realtime", "paper"):
        configuration, _ = config.load(name)
        assert configuration.differences(json.loads(json.dumps(configuration.describe()))) == []
        assert Configuration.of(json.loads(json.dumps(configuration.describe()))) == configuration
    described = {"name": "mine", "side": 256, "keypoints": 20, "widths": [128, 64, 32]}
    earlier = Configuration(values="attended", extra_values=0, motion_widths=(), settle=0.0, sharpness=1.0, doubled=False, variance_kept=False, nearness=0.0)
    assert earlier.differences(described) == [], "what an earlier version did not describe is as it was then"
    assert replace(earlier, keypoints=10).differences(described) == ["keypoints is 20 there, 10 here"]
    assert "motion_widths is [] there, [32, 48, 64] here" in Configuration().differences(described)
    with pytest.raises(ValueError, match="later version: wings"):
        earlier.differences(described | {"wings": 2})


def test_weights_of_another_configuration_are_refused(tmp_path, tiny):
    torch.manual_seed(0)
    network = Network(tiny)
    tensors.save(tmp_path / "w.safetensors", network.state_dict(), {"configuration": tiny.describe(), "step": 7})
    again = Network(tiny)
    assert begin_from(again, tmp_path / "w.safetensors", tiny)["step"] == 7
    assert begin_from(again, tmp_path / "w.safetensors", replace(tiny, variance_kept=False, nearness=1.0))["step"] == 7, "there are no weights for it"
    assert all(torch.equal(a, b) for a, b in zip(network.state_dict().values(), again.state_dict().values()))
    other = replace(tiny, extra_keys=2, score="dot")
    with pytest.raises(OtherConfiguration, match="extra_keys is 4 there, 2 here; score is distance there, dot here"):
        begin_from(Network(other), tmp_path / "w.safetensors", other)


def test_weights_without_extra_values_grow(tmp_path, tiny):
    """Earlier weights go on as a network whose extra keys have values, of which nothing is made at first."""
    torch.manual_seed(0)
    earlier = replace(tiny, extra_values=0)
    network, grown = Network(earlier).eval(), Network(tiny).eval()
    description = earlier.describe()
    del description["extra_values"]
    tensors.save(tmp_path / "w.safetensors", network.state_dict(), {"configuration": description})
    begin_from(grown, tmp_path / "w.safetensors", tiny)
    pictures = torch.rand(1, 2, 3, 64, 64)
    with torch.no_grad():
        torch.testing.assert_close(grown(pictures, pictures[:, 0]), network(pictures, pictures[:, 0]), atol=1e-4, rtol=0)


def test_tensors_are_read_and_written(tmp_path):
    safetensors = pytest.importorskip("safetensors.torch")
    written = {"a": torch.randn(3, 4), "half": torch.randn(5).bfloat16(), "count": torch.tensor(7), "none": torch.zeros(0, 3), "odd": torch.arange(3, dtype=torch.uint8), "last": torch.randn(2)}
    tensors.save(tmp_path / "mine.safetensors", written, {"step": 3, "clips": "abc"})
    safetensors.save_file(written, tmp_path / "theirs.safetensors", metadata={"step": "3", "clips": "abc"})
    for loaded in (safetensors.load_file(tmp_path / "mine.safetensors"), tensors.load(tmp_path / "mine.safetensors")[0], tensors.load(tmp_path / "theirs.safetensors")[0]):
        assert loaded.keys() == written.keys() and all(torch.equal(loaded[name], tensor) and loaded[name].dtype == tensor.dtype for name, tensor in written.items())
    assert tensors.load(tmp_path / "mine.safetensors")[1] == tensors.load(tmp_path / "theirs.safetensors")[1] == {"step": 3, "clips": "abc"}
    content = (tmp_path / "mine.safetensors").read_bytes()
    for cut in (b"", content[:20], content[:-4], b"x" * 100):
        (tmp_path / "cut.safetensors").write_bytes(cut)
        with pytest.raises(ValueError, match="no safetensors file"):
            tensors.load(tmp_path / "cut.safetensors")


def test_training_needs_only_pytorch():
    """Preparation, measuring and the flow that was not computed before need more."""
    blocked = "import sys; sys.modules.update(dict.fromkeys(['cv2', 'av', 'mediapipe', 'safetensors', 'PIL', 'matplotlib', 'onnx', 'scipy'])); import train"
    result = subprocess.run([sys.executable, "-c", blocked], cwd=Path(__file__).parent, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr


def test_training_goes_on_from_the_shipped_weights():
    configuration, _ = config.load("realtime")
    begin_from(Network(configuration), Path(__file__).parent / "weights" / "realtime.safetensors", configuration)
