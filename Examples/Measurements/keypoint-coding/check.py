"""Codes the test clips' datagrams by the range coder, decodes them again, and compares their bytes with the ideal code length.

python check.py --train A.npz [B.npz ...] --test C.npz --sensitivity W.npz --out FOLDER

The recommended design (tables filled by a network) at several steps. Of each datagram the numbers are decoded from its bytes alone and must be the same. Writes check.jsonl.
"""
import argparse
import json
from pathlib import Path

import numpy as np

from compare import MIDDLE, STEPS
from designs import ALPHABET, Design, errors, load
from range_coder import RangeDecoder, RangeEncoder


def encode(numbers: np.ndarray, decisions: np.ndarray) -> bytes:
    """Bytes of a datagram's numbers [s, 4], with the tables of three probabilities of a one."""
    coder = RangeEncoder()
    for level, activity, magnitude, sign in numbers.tolist():
        some, more, again = decisions[level][activity]
        coder.fixed(int(magnitude > 0), some)
        if magnitude:
            coder.fixed(int(sign < 0), 32768)
            coder.fixed(int(magnitude > 1), more)
            for i in range(2, min(magnitude, ALPHABET - 2) + 1 if magnitude > 1 else 0):
                coder.fixed(int(magnitude > i), again)
            if magnitude >= ALPHABET - 1:
                rest = magnitude - ALPHABET + 2
                for i in range(rest.bit_length() - 1):
                    coder.fixed(1, 32768)
                coder.fixed(0, 32768)
                for i in range(rest.bit_length() - 2, -1, -1):
                    coder.fixed(rest >> i & 1, 32768)
    return coder.data()


def decode(data: bytes, contexts: np.ndarray, decisions: np.ndarray) -> list[int]:
    """Signed numbers of a datagram; `contexts` [s, 2] are level and activity, which a decoder finds as it goes from what it has decoded."""
    coder, result = RangeDecoder(data), []
    for level, activity in contexts.tolist():
        some, more, again = decisions[level][activity]
        magnitude = coder.fixed(some)
        if magnitude:
            negative = coder.fixed(32768)
            if coder.fixed(more):
                magnitude = 2
                while magnitude < ALPHABET - 1 and coder.fixed(again):
                    magnitude += 1
            if magnitude == ALPHABET - 1:
                length = 0
                while coder.fixed(32768):
                    length += 1
                rest = 1
                for _ in range(length):
                    rest = 2 * rest + coder.fixed(32768)
                magnitude = rest + ALPHABET - 2
            magnitude = -magnitude if negative else magnitude
        result.append(magnitude)
    return result


def main() -> None:
    parser = argparse.ArgumentParser(prog="check.py", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("test", "sensitivity", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--train", nargs="+", required=True)
    options = parser.parse_args()
    train, test, metric = load(*options.train), load(options.test), np.load(options.sensitivity)["W"]
    with (options.out / "check.jsonl").open("w") as file:
        for reference in ("acknowledged", "source"):
            design = Design(lagrangian=0.12, smooth=True, step=MIDDLE, reference=reference).fit(train, metric, 3)
            for step in STEPS:
                design.step, design.recorded = step, []
                bits, decoded = design.code(test)
                decisions = np.round(design.decisions * 65536).astype(int).tolist()
                sizes = []
                for numbers in design.recorded:
                    data = encode(numbers, decisions)
                    if decode(data, numbers[:, :2], decisions) != (numbers[:, 2] * numbers[:, 3]).tolist():
                        raise SystemExit("a datagram does not decode to what was coded")
                    sizes.append(len(data))
                sizes = np.array(sizes)
                row = {"reference": reference, "step": step, "datagrams": len(sizes), "ideal_bytes": bits.mean() / 8, "bytes": sizes.mean(), "numbers": len(design.recorded[0]), "kbit": (sizes + 1).mean() * 8 * 25 / 3 / 1000,
                       "p95_bytes": float(np.percentile(sizes + 1, 95)), **errors(test, decoded, metric)}
                row = {key: value if isinstance(value, str) else round(float(value), 5) for key, value in row.items()}
                print(json.dumps(row), file=file, flush=True)
                print(row, flush=True)
            np.savez(options.out / f"model-{reference}.npz", analysis=design.analysis, synthesis=design.synthesis, time=design.time, scale=design.scale, decisions=decisions)


if __name__ == "__main__":
    main()
