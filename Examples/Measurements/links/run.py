#!/usr/bin/env python3
"""Whole calls over bad links. By default each link by name on a virtual clock (pantograph-measure call): rows.jsonl, table.md and a plot of each.
With --sockets some of them as three processes over loopback sockets in real time, with pantograph-measure relay between the ends: sockets.md.
Build the programs first: swift build -c release. --sockets needs ffmpeg.

    python3 Examples/Measurements/links/run.py --clip CLIP --lpips lpips.safetensors
    python3 Examples/Measurements/links/run.py --clip CLIP --lpips lpips.safetensors --sockets
"""
import argparse
import json
import pathlib
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[2]
# The same links for the relay, whose two directions are alike.
RELAYS = {
    "dial-up": ["--cap", "40", "--delay", "92", "--loss", "0.02"],
    "bgan-16": ["--cap", "16", "--delay", "300", "--burst-start", "0.0103", "--burst-end", "0.333"],
    "congested": ["--delay", "40", "--jitter", "80", "--loss", "0.1"],
}


def programs():
    out = subprocess.run(["swift", "build", "-c", "release", "--show-bin-path"], cwd=ROOT, check=True, capture_output=True, text=True)
    return pathlib.Path(out.stdout.strip())


def links(measure):
    told = subprocess.run([measure, "call", "--help"], check=True, capture_output=True, text=True).stdout
    return re.findall(r"^\s+([a-z]+(?:-[a-z0-9]+)?): ", told.split("Links:")[1].split("USAGE")[0], re.M)


def mean(rows, name):
    values = [r[name] for r in rows if r.get(name) is not None]
    return sum(values) / len(values) if values else None


def row(rows):
    """One link's calls: means of shares, delays and LPIPS; the worst of what is promised, of freezes and of what comes first."""
    def percent(name):
        share = mean(rows, name)
        return "–" if share is None else f"{100 * share:.1f} %"
    def number(value, digits):
        return "–" if value is None else f"{value:.{digits}f}"
    def most(name):
        return max((r[name] for r in rows if r.get(name) is not None), default=None)
    largest = most("largestRate")
    kept = "yes" if all(r["largestRate"] <= r["promised"] for r in rows) else "NO"
    moving = [r for r in rows if r["shown"] > 0]
    freeze = f"{max(r['longestFreeze'] for r in moving):.2f} ({max(r['freezeBeyondLoss'] for r in moving):.2f})" if moving else "–"
    delays = f"{number(mean(rows, 'delayMedian'), 0)} / {number(mean(rows, 'delay95'), 0)}"
    return [rows[0]["link"], f"{rows[0]['promised']:g}", f"{mean(rows, 'rate'):.1f}", f"{largest:.1f} ({kept})", percent("shown"), percent("madeUp"), freeze, delays, percent("voiceConcealed"),
            f"{number(most('firstStill'), 1)} / {number(most('firstPicture'), 1)}", number(mean(rows, "lpips"), 3)]


def table(rows):
    head = ["link", "promised, kbit/s", "sent", "most in 2 s (promise kept)", "pictures shown", "made up", "longest freeze, s (beyond the loss behind it)", "capture to display, ms (median / 95 %)", "voice concealed",
            "still / moving after, s", "LPIPS"]
    lines = ["| " + " | ".join(head) + " |", "|" + " --- |" * len(head)]
    calls = {}
    for r in rows:
        calls.setdefault(r["link"], []).append(r)
    return "\n".join(lines + ["| " + " | ".join(row(of_link)) + " |" for of_link in calls.values()]) + "\n"


def emulated(arguments, binaries):
    rows = []
    for name in arguments.links or links(binaries / "pantograph-measure"):
        for clip, seed in ((clip, seed) for clip in arguments.clip for seed in arguments.seed):
            command = [binaries / "pantograph-measure", "call", "--link", name, "--clip", clip, "--seconds", str(arguments.seconds), "--rate", str(arguments.rate), "--threads", "1", "--every", str(arguments.every),
                       "--fallback", "off",      # what links do to keypoints is the question here
                       "--out", arguments.out / "plots", "--seed", str(seed)]
            command += ["--lpips", arguments.lpips] if arguments.lpips else []
            done = subprocess.run(command, capture_output=True, text=True)
            if done.returncode:
                print(f"{name}: {done.stderr.strip()}", file=sys.stderr)
                continue
            rows.append(json.loads(done.stdout))
            rows[-1]["clip"] = pathlib.Path(rows[-1]["clip"]).stem
            print(" | ".join([rows[-1]["clip"], str(seed), *row(rows[-1:])]), flush=True)
            (arguments.out / "rows.jsonl").write_text("".join(json.dumps(r) + "\n" for r in rows))
    (arguments.out / "table.md").write_text(table(rows))


def port_of(process, what):
    line = process.stderr.readline()
    found = re.search(r":(\d+)(?: to|$|\s)", line)
    if not found:
        sys.exit(f"{what} did not start: {line}")
    return found[1]


def sockets(arguments, binaries):
    head = ["link", "sent, kbit/s", "target at the end", "queueing, ms", "round trip, ms", "pictures sent / shown", "made up", "longest loss, pictures", "LPIPS"]
    lines = ["| " + " | ".join(head) + " |", "|" + " --- |" * len(head)]
    for name, options in RELAYS.items():
        with tempfile.TemporaryDirectory() as folder:
            folder = pathlib.Path(folder)
            video, out, key = folder / "long.mkv", folder / "out.mkv", folder / "call.key"
            subprocess.run(["ffmpeg", "-y", "-loglevel", "error", "-stream_loop", "-1", "-i", arguments.clip[0], "-t", str(arguments.seconds), "-r", "25", "-vf", "scale=256:256",
                            "-c:v", "libx264", "-crf", "12", "-preset", "veryfast", "-an", video], check=True)
            subprocess.run([binaries / "pantograph-send", "--make-key", key], check=True, stderr=subprocess.DEVNULL)
            processes = []
            try:
                receiver = subprocess.Popen([binaries / "pantograph-receive", "--key-file", key, "--listen", "127.0.0.1:0", "--output", out, "--stats", folder / "r.jsonl"],
                                            stderr=subprocess.PIPE, text=True)
                processes.append(receiver)
                relay = subprocess.Popen([binaries / "pantograph-measure", "relay", "--listen", "127.0.0.1:0", "--to", f"127.0.0.1:{port_of(receiver, 'the receiver')}", "--timeout", "5",
                                          *options], stderr=subprocess.PIPE, text=True)
                processes.append(relay)
                subprocess.run([binaries / "pantograph-send", "--key-file", key, "--input", video, "--rate", str(arguments.rate), "--to", f"127.0.0.1:{port_of(relay, 'the relay')}",
                                "--stats", folder / "s.jsonl", "--quiet"], check=True)
                receiver.wait(timeout=120)
            finally:
                for process in processes:
                    process.kill()
            report = folder / "compare.json"
            subprocess.run([binaries / "pantograph-measure", "compare", "--align-ends", "--original", video, "--rebuilt", out, "--lpips", arguments.lpips, "--report", report], check=True,
                           stdout=subprocess.DEVNULL)
            sent, received = ([json.loads(line) for line in (folder / f).read_text().splitlines()][-1] for f in ("s.jsonl", "r.jsonl"))
            quality = json.loads(report.read_text())
            cells = [name, f"{sent['wireKilobitsPerSecond']:.1f}", f"{sent['targetKilobitsPerSecond']:.1f}", f"{sent['queueingMilliseconds']:.0f}", f"{sent['roundTripMilliseconds']:.0f}",
                     f"{sent['pictures']} / {received['pictures']}", str(received["concealedPictures"]), str(received["longestLoss"]), f"{quality['quality']['lpips']['mean']:.3f}"]
            lines.append("| " + " | ".join(cells) + " |")
            print(lines[-1], flush=True)
    (arguments.out / "sockets.md").write_text("\n".join(lines) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clip", type=pathlib.Path, nargs="+", required=True, help="videos of a talking head")
    parser.add_argument("--lpips", type=pathlib.Path, help="LPIPS weights (safetensors)")
    parser.add_argument("--links", nargs="+", help="some of the links (default: all)")
    parser.add_argument("--rate", type=float, default=24, help="promised rate in kbit/s")
    parser.add_argument("--seconds", type=int, default=30)
    parser.add_argument("--seed", type=int, nargs="+", default=[1], help="seeds of the links; each is another call")
    parser.add_argument("--every", type=int, default=5, help="measure LPIPS of each n-th picture")
    parser.add_argument("--programs", type=pathlib.Path, help="folder of the programs (default: this checkout's)")
    parser.add_argument("--sockets", action="store_true", help="links in real time over sockets")
    parser.add_argument("--out", type=pathlib.Path, default=HERE, help="where the results go")
    arguments = parser.parse_args()
    (sockets if arguments.sockets else emulated)(arguments, arguments.programs or programs())


if __name__ == "__main__":
    main()
