#!/usr/bin/env python3
"""Does the sender keep real time? Calls over loopback sockets in real time, sealed, with a voice, with and without the choice of sources, rehearsal and
stepping aside: processor time of each end per second of video, how late pictures are, how long looks take. The kinds of calls take turns, so that what else
runs on the machine troubles all alike. Writes rows.jsonl and table.md beside itself (or to --out).
Build the programs first: swift build -c release. Needs ffmpeg, espeak-ng.

    python3 Examples/Measurements/real-time/run.py --clips CLIP SCENE ... [--rounds 3]
"""
import argparse
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

import numpy as np

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[2]
KINDS = {
    "first picture only": ["--source-policy", "first", "--fallback", "off"],
    "sources": ["--source-policy", "adaptive", "--fallback", "off"],
    "sources and stepping aside": ["--source-policy", "adaptive", "--fallback", "vp8"],
}
TEXT = "Whoever speaks for a minute without a pause leaves little room for anything else, and every byte of it is counted. "


def programs():
    out = subprocess.run(["swift", "build", "-c", "release", "--show-bin-path"], cwd=ROOT, check=True, capture_output=True, text=True)
    return pathlib.Path(out.stdout.strip())


def spoken(clip, seconds, folder):
    """The clip, repeated, with a voice."""
    sound, video = folder / "voice.wav", folder / f"spoken-{clip.stem}.mkv"
    subprocess.run(["espeak-ng", "-w", sound, TEXT * (1 + seconds // 6)], check=True)
    subprocess.run(
        ["ffmpeg", "-y", "-loglevel", "error", "-stream_loop", "-1", "-i", clip, "-i", sound, "-map", "0:v", "-map", "1:a", "-t", str(seconds),
         "-r", "25", "-vf", "scale=256:256", "-c:v", "libx264", "-crf", "12", "-preset", "veryfast", "-c:a", "pcm_s16le", video], check=True)
    return video


def used(process):
    """Waits for a process: its processor seconds."""
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{process.args[0]} ended with {process.returncode}")
    return usage.ru_utime + usage.ru_stime


def call(binaries, video, rate, options, folder):
    key = folder / "call.key"
    key.unlink(missing_ok=True)
    subprocess.run([binaries / "pantograph-send", "--make-key", key], check=True, stderr=subprocess.DEVNULL)
    receiver = subprocess.Popen(
        [binaries / "pantograph-receive", "--key-file", key, "--listen", "127.0.0.1:0", "--output", folder / "out.mkv", "--stats", folder / "receive.jsonl"], stderr=subprocess.PIPE, text=True)
    try:
        port = re.match(r"listening at.*?:(\d+)", receiver.stderr.readline())
        if not port:
            sys.exit("the receiver did not start")
        sender = subprocess.Popen(
            [binaries / "pantograph-send", "--key-file", key, "--input", video, "--rate", str(rate), "--to", f"127.0.0.1:{port[1]}", "--stats", folder / "send.jsonl", "--quiet", *options])
        sent = used(sender)
        received = used(receiver)
    finally:
        if receiver.returncode is None:
            receiver.kill()
    lines = [[json.loads(line) for line in (folder / name).read_text().splitlines()] for name in ("send.jsonl", "receive.jsonl")]
    summary, shown = ([line for line in part if line.get("kind") == "summary"][-1] for part in lines)
    looks = [line["time"] for line in lines[0] if line.get("kind") == "source"]
    return {"seconds": summary["time"], "pictures": summary["pictures"], "dropped": summary.get("droppedPictures"), "shown": shown["pictures"], "lost": shown["lostPictures"],
            "senderProcessor": sent, "receiverProcessor": received, "stages": summary["stages"], "receiverStages": shown["stages"],
            "looksASecond": len(looks) / summary["time"], "aside": sum(line.get("kind") == "fallback" for line in lines[0])}


def table(rows):
    head = ["call", "calls", "sender, processor s per s of video (most)", "receiver", "pictures sent / left out / shown", "looks a second", "a look, ms (95th)", "changes of means"]
    text = ["| " + " | ".join(head) + " |", "|" + " --- |" * len(head)]
    for clip in dict.fromkeys(row["clip"] for row in rows):
        for kind in KINDS:
            own = [row for row in rows if row["clip"] == clip and row["kind"] == kind]
            if not own:
                continue
            cost = [row["senderProcessor"] / row["seconds"] for row in own]
            look = [row["stages"]["look"] for row in own if "look" in row["stages"]]
            times = f"{np.median([v['median'] for v in look]):.0f} ({max(v['percentile95'] for v in look):.0f})" if look else "–"
            text.append("| " + " | ".join([
                f"{clip}, {kind}", str(len(own)), f"{np.median(cost):.2f} ({max(cost):.2f})", f"{np.median([row['receiverProcessor'] / row['seconds'] for row in own]):.2f}",
                f"{sum(row['pictures'] for row in own)} / {sum(row['dropped'] or 0 for row in own)} / {sum(row['shown'] for row in own)}",
                f"{np.mean([row['looksASecond'] for row in own]):.1f}", times, str(sum(row["aside"] for row in own))]) + " |")
    return "\n".join(text) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clips", type=pathlib.Path, nargs="+", required=True)
    parser.add_argument("--rate", type=float, default=32)
    parser.add_argument("--seconds", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--programs", type=pathlib.Path, help="the folder of the programs, where it is not that of the release build")
    parser.add_argument("--out", type=pathlib.Path, default=HERE)
    arguments = parser.parse_args()
    binaries = arguments.programs or programs()
    rows = []
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        videos = {clip.stem.split("-")[0] if "-" in clip.stem else "clip": spoken(clip, arguments.seconds, folder) for clip in arguments.clips}
        for _ in range(arguments.rounds):
            for clip, video in videos.items():
                for kind, options in KINDS.items():
                    rows.append({"clip": clip, "kind": kind, "rate": arguments.rate, "load": os.getloadavg()[0], **call(binaries, video, arguments.rate, options, folder)})
    arguments.out.mkdir(parents=True, exist_ok=True)
    (arguments.out / "rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    (arguments.out / "table.md").write_text(table(rows))
    print(table(rows))


main()
