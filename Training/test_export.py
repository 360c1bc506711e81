"""Tests that exported files compute what the network does."""
import json

import numpy as np
import onnx
import onnxruntime
import pytest
import torch

from engine import KEPT, NotFound, rewrite
from export import CACHED, READ_BY_ROWS, Detector, Encoder, Rebuilder, example_picture, export_graph, write_tiny
from model import Network
from quantise import put_back, quantise, spelled_out
from test_data import write_video


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    """A tiny network in evaluation and the folder of its files."""
    from conftest import TINY

    torch.manual_seed(5)
    folder = tmp_path_factory.mktemp("exported")
    network = Network(TINY).eval().requires_grad_(False)
    picture = torch.from_numpy(example_picture(TINY.side, 0.0))
    locations, strengths = Detector(network)(picture)
    keypoints = {"locations": locations, "strengths": strengths}
    properties = {"configuration": json.dumps(TINY.describe()), "licence": "Apache-2.0"}
    export_graph(Detector(network), {"picture": picture}, list(keypoints), folder / "detector.onnx", False, properties)
    export_graph(Encoder(network), {"picture": picture, **keypoints}, CACHED, folder / "source_encoder.onnx", False, properties)
    encoded = Encoder(network)(picture, locations, strengths)
    two = {name: torch.cat([tensor, tensor]) for name, tensor in zip(CACHED, encoded)}
    export_graph(Rebuilder(network), {**two, **keypoints}, ["picture"], folder / "generator.onnx", True, properties)
    return network, folder


def run(folder, name, outputs, **inputs):
    """Outputs of an exported file on named arrays, by ONNX Runtime."""
    session = onnxruntime.InferenceSession(str(folder / f"{name}.onnx"), providers=["CPUExecutionProvider"])
    return session.run(outputs, inputs)


def test_files_compute_what_the_network_does(exported):
    network, folder = exported
    side = network.configuration.side
    pictures = [example_picture(side, phase) for phase in (0.0, 0.7, 1.9)]
    keypoints = [run(folder, "detector", ["locations", "strengths"], picture=p) for p in pictures]
    for picture, (locations, strengths) in zip(pictures, keypoints):
        l, s = Detector(network)(torch.from_numpy(picture))
        np.testing.assert_allclose(locations, l, atol=2e-3)
        np.testing.assert_allclose(strengths, s, atol=2e-3)
    encoded = [run(folder, "source_encoder", CACHED, picture=p, locations=l, strengths=s) for p, (l, s) in zip(pictures, keypoints)]
    # Of more sources the two of largest mass are mixed, which shows no difference where all are alike; and how much contrast mixing takes is told by those that were mixed.
    for chosen, equal in (([0], [0]), ([0, 1], [0, 1]), ([2, 1], [2, 1]), ([2, 2, 2], [2, 2, 2]), ([2, 2, 2, 2, 2], [2] * KEPT)):
        sources = {name: np.concatenate([encoded[k][i] for k in chosen]) for i, name in enumerate(CACHED)}
        driving = dict(zip(("locations", "strengths"), keypoints[1]))
        picture = run(folder, "generator", ["picture"], **sources, **driving)[0]
        sources = {name: np.concatenate([encoded[k][i] for k in equal]) for i, name in enumerate(CACHED)}
        expected = Rebuilder(network)(*(torch.from_numpy(a) for a in (*sources.values(), *driving.values())))
        assert picture.shape == (1, side, side, 3)
        np.testing.assert_allclose(picture, expected, atol=1e-2)
        assert np.abs(picture - expected.numpy()).mean() < 1e-3


def test_engine_runs_reads_as_one_pass(exported):
    import openvino

    _, folder = exported
    operations = [node.get_type_name() for node in openvino.Core().read_model(folder / "generator.onnx").get_ops()]
    assert operations.count("EmbeddingBagPackedSum") == len(READ_BY_ROWS)


def test_graph_without_the_reads_is_refused(exported):
    _, folder = exported
    with pytest.raises(NotFound, match="features_4"):
        rewrite(onnx.load(folder / "generator.onnx"), ["features_4"], [])


def generator_inputs(folder, side):
    """Inputs of the exported generator from two sources."""
    pictures = [example_picture(side, phase) for phase in (0.0, 0.7)]
    keypoints = [dict(zip(("locations", "strengths"), run(folder, "detector", ["locations", "strengths"], picture=p))) for p in pictures]
    encoded = [run(folder, "source_encoder", CACHED, picture=p, **k) for p, k in zip(pictures, keypoints)]
    return {name: np.concatenate([e[i] for e in encoded]) for i, name in enumerate(CACHED)} | keypoints[1]


def test_reads_are_spelled_out_and_put_back(exported, tmp_path):
    network, folder = exported
    inputs = generator_inputs(folder, network.configuration.side)
    before = run(folder, "generator", ["picture"], **inputs)[0]
    model = onnx.load(folder / "generator.onnx")
    nodes = list(model.graph.node)
    reads = spelled_out(model)
    assert len(reads) == len(READ_BY_ROWS) and not model.functions and all(node.op_type != "ATen" for node in model.graph.node)
    onnx.save(model, tmp_path / "generator.onnx")
    np.testing.assert_array_equal(run(tmp_path, "generator", ["picture"], **inputs)[0], before)
    put_back(model, reads)
    assert list(model.graph.node) == nodes


def test_rounded_generator_is_alike(exported, tmp_path):
    pytest.importorskip("nncf")
    network, folder = exported
    side = network.configuration.side
    (folder / "model.json").write_text(json.dumps({"files": {}}))
    (tmp_path / "clips").mkdir()
    frames = [(example_picture(side, phase)[0] * 255).round().astype(np.uint8) for phase in np.linspace(0, 1, 8)]
    write_video(tmp_path / "clips" / "waves.mp4", frames)
    description = quantise(folder, tmp_path / "clips", tmp_path / "rounded", samples=1, seed=0)
    content = (tmp_path / "rounded" / "generator.onnx").read_bytes()
    assert description["files"]["generator.onnx"]["bytes"] == len(content)
    operators = [node.op_type for node in onnx.load_from_string(content).graph.node]
    assert operators.count("ATen") == len(READ_BY_ROWS) and "QuantizeLinear" in operators
    inputs = generator_inputs(folder, side)
    exact, rounded = (run(place, "generator", ["picture"], **inputs)[0] for place in (folder, tmp_path / "rounded"))
    assert 0 < np.abs(exact - rounded).mean() < 0.02


def test_files_say_where_they_come_from(exported):
    _, folder = exported
    for name in ("detector", "source_encoder", "generator"):
        properties = {p.key: p.value for p in onnx.load(folder / f"{name}.onnx").metadata_props}
        assert properties["licence"] == "Apache-2.0" and json.loads(properties["configuration"])["name"] == "tiny"
        assert b"/Training/" not in (folder / f"{name}.onnx").read_bytes()


def test_tiny_model(tmp_path):
    golden = write_tiny(tmp_path / "tiny.onnx")
    for case in golden["cases"]:
        total = run(tmp_path, "tiny", ["total"], sources=np.array(case["sources"], np.float32), gain=np.array(case["gain"], np.float32))[0]
        np.testing.assert_allclose(total, case["total"], atol=1e-6)
