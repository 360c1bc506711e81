#!/usr/bin/env python3
"""Calls in which both ends send, with acknowledgements alone and along with the other direction's datagrams (pantograph-measure two-way): rows.jsonl and table.md.
Build the programs first: swift build -c release.

    python3 Examples/Measurements/two-way/run.py --clips CLIP CLIP
"""
import argparse
import json
import pathlib
import subprocess

HERE = pathlib.Path(__file__).resolve().parent
HEAD = ["link", "promised", "acknowledgements", "sent by each end", "most in 2 s (promise kept)", "of it acknowledgements: alone", "beside others", "voice", "keypoints", "sources", "datagrams a second",
        "shown", "voice concealed", "until due, ms"]


def cells(rows):
    """A row of the table from the two ends of a call: means, but for the most in two seconds."""
    def mean(name):
        return sum(r[name] for r in rows) / len(rows)
    most = max(r["largestRate"] for r in rows)
    kept = "yes" if most <= rows[0]["promised"] else "NO"
    return [rows[0]["link"], f"{rows[0]['promised']:g}", "along" if rows[0]["sharesDatagrams"] else "alone", f"{mean('rate'):.1f}", f"{most:.1f} ({kept})", f"{mean('feedbackAlone'):.2f}",
            f"{mean('feedbackBeside'):.2f}", f"{mean('voice'):.1f}", f"{mean('keypoints'):.1f}", f"{mean('sources'):.1f}", f"{mean('datagrams') / rows[0]['seconds']:.1f}", f"{100 * mean('shown'):.1f} %",
            f"{100 * mean('voiceConcealed'):.1f} %", f"{mean('delayMedian'):.0f}"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clips", type=pathlib.Path, nargs=2, required=True, help="a video of a talking head for each end")
    parser.add_argument("--rates", type=float, nargs="+", default=[12.2, 16, 24, 32])
    parser.add_argument("--links", nargs="+", default=["perfect", "random-10", "narrow-12"])
    parser.add_argument("--seconds", type=int, default=30)
    parser.add_argument("--out", type=pathlib.Path, default=HERE, help="where the results go")
    arguments = parser.parse_args()
    root = HERE.parents[2]
    built = subprocess.run(["swift", "build", "-c", "release", "--show-bin-path"], cwd=root, check=True, capture_output=True, text=True)
    measure = pathlib.Path(built.stdout.strip()) / "pantograph-measure"
    table = ["| " + " | ".join(HEAD) + " |", "|" + " --- |" * len(HEAD)]
    kept = []
    for link in arguments.links:
        # A bad link is looked at with the rate of a usual call.
        for rate in arguments.rates if link == "perfect" else [24]:
            for option in (["--feedback-alone"], []):
                command = [measure, "two-way", "--link", link, "--clip", arguments.clips[0], "--clip-back", arguments.clips[1], "--seconds", str(arguments.seconds), "--rate", str(rate), "--threads", "1"]
                done = subprocess.run(command + option, check=True, capture_output=True, text=True)
                rows = [json.loads(line) | {"seconds": arguments.seconds} for line in done.stdout.splitlines()]
                kept += rows
                table.append("| " + " | ".join(cells(rows)) + " |")
                print(table[-1], flush=True)
    (arguments.out / "rows.jsonl").write_text("".join(json.dumps(r) + "\n" for r in kept))
    (arguments.out / "table.md").write_text("\n".join(table) + "\n")


if __name__ == "__main__":
    main()
