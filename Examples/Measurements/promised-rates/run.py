#!/usr/bin/env python3
"""Calls with a voice at promised rates, as two processes over loopback sockets in real time: what goes on the wire, what it is spent on, and what is
seen and heard. A clip is repeated up to --seconds and speaks by espeak-ng. Writes rows.jsonl and table.md beside itself (or to --out).
Build the programs first: swift build -c release. Needs ffmpeg, espeak-ng, and of Python numpy, scipy, pesq and pystoi.

    python3 Examples/Measurements/promised-rates/run.py --clip CLIP --lpips lpips.safetensors
"""
import argparse
import json
import pathlib
import re
import subprocess
import sys
import tempfile

import voice

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[2]
TEXT = """The quick brown fox jumps over the lazy dog. A call must be understood before it is seen, and so the voice comes first, then the picture.
Every datagram is sealed, and every byte of it is counted. Whoever speaks for a minute without a pause leaves little room for anything else. """


def programs():
    out = subprocess.run(["swift", "build", "-c", "release", "--show-bin-path"], cwd=ROOT, check=True, capture_output=True, text=True)
    return pathlib.Path(out.stdout.strip())


def lines(path):
    return [json.loads(line) for line in path.read_text().splitlines()]


def spoken(clip, seconds, folder):
    """The clip, repeated, with a voice; and the voice alone."""
    sound, video = folder / "voice.wav", folder / "spoken.mkv"
    subprocess.run(["espeak-ng", "-w", sound, TEXT * (1 + seconds // 20)], check=True)
    subprocess.run(
        ["ffmpeg", "-y", "-loglevel", "error", "-stream_loop", "-1", "-i", clip, "-i", sound, "-map", "0:v", "-map", "1:a", "-t", str(seconds),
         "-r", "25", "-vf", "scale=256:256", "-c:v", "libx264", "-crf", "12", "-preset", "veryfast", "-c:a", "pcm_s16le", video], check=True)
    return video


def call(binaries, video, rate, folder, lpips):
    key, out = folder / "call.key", folder / "out.mkv"
    key.unlink(missing_ok=True)
    subprocess.run([binaries / "pantograph-send", "--make-key", key], check=True, stderr=subprocess.DEVNULL)
    receiver = subprocess.Popen(
        [binaries / "pantograph-receive", "--key-file", key, "--listen", "127.0.0.1:0", "--output", out, "--stats", folder / "receive.jsonl"], stderr=subprocess.PIPE, text=True)
    try:
        first = receiver.stderr.readline()
        port = re.match(r"listening at.*?:(\d+)", first)
        if not port:
            sys.exit(f"the receiver did not start: {first}")
        subprocess.run(
            [binaries / "pantograph-send", "--key-file", key, "--input", video, "--rate", str(rate), "--to", f"127.0.0.1:{port[1]}", "--stats", folder / "send.jsonl", "--quiet"], check=True)
        receiver.wait(timeout=120)
    finally:
        receiver.kill()
    report = folder / "compare.json"
    subprocess.run([binaries / "pantograph-measure", "compare", "--align-ends", "--original", video, "--rebuilt", out, "--lpips", lpips, "--report", report], check=True, stdout=subprocess.DEVNULL)
    return lines(folder / "send.jsonl"), lines(folder / "receive.jsonl"), json.loads(report.read_text()), voice.measures(video, out)


def heard(measures):
    return [f"{measures['pesq']:.2f}", f"{measures['stoi']:.3f}", f"{measures['segmental_snr']:.1f}"]


def alone_table(alone):
    text = ["| Opus alone, kbit/s | PESQ | STOI | segmental SNR, dB |", "|" + " --- |" * 4]
    return "\n".join(text + ["| " + " | ".join([f"{row['rate']:.1f}", *heard(row)]) + " |" for row in alone]) + "\n"


def table(rows):
    head = ["promised, kbit/s", "sent", "voice", "keypoints", "sources", "headers, tags and handshake", "largest second", "back", "pictures sent / shown", "first picture, s", "sound lost, s", "PESQ", "STOI", "segmental SNR, dB", "LPIPS", "LPIPS, first picture unchanged"]
    text = ["| " + " | ".join(head) + " |", "|" + " --- |" * len(head)]
    for row in rows:
        sent, received = row["sent"], row["received"]
        parts = [sent[name + "KilobitsPerSecond"] for name in ("wire", "voice", "keypoint", "source", "header")]
        text.append("| " + " | ".join([f"{row['rate']:g}", *(f"{v:.2f}" for v in parts), f"{row['largest_second']:.2f}", f"{sent['returnKilobitsPerSecond']:.2f}", f"{sent['pictures']} / {received['pictures']}",
                                       f"{row['unshown'] / 25:.1f}", f"{received['lostVoiceSeconds']:g}", *heard(row["heard"]), f"{row['quality']['lpips']['mean']:.3f}", f"{row['copied']['lpips']['mean']:.3f}"]) + " |")
    return "\n".join(text) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clip", type=pathlib.Path, required=True, help="video of a talking head")
    parser.add_argument("--lpips", type=pathlib.Path, required=True, help="LPIPS weights (safetensors)")
    parser.add_argument("--rates", type=float, nargs="+", default=[12.2, 16, 24, 32, 64], help="promised rates in kbit/s")
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--out", type=pathlib.Path, default=HERE, help="where the results go")
    arguments = parser.parse_args()
    binaries, rows = programs(), []
    arguments.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        video = spoken(arguments.clip, arguments.seconds, folder)
        alone = [voice.opus_alone(video, rate, folder) for rate in (6, 8, 12, 24)]
        for rate in arguments.rates:
            sent, received, report, sound = call(binaries, video, rate, folder, arguments.lpips)
            rows.append(dict(rate=rate, seconds=arguments.seconds, clip=arguments.clip.stem, unshown=report["originalPictures"] - report["rebuiltPictures"], largest_second=max(row["wireKilobitsPerSecond"] for row in sent if row["kind"] == "second"), sent=sent[-1], received=received[-1],
                             quality=report["quality"], heard=sound, copied=report["copiedSource"]))
            (arguments.out / "rows.jsonl").write_text("".join(json.dumps(row, sort_keys=True) + "\n" for row in rows))
            (arguments.out / "table.md").write_text(table(rows) + "\n" + alone_table(alone))
            print(table(rows), alone_table(alone), sep="\n", flush=True)


if __name__ == "__main__":
    main()
