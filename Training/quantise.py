"""Rounds the convolutions of an exported generator to 8 bits: a fifth less time for a picture, at a small cost in quality, and a smaller file.

python quantise.py --model FOLDER --clips FOLDER --out FOLDER [--golden FOLDER]

`--model` is what `export.py` wrote. Ranges of activations are taken from training clips (never from test clips): each sample is one picture rebuilt from one to three others of its clip. Layers whose
errors move pixels or are seen directly stay as they are (`KEPT`). The result is a folder of the same form; measure it by `evaluate.py --onnx` or `pantograph-measure rebuild --model` before it ships.
Needs NNCF beside the packages of requirements.txt.
"""
import argparse
import hashlib
import json
import logging
import random
import shutil
import sys
from pathlib import Path

import numpy as np
import onnx
from onnx import ModelProto, NodeProto, TensorProto, numpy_helper

from data.video import ClipError, decode, videos
from engine import weighted_rows
from export import compress, write_golden

KEPT = ("attention.", "motion.", "correction.", "fit.", "generator.exit.", "generator.join_8.")
"""Parts of names of weights that are not rounded: where the network looks; the last layer; and `join_8`, which OpenVINO 2026.4 runs wrongly (a mean error of 0.015 in the picture, where ONNX Runtime has
0.0006 for the same file)."""

TOLERANCE = 0.15
"""Of a value of a picture, 0...1, between two engines: where one rounds up and the other down, a level of 8 bits is between them (0.1 was seen)."""


def unfolded(model: ModelProto) -> ModelProto:
    """The same with weights in fp32 instead of fp16 and a cast, since only constants can be rounded."""
    tensors = {tensor.name: tensor for tensor in model.graph.initializer}
    nodes = []
    for node in model.graph.node:
        tensor = tensors.get(node.input[0]) if node.op_type == "Cast" else None
        if tensor is not None and tensor.data_type == TensorProto.FLOAT16:
            tensor.CopyFrom(numpy_helper.from_array(numpy_helper.to_array(tensor).astype(np.float32), node.output[0]))
        else:
            nodes.append(node)
    del model.graph.node[:]
    model.graph.node.extend(nodes)
    return model


def spelled_out(model: ModelProto) -> list[NodeProto]:
    """Replaces each `ATen` by the standard operators that it stands for, since NNCF knows no functions; the nodes that were replaced."""
    nodes, replaced = [], []
    for node in model.graph.node:
        if node.op_type != "ATen":
            nodes.append(node)
            continue
        function = weighted_rows()
        names = dict(zip(function.input, node.input)) | dict(zip(function.output, node.output))
        for part in function.node:
            part.name = f"{node.name}/{part.output[0]}"
            for values in (part.input, part.output):
                values[:] = [names.get(value, f"{node.name}/{value}") for value in values]
            nodes.append(part)
        replaced.append(node)
    del model.graph.node[:], model.functions[:]
    model.graph.node.extend(nodes)
    return replaced


def put_back(model: ModelProto, replaced: list[NodeProto]) -> None:
    """Undoes `spelled_out`."""
    by_result = {node.output[0]: node for node in replaced}
    nodes = []
    for node in model.graph.node:
        if node.output[0] in by_result:
            nodes.append(by_result[node.output[0]])
        elif not any(node.name.startswith(f"{other.name}/") for other in replaced):
            nodes.append(node)
    del model.graph.node[:]
    model.graph.node.extend(nodes)
    model.functions.append(weighted_rows())


def kept_nodes(model: ModelProto) -> list[str]:
    """Names of convolutions that stay: those of `KEPT`, and fixed ones without weights of their own, which enlarge displacements."""
    names = {tensor.name for tensor in model.graph.initializer if tensor.name.startswith("network.")}
    convolutions = [node for node in model.graph.node if node.op_type == "Conv"]
    return [node.name for node in convolutions if node.input[1] not in names or any(part in node.input[1] for part in KEPT)]


class Encoded:
    """Runs detector and source encoder of an exported folder in fp32."""

    def __init__(self, folder: Path):
        import openvino

        core = openvino.Core()
        self.models = {name: core.compile_model(folder / f"{name}.onnx", "CPU", {"INFERENCE_PRECISION_HINT": "f32"}) for name in ("detector", "source_encoder")}
        self.side = self.models["detector"].input(0).partial_shape[1].get_length()

    def run(self, name: str, **inputs: np.ndarray) -> dict[str, np.ndarray]:
        """All outputs of one file by name."""
        return {output.get_any_name(): np.array(value) for output, value in self.models[name](inputs).items()}

    def sample(self, path: Path, chance: random.Random) -> dict[str, np.ndarray]:
        """Inputs of the generator: one to three sources of a clip and the keypoints of another picture. Throws `ClipError`."""
        pictures = list(decode(path))
        chosen = [chance.choice(pictures) for _ in range(chance.randint(1, 3) + 1)]
        arrays = [picture.centred_square(self.side)[None].astype(np.float32) / 255 for picture in chosen]
        found = [self.run("detector", picture=array) for array in arrays]
        sources = [self.run("source_encoder", picture=array, **keypoints) for array, keypoints in zip(arrays[:-1], found)]
        return {name: np.concatenate([source[name] for source in sources]) for name in sources[0]} | found[-1]


def quantise(folder: Path, clips: Path, out: Path, samples: int, seed: int) -> dict:
    """Writes the rounded generator with the other files beside it; `model.json`'s content."""
    import nncf

    chance, encoded = random.Random(seed), Encoded(folder)
    paths, taken = videos(clips), []
    chance.shuffle(paths)
    for path in paths:
        if len(taken) == samples:
            break
        try:
            taken.append(encoded.sample(path, chance))
        except ClipError as error:
            print(f"passed over {path.name}: {error}", file=sys.stderr)
    if len(taken) < samples:
        raise SystemExit(f"{clips} gave {len(taken)} samples, {samples} are wanted: give more clips or a smaller --samples")
    model = unfolded(onnx.load(folder / "generator.onnx"))
    properties = {p.key: p.value for p in model.metadata_props}
    reads = spelled_out(model)
    others = sorted({node.op_type for node in model.graph.node} - {"Conv"})
    rounded = nncf.quantize(
        model, nncf.Dataset(taken), preset=nncf.QuantizationPreset.MIXED, subset_size=samples,
        ignored_scope=nncf.IgnoredScope(types=others, names=kept_nodes(model)))
    put_back(rounded, reads)
    compress(rounded)
    properties["quantised"] = json.dumps({"samples": samples, "seed": seed, "kept": KEPT})
    onnx.helper.set_model_props(rounded, properties)
    out.mkdir(parents=True, exist_ok=True)
    for name in ("detector.onnx", "source_encoder.onnx"):
        shutil.copy(folder / name, out / name)
    (out / "generator.onnx").write_bytes(rounded.SerializeToString(deterministic=True))
    description = json.loads((folder / "model.json").read_text())
    for name in ("detector.onnx", "source_encoder.onnx", "generator.onnx"):
        content = (out / name).read_bytes()
        description["files"][name] = {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    description["quantised"] = json.loads(properties["quantised"])
    (out / "model.json").write_text(json.dumps(description, indent=2) + "\n")
    return description


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, required=True, help="folder that export.py wrote")
    parser.add_argument("--clips", type=Path, required=True, help="folder of training clips")
    parser.add_argument("--out", type=Path, required=True, help="folder of the rounded network")
    parser.add_argument("--golden", type=Path, help="folder of golden values of the rounded network")
    parser.add_argument("--samples", type=int, default=24)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    logging.disable(logging.WARNING)
    print(json.dumps(quantise(options.model, options.clips, options.out, options.samples, options.seed)["files"], indent=2))
    if options.golden:
        write_golden(options.golden, options.out, TOLERANCE)
    return 0


if __name__ == "__main__":
    sys.exit(main())
