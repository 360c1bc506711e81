"""Says where the time of an exported network goes: OpenVINO's own counters (PERF_COUNT), by kind of node and the dearest nodes.

python profile_graph.py ../Sources/NeuralVideo/Resources/generator.onnx --sources 3

One thread, as a call runs it beside everything else. Inputs are random numbers in 0...1, which no time depends on. Each node's time is the least of the runs, so that other programs on the machine count little;
reorders that the engine puts between layouts show as their own kind.
"""
import argparse
import sys
from collections import defaultdict
from pathlib import Path

import numpy as np


def profile(path: Path, sources: int, precision: str, runs: int) -> list[tuple[str, str, str, float]]:
    """Name, kind, kernel and least milliseconds of each node that ran."""
    import openvino

    settings = {"PERFORMANCE_HINT": "LATENCY", "NUM_STREAMS": "1", "INFERENCE_NUM_THREADS": "1", "ENABLE_CPU_PINNING": "NO", "INFERENCE_PRECISION_HINT": precision, "PERF_COUNT": "YES"}
    model = openvino.Core().compile_model(path, "CPU", settings)
    random, request = np.random.default_rng(1), model.create_infer_request()
    inputs = {i.get_any_name(): random.random([d.get_length() if d.is_static else sources for d in i.partial_shape], dtype=np.float32) for i in model.inputs}
    least: dict[str, tuple[str, str, float]] = {}
    for _ in range(runs):
        request.infer(inputs)
        for node in request.get_profiling_info():
            took = node.real_time.total_seconds() * 1000
            if str(node.status).endswith("EXECUTED") and took > 0:
                least[node.node_name] = node.node_type, node.exec_type, min(took, least.get(node.node_name, ("", "", took))[2])
    return [(name, *rest) for name, rest in least.items()]


def table(nodes: list[tuple[str, str, str, float]], dearest: int) -> str:
    """Both tables, in Markdown."""
    kinds: dict[str, list[float]] = defaultdict(list)
    for _, kind, _, took in nodes:
        kinds[kind].append(took)
    total = sum(took for *_, took in nodes)
    lines = ["| kind of node | nodes | ms | share |", "| --- | --- | --- | --- |"]
    lines += [f"| {kind} | {len(times)} | {sum(times):.2f} | {sum(times) / total:.0%} |" for kind, times in sorted(kinds.items(), key=lambda item: -sum(item[1]))]
    lines += [f"| all | {len(nodes)} | {total:.2f} | |", "", "| node | kind | kernel | ms |", "| --- | --- | --- | --- |"]
    lines += [f"| {name[:60]} | {kind} | {kernel} | {took:.2f} |" for name, kind, kernel, took in sorted(nodes, key=lambda node: -node[3])[:dearest]]
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(prog="profile_graph.py", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path, help="detector.onnx, source_encoder.onnx or generator.onnx")
    parser.add_argument("--sources", type=int, default=3, choices=range(1, 9), help="number of sources, of the generator")
    parser.add_argument("--precision", choices=["f32", "bf16"], default="bf16")
    parser.add_argument("--runs", type=int, default=30)
    parser.add_argument("--dearest", type=int, default=15, help="nodes that are named")
    options = parser.parse_args()
    if not options.file.exists():
        parser.error(f"there is no {options.file}")
    print(table(profile(options.file, options.sources, options.precision, max(1, options.runs)), options.dearest))
    return 0


if __name__ == "__main__":
    sys.exit(main())
