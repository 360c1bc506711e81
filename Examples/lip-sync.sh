#!/usr/bin/env bash
# Measures how far sound and picture are apart at the end of a call: a clip in which the head jumps aside
# and a tone sounds in the same instant, every two seconds, goes through the sender, over UDP, to the
# receiver, which writes it with its sound. Fails where they are 40 ms apart anywhere, or drift.
#
# usage: lip-sync.sh [SECONDS] [FOLDER]     (default 20 s, ./demo; needs ffmpeg and the programs: swift
#                                            build -c release. SENDER and RECEIVER hold more options for them)
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=${1:-20}
out=${2:-demo}
command -v ffmpeg > /dev/null || { echo "lip-sync.sh: install ffmpeg (apt-get install ffmpeg)" >&2; exit 1; }
mkdir -p "$out"
bin=$(swift build -c release --show-bin-path)

"$bin/pantograph-measure" render-head --seconds 0.04 --output "$out/head/" > /dev/null
# Pictures and samples are counted, not timed, so that both are exact: at 1 s, 3 s, 5 s and so on.
ffmpeg -v error -y -loop 1 -framerate 25 -i "$out/head/000000.png" \
    -f lavfi -i "aevalsrc='if(lt(mod(n+48000,96000),4800),0.5*sin(2*PI*1000*t),0)':s=48000" \
    -filter_complex "[0:v]pad=352:256:48:0:gray,crop=256:256:'if(lt(mod(n+25,50),5),0,48)':0,format=yuv420p" \
    -c:v libx264 -preset veryfast -crf 12 -c:a flac -t "$seconds" "$out/clap.mkv"

rm -f "$out/clap.key"
"$bin/pantograph-send" --make-key "$out/clap.key" 2> /dev/null
"$bin/pantograph-receive" --key-file "$out/clap.key" --listen 127.0.0.1:0 --output "$out/clap-received.mkv" \
    --stats "$out/clap-receive.jsonl" ${RECEIVER:-} 2> "$out/clap-receive.txt" &
receiver=$!
trap 'kill $receiver 2> /dev/null || true' EXIT
until grep -q '^listening at ' "$out/clap-receive.txt"; do
    kill -0 $receiver 2> /dev/null || { cat "$out/clap-receive.txt" >&2; exit 1; }
    sleep 0.1
done
port=$(sed -n 's/^listening at .*://p' "$out/clap-receive.txt")
# A head that jumps looks like a cut, at which a sender holds the last picture until it has looked again.
"$bin/pantograph-send" --key-file "$out/clap.key" --fallback off --source-policy first --input "$out/clap.mkv" --to "127.0.0.1:$port" --stats "$out/clap-send.jsonl" ${SENDER:-}
wait $receiver
trap - EXIT
cat "$out/clap-receive.txt"

python3 - "$out" <<'PY'
import array, json, subprocess, sys

out = sys.argv[1]


def decoded(*options):
    return subprocess.run(["ffmpeg", "-v", "error", *options, "-"], check=True, stdout=subprocess.PIPE).stdout


def claps(name):
    """Seconds at which the picture jumps, and at which the tone begins."""
    side = 32
    video = decoded("-i", name, "-vf", f"fps=25,scale={side}:{side},format=gray", "-f", "rawvideo")
    pictures = [video[i:i + side * side] for i in range(0, len(video), side * side)]
    rest = pictures[12]
    distance = [sum(abs(a - b) for a, b in zip(p, rest)) / len(p) for p in pictures]
    limit = (sorted(distance)[len(distance) // 2] + max(distance)) / 2
    jumps = [n / 25 for n in range(1, len(distance)) if distance[n] > limit >= distance[n - 1]]
    # The sound from the file's time zero on, as a player would give it.
    sound = array.array("h", decoded("-i", name, "-af", "aresample=async=1:first_pts=0", "-ac", "1", "-ar", "48000", "-f", "s16le"))
    tones, quiet_since = [], -48000
    for n, value in enumerate(sound):
        if abs(value) > 3000:
            if n - quiet_since > 24000:
                tones.append(n / 48000)
            quiet_since = n
    return jumps, tones


def offsets(name):
    jumps, tones = claps(name)
    pairs = [(j, min(tones, key=lambda t: abs(t - j)) - j) for j in jumps if tones]
    return [(j, o) for j, o in pairs if abs(o) < 0.5], len(tones)


for name in ("clap.mkv", "clap-received.mkv"):
    pairs, tones = offsets(f"{out}/{name}")
    values = [1000 * o for _, o in pairs]
    assert len(values) >= 0.9 * tones > 0, (name, len(values), tones)
    part = max(1, len(values) // 10)
    first, last = sum(values[:part]) / part, sum(values[-part:]) / part
    print(f"{name}: {len(values)} of {tones} claps; sound after picture, ms: mean {sum(values) / len(values):.1f}, "
          f"{min(values):.1f} to {max(values):.1f}; first tenth {first:.1f}, last tenth {last:.1f}")
assert max(map(abs, values)) < 40 and abs(last - first) < 10, "sound and picture are apart"
lines = [json.loads(line) for line in open(f"{out}/clap-send.jsonl")]
rates = sorted(line["voiceKilobitsPerSecond"] for line in lines if line["kind"] == "second")
print(f"voice on the wire: {lines[-1]['voiceKilobitsPerSecond']} kbit/s, seconds {rates[0]} to {rates[-1]}; "
      f"the whole call {lines[-1]['wireKilobitsPerSecond']} kbit/s")
PY
