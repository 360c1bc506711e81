#!/usr/bin/env python3
"""Sends each clip of a folder through pantograph-send and pantograph-receive, two processes over loopback
sockets in real time, and measures what comes out. Writes rows.jsonl, machine.json and table.md beside itself
(or to --out). Build the programs first: swift build -c release

    python3 Examples/Measurements/loopback-clips/run.py --clips FOLDER --lpips lpips.safetensors
"""
import argparse
import json
import os
import pathlib
import platform
import re
import statistics
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[2]


def programs():
    out = subprocess.run(["swift", "build", "-c", "release", "--show-bin-path"], cwd=ROOT, check=True, capture_output=True, text=True)
    return pathlib.Path(out.stdout.strip())


def summary(path):
    return json.loads(path.read_text().splitlines()[-1])


def told_port(program, words):
    """The port that a program tells in its first line."""
    line = program.stderr.readline()
    port = re.match(words + r".*?:(\d+)( to |\n)", line)
    if not port:
        sys.exit(f"a program did not start: {line}")
    return port[1]


def call(binaries, clip, folder, sender_options, relay_options):
    """One call, through a relay where that has options; returns the receiver's and the sender's summary."""
    video, key = folder / "out.mkv", folder / "call.key"
    subprocess.run([binaries / "pantograph-send", "--make-key", key], check=True, stderr=subprocess.DEVNULL)
    receiver = subprocess.Popen(
        [binaries / "pantograph-receive", "--key-file", key, "--listen", "127.0.0.1:0", "--output", video, "--stats", folder / "receive.jsonl"],
        stderr=subprocess.PIPE, text=True)
    relay = None
    try:
        port = told_port(receiver, "listening at")
        if relay_options:
            relay = subprocess.Popen(
                [binaries / "pantograph-measure", "relay", "--listen", "127.0.0.1:0", "--to", f"127.0.0.1:{port}"] + relay_options,
                stderr=subprocess.PIPE, text=True)
            port = told_port(relay, "relaying from")
        subprocess.run(
            [binaries / "pantograph-send", "--key-file", key, "--input", clip, "--to", f"127.0.0.1:{port}", "--stats", folder / "send.jsonl", "--quiet"]
            + sender_options, check=True)
        receiver.wait(timeout=60)
    finally:
        receiver.kill()
        if relay:
            relay.kill()
    return summary(folder / "receive.jsonl"), summary(folder / "send.jsonl")


def measure(binaries, clip, folder, lpips):
    report = folder / "compare.json"
    subprocess.run(
        [binaries / "pantograph-measure", "compare", "--original", clip, "--rebuilt", folder / "out.mkv", "--lpips", lpips, "--report", report],
        check=True, stdout=subprocess.DEVNULL)
    return json.loads(report.read_text())


def mean(rows, key):
    return statistics.fmean(row[key] for row in rows)


def table(rows):
    columns = [
        ("clip", "clip", "{}"), ("pictures sent", "sent", "{}"), ("shown", "shown", "{}"), ("kbit/s after 1 s", "kbit_s", "{:.2f}"),
        ("LPIPS", "lpips", "{:.3f}"), ("LPIPS, source unchanged", "copied_lpips", "{:.3f}"), ("PSNR", "psnr", "{:.1f}"),
        ("PSNR, source unchanged", "copied_psnr", "{:.1f}"), ("warp, ms", "warp_ms", "{:.1f}"), ("MiB sender / receiver", "memory", "{}")]
    lines = ["| " + " | ".join(c[0] for c in columns) + " |", "|" + " --- |" * len(columns)]
    for row in rows:
        lines.append("| " + " | ".join(form.format(row[key]) for _, key, form in columns) + " |")
    total = dict(clip="**all**", sent=sum(r["sent"] for r in rows), shown=sum(r["shown"] for r in rows), memory="")
    for key in ("kbit_s", "lpips", "copied_lpips", "psnr", "copied_psnr", "warp_ms"):
        total[key] = mean(rows, key)
    lines.append("| " + " | ".join(form.format(total[key]) for _, key, form in columns) + " |")
    return "\n".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clips", type=pathlib.Path, required=True, help="folder of videos")
    parser.add_argument("--lpips", type=pathlib.Path, required=True, help="LPIPS weights (safetensors)")
    parser.add_argument("--out", type=pathlib.Path, default=HERE, help="where the results go")
    parser.add_argument("--relay", default="", help="options of pantograph-measure relay, which then stands between: '--loss 0.05 --reorder 0.05'")
    parser.add_argument("sender_options", nargs="*", help="options for pantograph-send, after --")
    arguments = parser.parse_args()
    clips = sorted(p for p in arguments.clips.iterdir() if p.suffix in (".mp4", ".mkv", ".webm", ".mov", ".avi"))
    if not clips:
        sys.exit(f"no videos in {arguments.clips}")
    binaries, rows = programs(), []
    arguments.out.mkdir(parents=True, exist_ok=True)
    for clip in clips:
        with tempfile.TemporaryDirectory() as folder:
            folder = pathlib.Path(folder)
            received, sent = call(binaries, clip, folder, arguments.sender_options, arguments.relay.split())
            report = measure(binaries, clip, folder, arguments.lpips)
        quality, copied = report["quality"], report["copiedSource"]
        rows.append(dict(
            clip=clip.stem, sent=sent["pictures"], shown=received["pictures"], lost=received["lostPictures"],
            longest_loss=received["longestLoss"], lost_datagrams=received["missingDatagrams"],
            frames=report["rebuiltPictures"], original_frames=report["originalPictures"],
            kbit_s=received.get("wireKilobitsPerSecondAfterFirstSecond") or received["wireKilobitsPerSecond"],
            kbit_s_whole=received["wireKilobitsPerSecond"], return_bytes=received["returnWireBytes"],
            lpips=quality["lpips"]["mean"], lpips_p95=quality["lpips"]["percentile95"], copied_lpips=copied["lpips"]["mean"],
            psnr=quality["psnr"]["mean"], copied_psnr=copied["psnr"]["mean"], ssim=quality["ssim"]["mean"], l1=quality["l1"]["mean"],
            warp_ms=received["stages"]["warp"]["median"], detect_ms=sent["stages"]["detect and code"]["median"],
            memory=f"{sent['residentMebibytes']:.0f} / {received['residentMebibytes']:.0f}"))
        print(f"{clip.stem}: {rows[-1]['kbit_s']:.2f} kbit/s, LPIPS {rows[-1]['lpips']:.3f} (source unchanged {rows[-1]['copied_lpips']:.3f})", flush=True)
    (arguments.out / "rows.jsonl").write_text("".join(json.dumps(row, sort_keys=True) + "\n" for row in rows))
    (arguments.out / "table.md").write_text(table(rows))
    processor = re.search(r"model name\s*: (.*)", pathlib.Path("/proc/cpuinfo").read_text())
    (arguments.out / "machine.json").write_text(json.dumps(dict(
        processor=processor[1] if processor else platform.processor(), cores=os.cpu_count(), system=platform.platform(),
        sender_options=arguments.sender_options, relay=arguments.relay), indent=1) + "\n")
    print(table(rows))


if __name__ == "__main__":
    main()
