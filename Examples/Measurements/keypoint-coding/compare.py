"""Compares the designs: kbit/s at 25 pictures a second against keypoint error and foretold LPIPS.

python compare.py --train A.npz [B.npz ...] --test C.npz --sensitivity W.npz --out FOLDER

Keypoints and the metric by `Training/keypoint_tables.py --cache` and `detect.py`. Writes rows.jsonl, one row for each design and step. Rates are counted by ideal code lengths (tables
trained on the training clips, 16-bit probabilities) and 1.3 bytes a datagram, one for format and step, 0.3 for the range coder's end.
"""
import argparse
import json
import time
from pathlib import Path

import numpy as np

from designs import Design, errors, load, metric_of, rate

MIDDLE = 0.028
"""The step at which probabilities are trained, roots of LPIPS; tables are by expected magnitude in steps, so they hold for other steps as well."""
STEPS = [0.014, 0.0198, 0.028, 0.04, 0.0566]


OPENINGS = ((6, 8, 1), (5, 10, 1), (7, 11, 1), (3, 4, 0))
"""Pairs of keypoints, and the axis, whose distance shows how far mouth and eyes are open."""


def with_openings(metric: np.ndarray, weight: float = 0.05) -> np.ndarray:
    """The metric, and the square of `weight` LPIPS more for each pixel, squared, by which mouth or eyes are open wrongly: LPIPS is a mean over the picture and hardly sees them."""
    result = metric.copy()
    for a, b, axis in OPENINGS:
        along = np.zeros(len(metric))
        along[3 * a + axis], along[3 * b + axis] = weight, -weight
        result += np.outer(along, along)
    return result


def variants() -> dict[str, dict]:
    """Options of the designs by name; the first is the recommended one, the others differ from it in what the name says."""
    base = {"lagrangian": 0.12}
    result = {"transform": base}
    result["plain rounding"] = {"lagrangian": 0.0}
    result["lagrangian 0.2"] = {"lagrangian": 0.2}
    result["no activity classes"] = {**base, "activity": False}
    result["no prediction of motion"] = {**base, "prediction": False}
    result["DCT over pictures"] = {**base, "temporal": "dct"}
    result["each picture against the one before"] = {**base, "temporal": "previous"}
    result["each picture against the reference"] = {**base, "temporal": "none"}
    result["single coordinates"] = {**base, "spatial": "none"}
    result["every second picture"] = {**base, "interpolate": 2}
    result["strengths from locations"] = {**base, "strengths": "shape"}
    for n in (2, 4, 5, 6):
        result[f"{n} pictures"] = {**base, "n": n}
    for k in (5, 10, 15):
        result[f"{k} keypoints"] = {**base, "k": k}
    result["from the source"] = {**base, "reference": "source"}
    result["tables filled by a network"] = {**base, "smooth": True}
    result["tables filled by a network, from the source"] = {**base, "smooth": True, "reference": "source"}
    result["mouth and eyes weighed"] = base
    return result


WEIGHED = {"mouth and eyes weighed"}
"""Designs whose basis is of `with_openings`; their errors are by the plain metric like those of all."""


def main() -> None:
    parser = argparse.ArgumentParser(prog="compare.py", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--train", nargs="+", required=True)
    parser.add_argument("--test", required=True)
    parser.add_argument("--sensitivity", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--only", nargs="*", help="these designs only")
    options = parser.parse_args()
    train, test, metric = load(*options.train), load(options.test), metric_of(options.sensitivity)
    print(len(train), "training clips,", sum(map(len, train)), "pictures;", len(test), "test clips,", sum(map(len, test)), "pictures", flush=True)
    with (options.out / "rows.jsonl").open("a") as file:
        def write(**row):
            row = {key: round(value, 6) if isinstance(value, float) else value for key, value in row.items()}
            print(json.dumps(row), file=file, flush=True)
            print(row, flush=True)
        for name, chosen in variants().items():
            if options.only and name not in options.only:
                continue
            begun = time.process_time()
            design = Design(**chosen, step=MIDDLE).fit(train, with_openings(metric) if name in WEIGHED else metric, 2)
            for step in STEPS:
                design.step = step
                bits, decoded = design.code(test)
                write(design=name, step=step, k=design.k, n=design.n, kbit=rate(bits, design.n), ideal=float(bits.mean() * 25 / design.n / 1000), **errors(test, decoded, metric))
            print(f"{name}: {time.process_time() - begun:.1f} s", flush=True)


if __name__ == "__main__":
    main()
