"""What units of keypoints take on all test clips: real bytes over steps, pictures a unit and delays.

python check.py --test test.npz [--tables keypoints.bin] --out FOLDER

`test.npz` is of `detect.py`. Writes check.jsonl, a row for each setting.
"""
import argparse
import json
from pathlib import Path

import numpy as np

from call import ROOT, Call, Tables, errors, load, states, vectors

SETTINGS = [dict(step=i) for i in (0, 2, 4, 5, 6, 7, 8, 10, 12)] + [dict(n=n) for n in (1, 2, 4, 6)] + [dict(delay=15), dict(nearest=False), dict(pictures_too=False)]
USUAL = dict(n=3, step=6, delay=5, nearest=True, pictures_too=True)


def main() -> None:
    parser = argparse.ArgumentParser(prog="check.py", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--test", type=Path, required=True)
    parser.add_argument("--tables", type=Path, default=ROOT / "Sources" / "NeuralVideo" / "Resources" / "keypoints.bin")
    parser.add_argument("--every", type=int, default=1, help="each so-many-th clip only")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    clips = list(load(options.test).values())[::options.every]
    tables = Tables(options.tables.read_bytes())
    with (options.out / "check.jsonl").open("w") as file:
        for setting in SETTINGS:
            call = Call(tables, **(USUAL | setting))
            whole = [states(clip[:, :tables.size]) for clip in clips]
            coded = [call.code(clip) for clip in whole]
            lengths = np.concatenate([lengths for lengths, _ in coded])
            sources = [len(call.source(clip[0])[0]) for clip in whole]
            row = {**USUAL, **setting, "k": tables.count, "clips": len(clips), "pictures": int(len(lengths) * call.n), "bytes": float(lengths.mean()), "p95_bytes": float(np.percentile(lengths, 95)),
                   "source_bytes": float(np.mean(sources)), "kbit": float(lengths.mean() * 8 * 25 / call.n / 1000), **errors(clips, [vectors(decoded) for _, decoded in coded])}
            row = {key: round(value, 5) if isinstance(value, float) else value for key, value in row.items()}
            print(json.dumps(row), file=file, flush=True)
            print(row, flush=True)


if __name__ == "__main__":
    main()
