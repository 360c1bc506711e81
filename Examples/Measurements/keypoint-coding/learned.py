"""A small learned context model for the transform's numbers, beside the tables chosen by activity.

python learned.py --train A.npz [B.npz ...] --test C.npz --sensitivity W.npz --out FOLDER

For each number a network of one hidden layer (8 inputs, 16 hidden units, 3 outputs: 195 weights) gives the probability of zero, of one given not zero, and how slowly larger magnitudes become rarer, from its
expected magnitude, the activity so far, its neighbours in the basis and in time, and how much the acknowledged pictures moved. The numbers themselves are those of `designs.py`, whose bits for the same
numbers stand beside. Ideal code lengths; floating point here, of the size that whole numbers could do. Writes learned.jsonl.
"""
import argparse
import json
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

from designs import ALPHABET, INDICES, LOWEST, Design, load, metric_of

NAMES = ["expected", "activity", "before", "before that", "same, picture basis before", "same, two before", "acknowledged motion", "component"]


def samples(design: Design, clips: list[np.ndarray]) -> tuple[np.ndarray, np.ndarray, int]:
    """Inputs [s, 8] and magnitudes [s] of all numbers coded, and how many datagrams they are."""
    design.code(clips)
    q = np.abs(np.concatenate([t[0] for t in design.trace]))
    moved = np.concatenate([t[1] for t in design.trace])
    index = np.round(4 * (np.log2(design.scale / design.step) - LOWEST)).clip(-1, INDICES - 1).astype(int)
    motion = np.log2(0.1 + (np.abs(moved) / design.step).mean(1))
    seen, wanted, inputs, values = np.full(len(q), 0.5), 0.5, [], []
    small = lambda v: np.log2(1 + v)
    for f in range(q.shape[1]):
        for k in range(q.shape[2]):
            if index[f, k] < 0:
                continue
            past = [q[:, f, k - j] if k >= j else 0 * seen for j in (1, 2)] + [q[:, f - j, k] if f >= j else 0 * seen for j in (1, 2)]
            inputs.append(np.stack([np.full(len(q), np.log2(design.scale[f, k] / design.step)), np.log2(seen / wanted), *map(small, past), motion, np.full(len(q), k / 20)], 1))
            values.append(q[:, f, k])
            seen, wanted = seen + np.minimum(q[:, f, k], 4), wanted + design.expected[index[f, k]]
    return np.concatenate(inputs), np.concatenate(values), len(q)


def lengths(output: torch.Tensor, magnitude: torch.Tensor) -> torch.Tensor:
    """Bits, sign included, of magnitudes [s] with outputs [s, 3]."""
    nonzero, more = magnitude > 0, magnitude > 1
    bits = F.binary_cross_entropy_with_logits(output[:, 0], nonzero.float(), reduction="none") + nonzero * (0.6931 + F.binary_cross_entropy_with_logits(output[:, 1], more.float(), reduction="none"))
    # Beyond 1 geometric: each further step goes on with the probability of the third output.
    bits = bits + more * (F.softplus(output[:, 2]) - (magnitude - 2).clamp(min=0) * F.logsigmoid(output[:, 2]))
    return bits / 0.6931


def main() -> None:
    parser = argparse.ArgumentParser(prog="learned.py", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("test", "sensitivity", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--train", nargs="+", required=True)
    parser.add_argument("--step", type=float, default=0.028)
    options = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(1)
    train, test, metric = load(*options.train), load(options.test), metric_of(options.sensitivity)
    rows = {}
    for name, activity in (("tables", False), ("tables by activity", True)):
        design = Design(lagrangian=0.12, step=options.step, activity=activity).fit(train, metric, 2)
        bits, _ = design.code(test)
        rows[name] = float(bits.mean())
    # The numbers are those that the tables by activity chose; the same ones by the network.
    x, y, _ = samples(design, train)
    xt, yt, count = samples(design, test)
    x, y, xt, yt = (torch.tensor(v).float() for v in (x, y, xt, yt))
    mean, deviation = x.mean(0), x.std(0) + 1e-6
    for name, columns in (("network", range(8)), ("network, no acknowledged motion", [0, 1, 2, 3, 4, 5, 7]), ("network, only expected and activity", [0, 1])):
        a, at = ((v[:, list(columns)] - mean[list(columns)]) / deviation[list(columns)] for v in (x, xt))
        network = torch.nn.Sequential(torch.nn.Linear(a.shape[1], 16), torch.nn.ReLU(), torch.nn.Linear(16, 3))
        optimiser = torch.optim.Adam(network.parameters(), 0.02)
        for step in range(500):
            for group in optimiser.param_groups:
                group["lr"] = 0.02 * (1 - step / 500) + 1e-4
            part = torch.randint(len(a), (8192,))
            loss = lengths(network(a[part]), y[part]).mean()
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
        with torch.no_grad():
            rows[name] = float(lengths(network(at), yt).sum()) / count
    with (options.out / "learned.jsonl").open("w") as file:
        for name, bits in rows.items():
            row = {"model": name, "step": options.step, "bits_a_datagram": round(bits, 2), "kbit": round(bits * 25 / 3 / 1000, 4)}
            print(json.dumps(row), file=file)
            print(row)


if __name__ == "__main__":
    main()
