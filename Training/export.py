"""Exports trained weights as three ONNX files, and golden values of them for tests.

python export.py --weights weights.safetensors --out FOLDER [--golden FOLDER] [--metrics table.json]

All tensors are fp32, pictures NHWC, RGB in 0...1; locations (x, y) in -1...1 with the cell-centre convention.

- `detector.onnx`: `picture` [1, R, R, 3] to `locations` [1, K, 2] and `strengths` [1, K].
- `source_encoder.onnx`: `picture`, `locations`, `strengths` of a source to the tensors that are kept while it stays in the set, each [1, ...].
- `generator.onnx`: those tensors under the same names, first dimension the number of sources, 1 to 8, and `locations`, `strengths` of the driving picture, to `picture` [1, R, R, 3]. Its reads of
  the sources are rewritten for the engine, see `engine.py`.

Weights of convolutions are stored in fp16. Each file carries its configuration, training steps, pictures seen, SHA-256 of the list of training clips, metrics and licence as metadata; `model.json` beside
them repeats these with the size and SHA-256 of each file, and of `keypoints.bin` where it is there (`keypoint_tables.py`).
"""
import argparse
import hashlib
import json
import logging
import sys
import warnings
from pathlib import Path

import numpy as np
import onnx
import torch
import torch.nn as nn
from onnx import TensorProto, helper, numpy_helper
from safetensors import safe_open
from safetensors.torch import load_file
from torch import Tensor

from config.base import Configuration
from config.realtime import configuration as shipped
from engine import rewrite
from model import Network

OPSET = 20
CACHED = ["keys", "values", "offsets", "points", "marks_grid", "marks_4", "features_4", "features_2", "pixels"]
"""Names of what is kept of a source: outputs of the encoder and inputs of the generator."""
READ_BY_ROWS = (["values"] if shipped.values == "read" else []) + ["features_4", "features_2", "pixels"]
"""Of these, what is kept with channels last, [N, h, w, C], and read row by row."""
LICENCE = "Apache-2.0"


class Detector(nn.Module):
    """The keypoint detector with pictures NHWC."""

    def __init__(self, network: Network):
        super().__init__()
        self.network = network

    def forward(self, picture: Tensor) -> tuple[Tensor, Tensor]:
        return self.network.detector(picture.permute(0, 3, 1, 2))


class Encoder(nn.Module):
    """The source encoder with pictures NHWC, results in the order of `CACHED`."""

    def __init__(self, network: Network):
        super().__init__()
        self.network = network

    def forward(self, picture: Tensor, locations: Tensor, strengths: Tensor) -> tuple[Tensor, ...]:
        encoded = self.network.encoder(picture.permute(0, 3, 1, 2), locations, strengths, self.network.attention)
        return tuple(encoded[name].permute(0, 2, 3, 1).contiguous() if name in READ_BY_ROWS else encoded[name] for name in CACHED)


class Rebuilder(nn.Module):
    """The generator for one driving picture: sources are its first dimension."""

    def __init__(self, network: Network):
        super().__init__()
        self.network = network

    def forward(self, keys: Tensor, values: Tensor, offsets: Tensor, points: Tensor, marks_grid: Tensor, marks_4: Tensor, features_4: Tensor, features_2: Tensor, pixels: Tensor,
                locations: Tensor, strengths: Tensor) -> Tensor:
        sources = {name: tensor[None] for name, tensor in zip(CACHED, (keys, values, offsets, points, marks_grid, marks_4, features_4, features_2, pixels))}
        sources |= {name: sources[name].permute(0, 1, 4, 2, 3) for name in READ_BY_ROWS}
        rebuilt = self.network.generator(sources, locations, strengths, self.network.attention)
        return rebuilt["picture"].clamp(0, 1).permute(0, 2, 3, 1)


def example_picture(side: int, phase: float) -> np.ndarray:
    """A smooth picture [1, side, side, 3] by formula, for golden values: see `FORMULA`."""
    y, x, c = np.meshgrid(np.arange(side), np.arange(side), np.arange(3), indexing="ij")
    value = 0.5 + 0.25 * np.sin(0.05 * x * (c + 1) + phase) + 0.25 * np.cos(0.04 * y * (c + 2) - 0.02 * x + 2 * phase)
    return value[None].astype(np.float32)


FORMULA = "picture(phase)[0][y][x][c] = 0.5 + 0.25 * sin(0.05 * x * (c + 1) + phase) + 0.25 * cos(0.04 * y * (c + 2) - 0.02 * x + 2 * phase), in double precision, then rounded to float; x, y, c count from 0"


def export_graph(module: nn.Module, inputs: dict[str, Tensor], outputs: list[str], path: Path, dynamic: bool, properties: dict[str, str]) -> None:
    """Writes one ONNX file. `dynamic` makes the first dimension of the cached tensors the number of sources, and rewrites the graph for the engine."""
    shapes = None
    if dynamic:
        count = torch.export.Dim("sources", min=1, max=8)
        shapes = {name: {0: count} if name in CACHED else None for name in inputs}
    program = torch.onnx.export(module.eval(), tuple(inputs.values()), input_names=list(inputs), output_names=outputs, opset_version=OPSET, dynamo=True, external_data=False,
                                dynamic_shapes=shapes, verbose=False)
    model = program.model_proto
    if dynamic:
        rewrite(model, READ_BY_ROWS, ["network.generator.join_4.0.weight", "network.generator.join_2.0.weight"])
    compress(model)
    del model.metadata_props[:]
    for node in model.graph.node:
        del node.metadata_props[:]
        node.doc_string = ""
    for value in list(model.graph.value_info) + list(model.graph.input) + list(model.graph.output):
        del value.metadata_props[:]
    helper.set_model_props(model, properties)
    model.doc_string, model.producer_name, model.producer_version = "", "pantograph-training", "1"
    onnx.checker.check_model(model)
    path.write_bytes(model.SerializeToString(deterministic=True))


def compress(model: onnx.ModelProto) -> None:
    """Stores weights of four dimensions in fp16, each followed by a cast to fp32."""
    graph, casts = model.graph, []
    for tensor in graph.initializer:
        values = numpy_helper.to_array(tensor)
        if tensor.data_type == TensorProto.FLOAT and values.ndim == 4 and values.size > 1024:
            name = tensor.name
            tensor.CopyFrom(numpy_helper.from_array(values.astype(np.float16), name + "_fp16"))
            casts.append(helper.make_node("Cast", [name + "_fp16"], [name], to=TensorProto.FLOAT))
    nodes = casts + list(graph.node)
    del graph.node[:]
    graph.node.extend(nodes)


def write_tiny(path: Path) -> dict:
    """A tiny fixed model for tests of the engine, and its golden values: `total` [1, 3] is the sum of `sources` [N, 3] times `gain` [1, 3], plus 0.5."""
    graph = helper.make_graph(
        [helper.make_node("Mul", ["sources", "gain"], ["scaled"]), helper.make_node("ReduceSum", ["scaled", "axis"], ["sum"], keepdims=1), helper.make_node("Add", ["sum", "half"], ["total"])],
        "tiny", [helper.make_tensor_value_info("sources", TensorProto.FLOAT, ["sources_count", 3]), helper.make_tensor_value_info("gain", TensorProto.FLOAT, [1, 3])],
        [helper.make_tensor_value_info("total", TensorProto.FLOAT, [1, 3])],
        [numpy_helper.from_array(np.array([0], np.int64), "axis"), numpy_helper.from_array(np.array([0.5], np.float32), "half")])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=10, producer_name="pantograph-training")
    helper.set_model_props(model, {"configuration": json.dumps({"name": "tiny"}), "licence": LICENCE})
    onnx.checker.check_model(model)
    path.write_bytes(model.SerializeToString(deterministic=True))
    cases = []
    for count in (1, 2, 3):
        sources, gain = np.arange(3 * count, dtype=np.float32).reshape(count, 3) / 4, np.array([[1, -2, 0.5]], np.float32)
        cases.append({"sources": sources.tolist(), "gain": gain.tolist(), "total": ((sources * gain).sum(0, keepdims=True) + 0.5).tolist()})
    return {"formula": "total = sum over sources of sources * gain, + 0.5", "cases": cases}


@torch.no_grad()
def write_golden(folder: Path, exported: Path, tolerance: float = 5e-3, side: int = shipped.side) -> None:
    """Golden values of the exported files, computed in fp32 by ONNX Runtime, and the tiny model. `tolerance` is the largest difference of a picture's value, of 0...1."""
    import onnxruntime

    folder.mkdir(parents=True, exist_ok=True)
    session = {name: onnxruntime.InferenceSession(str(exported / f"{name}.onnx"), providers=["CPUExecutionProvider"]) for name in ("detector", "source_encoder", "generator")}
    keypoints, encoded = {}, []
    for phase in (0.0, 0.5, 1.0):
        keypoints[phase] = session["detector"].run(["locations", "strengths"], {"picture": example_picture(side, phase)})
    for phase in (0.0, 1.0):
        encoded.append(session["source_encoder"].run(CACHED, {"picture": example_picture(side, phase), "locations": keypoints[phase][0], "strengths": keypoints[phase][1]}))
    plain = lambda array, digits=6: np.round(array.astype(np.float64), digits).ravel().tolist()
    stride, rebuilt = 97, []
    for count in (1, 2):
        sources = {name: np.concatenate([e[i] for e in encoded[:count]]) for i, name in enumerate(CACHED)}
        picture = session["generator"].run(["picture"], {**sources, "locations": keypoints[0.5][0], "strengths": keypoints[0.5][1]})[0]
        rebuilt.append({"source phases": [0.0, 1.0][:count], "driving phase": 0.5, "values": plain(picture.ravel()[::stride], 5)})
    golden = {
        "picture formula": FORMULA,
        "tolerance": {"note": "largest absolute difference allowed in fp32", "locations": 1e-3, "strengths": 1e-3, "encoder": 2e-2, "picture": tolerance},
        "sha256": {name: hashlib.sha256((exported / f"{name}.onnx").read_bytes()).hexdigest() for name in session},
        "detector": [{"phase": phase, "locations": np.round(l[0].astype(np.float64), 6).tolist(), "strengths": plain(s)} for phase, (l, s) in keypoints.items()],
        "source_encoder": {"phase": 0.0, "stride": 4099, "outputs": {name: {"shape": list(a.shape), "values": plain(a.ravel()[::4099], 5)} for name, a in zip(CACHED, encoded[0])}},
        "generator": {"stride": stride, "layout": "every stride-th value of picture [1, R, R, 3], row by row", "cases": rebuilt},
        "tiny": write_tiny(folder / "tiny.onnx"),
    }
    (folder / "golden.json").write_text(json.dumps(golden) + "\n")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--weights", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True, help="folder of the three files and model.json")
    parser.add_argument("--golden", type=Path, help="folder of golden values")
    parser.add_argument("--metrics", type=Path, help="JSON object of metrics to carry in the files")
    parser.add_argument("--verbose", action="store_true")
    options = parser.parse_args()
    if not options.verbose:
        warnings.filterwarnings("ignore")
        logging.disable(logging.WARNING)
    with safe_open(options.weights, "pt") as file:
        described = (file.metadata() or {}).get("configuration")
    # Of an earlier version, too: what the weights were trained as is what they are exported as.
    configuration = Configuration.of(json.loads(described)) if described else shipped
    network = Network(configuration)
    network.load_state_dict(load_file(options.weights))
    network.eval().requires_grad_(False)
    with safe_open(options.weights, "pt") as file:
        state = {name: json.loads(value) for name, value in (file.metadata() or {}).items()}
    metrics = json.loads(options.metrics.read_text()) if options.metrics else {}
    facts = {
        "configuration": configuration.describe(), "training_steps": state.get("step", 0), "pictures_seen": state.get("pictures", 0), "training_seconds": round(state.get("seconds", 0)),
        "training_clips_sha256": state.get("clips", ""), "metrics": metrics, "licence": LICENCE,
    }
    properties = {name: value if isinstance(value, str) else json.dumps(value) for name, value in facts.items()}
    options.out.mkdir(parents=True, exist_ok=True)
    picture = torch.from_numpy(example_picture(configuration.side, 0.0))
    locations, strengths = network.detector(picture.permute(0, 3, 1, 2))
    keypoints = {"locations": locations, "strengths": strengths}
    export_graph(Detector(network), {"picture": picture}, ["locations", "strengths"], options.out / "detector.onnx", False, properties)
    export_graph(Encoder(network), {"picture": picture, **keypoints}, CACHED, options.out / "source_encoder.onnx", False, properties)
    encoded = Encoder(network)(picture, locations, strengths)
    two = {name: tensor.repeat(2, *[1] * (tensor.dim() - 1)) for name, tensor in zip(CACHED, encoded)}
    export_graph(Rebuilder(network), {**two, **keypoints}, ["picture"], options.out / "generator.onnx", True, properties)
    files = {}
    for name in ("detector", "source_encoder", "generator"):
        content = (options.out / f"{name}.onnx").read_bytes()
        files[f"{name}.onnx"] = {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    tables = options.out / "keypoints.bin"
    if tables.exists():
        # They stay valid as long as the detector is the same; `keypoint_tables.py` makes them anew.
        files[tables.name] = {"bytes": tables.stat().st_size, "sha256": hashlib.sha256(tables.read_bytes()).hexdigest()}
    (options.out / "model.json").write_text(json.dumps({"files": files, "cached": CACHED, **facts}, indent=2) + "\n")
    if options.golden:
        write_golden(options.golden, options.out, side=configuration.side)
    print(json.dumps(files, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
