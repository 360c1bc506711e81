#!/usr/bin/env python3
"""Whole calls over bad links. By default each link by name on a virtual clock (pantograph-measure call): rows.jsonl, table.md and a plot of each.
With --sockets some of them as three processes over loopback sockets in real time, with pantograph-measure relay between the ends: sockets.jsonl, sockets.md.
Build the programs first: swift build -c release. --sockets needs ffmpeg and espeak-ng.

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


def table(rows, more={}):
    """A row for each link; `more` names shares that get a column of their own."""
    head = ["link", "promised, kbit/s", "sent", "most in 2 s (promise kept)", "pictures shown", "made up", "longest freeze, s (beyond the loss behind it)", "capture to display, ms (median / 95 %)", "voice concealed",
            "still / moving after, s", "LPIPS", *more.values()]
    lines = ["| " + " | ".join(head) + " |", "|" + " --- |" * len(head)]
    calls = {}
    for r in rows:
        calls.setdefault(r["link"], []).append(r)
    return "\n".join(lines + ["| " + " | ".join(row(of_link) + [f"{100 * mean(of_link, name):.1f} %" for name in more]) + " |" for of_link in calls.values()]) + "\n"


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


TEXT = "The quick brown fox jumps over the lazy dog. A call must be understood before it is seen, and so the voice comes first, then the picture. "
INTERVAL = 0.04
LATEST_SEND = 0.3       # a picture waits so long at most for the others of its datagram, and their sound


def spoken(clip, seconds, folder):
    """The clip, repeated, with a voice."""
    sound, video = folder / "voice.wav", folder / "spoken.mkv"
    subprocess.run(["espeak-ng", "-w", sound, TEXT * (1 + seconds // 8)], check=True)
    subprocess.run(["ffmpeg", "-y", "-loglevel", "error", "-stream_loop", "-1", "-i", clip, "-i", sound, "-map", "0:v", "-map", "1:a", "-t", str(seconds), "-r", "25", "-vf", "scale=256:256",
                    "-c:v", "libx264", "-crf", "12", "-preset", "veryfast", "-c:a", "pcm_s16le", video], check=True)
    return video


def lines(path):
    return [json.loads(line) for line in path.read_text().splitlines()]


def largest_rate(wire):
    """The most in any two seconds, kbit/s."""
    largest = first = total = 0
    for datagram in wire:
        total += datagram["bytes"]
        while datagram["clock"] - wire[first]["clock"] > 2:
            total -= wire[first]["bytes"]
            first += 1
        largest = max(largest, total)
    return largest * 8 / 2000


def freezes(taken, shown, wire):
    """The longest freeze, and by how much one outlasted its loss at most: as SimulationTrace does it."""
    fresh = [line for line in shown if line["event"] in ("keypoints", "stream")]
    ends = fresh[1:]
    if shown[-1]["event"] not in ("keypoints", "stream"):
        ends.append(dict(picture=shown[-1]["picture"] + 1, clock=shown[-1]["clock"] + INTERVAL))
    longest = beyond = 0
    for before, after in zip(fresh, ends):
        length = after["clock"] - before["clock"] - INTERVAL
        begin, end = (taken[0] + line["picture"] * INTERVAL for line in (before, after))
        lost = sum(later["clock"] - one["clock"] for one, later in zip(wire, wire[1:]) if one["isLost"] and begin < one["clock"] <= end + LATEST_SEND)
        longest, beyond = max(longest, length), max(beyond, length - lost)
    return longest, beyond


def real_call(binaries, arguments, name, video, folder):
    """A sealed call through the relay; the receiver's pictures go to standard output as for one who watches."""
    key, out = folder / "call.key", folder / "out.y4m"
    key.unlink(missing_ok=True)
    subprocess.run([binaries / "pantograph-send", "--make-key", key], check=True, stderr=subprocess.DEVNULL)
    processes = []
    try:
        with open(out, "wb") as pictures:
            receiver = subprocess.Popen([binaries / "pantograph-receive", "--key-file", key, "--listen", "127.0.0.1:0", "--output", "-", "--threads", "1", "--stats", folder / "r.jsonl",
                                         "--trace", folder / "shown.jsonl"], stdout=pictures, stderr=subprocess.PIPE, text=True)
        processes.append(receiver)
        relay = subprocess.Popen([binaries / "pantograph-measure", "relay", "--listen", "127.0.0.1:0", "--to", f"127.0.0.1:{port_of(receiver, 'the receiver')}", "--timeout", "5",
                                  "--trace", folder / "wire.jsonl", *RELAYS[name]], stderr=subprocess.PIPE, text=True)
        processes.append(relay)
        subprocess.run([binaries / "pantograph-send", "--key-file", key, "--input", video, "--rate", str(arguments.rate), "--fallback", "off", "--threads", "1",
                        "--to", f"127.0.0.1:{port_of(relay, 'the relay')}", "--stats", folder / "s.jsonl", "--trace", folder / "taken.jsonl", "--quiet"], check=True)
        receiver.wait(timeout=120)
        relay.wait(timeout=60)
    finally:
        for process in processes:
            process.kill()
    report = folder / "compare.json"
    subprocess.run([binaries / "pantograph-measure", "compare", "--original", video, "--rebuilt", out, "--first", str(lines(folder / "shown.jsonl")[0]["picture"]), "--every", str(arguments.every), "--lpips", arguments.lpips,
                    "--report", report], check=True, stdout=subprocess.DEVNULL)
    taken = [line["clock"] for line in lines(folder / "taken.jsonl")]
    # After the last picture was due nothing more is to be seen until the goodbye comes.
    shown = [line for line in lines(folder / "shown.jsonl") if line["picture"] < len(taken)]
    wire, received = lines(folder / "wire.jsonl"), lines(folder / "r.jsonl")[-1]
    whole = [line for line in shown if line["event"] == "keypoints"]
    delays = sorted(1000 * (line["clock"] - taken[line["picture"]]) for line in whole)
    longest, beyond = freezes(taken, shown, wire)
    # As if the call had gone on to the end of its last datagram.
    time = wire[-1]["clock"] - wire[0]["clock"] + 0.12
    return dict(link=name, promised=arguments.rate, seconds=arguments.seconds, clip=arguments.clip[0].stem, rate=sum(d["bytes"] for d in wire) * 0.008 / time, largestRate=largest_rate(wire),
                shown=len(whole) / len(taken), madeUp=sum(line["event"] == "madeUp" for line in shown) / len(taken), leftOut=1 - len(shown) / (len(taken) - shown[0]["picture"]), longestFreeze=longest, freezeBeyondLoss=beyond,
                delayMedian=delays[len(delays) // 2], delay95=delays[min(len(delays) - 1, len(delays) * 95 // 100)], voiceConcealed=received["lostVoiceSeconds"] / received["dueVoiceSeconds"],
                firstPicture=whole[0]["clock"] - wire[0]["clock"], datagrams=len(wire), lostDatagrams=sum(d["isLost"] for d in wire),
                lpips=json.loads(report.read_text())["quality"]["lpips"]["mean"])


def sockets(arguments, binaries):
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        video = spoken(arguments.clip[0], arguments.seconds, folder)
        for name in arguments.links or RELAYS:
            rows.append(real_call(binaries, arguments, name, video, folder))
            print(" | ".join(row(rows[-1:])), flush=True)
            (arguments.out / "sockets.jsonl").write_text("".join(json.dumps(r, sort_keys=True) + "\n" for r in rows))
    note = f"\n{arguments.note}\n" if arguments.note else ""
    (arguments.out / "sockets.md").write_text(table(rows, {"leftOut": "left out: the receiver's processor was busy"}) + note)


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
    parser.add_argument("--note", help="with --sockets: what else the machine did meanwhile, to stand below the table")
    parser.add_argument("--out", type=pathlib.Path, default=HERE, help="where the results go")
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    (sockets if arguments.sockets else emulated)(arguments, arguments.programs or programs())


if __name__ == "__main__":
    main()
