#!/usr/bin/env bash
# Installs what is needed, builds, and makes a call on this machine: the rendered head (or the video
# named as first argument) goes through the sender, over UDP, to the receiver, which writes call.mkv.
#
# usage: demo.sh [VIDEO] [FOLDER]     (FOLDER: where the results go; default ./demo)
set -euo pipefail
cd "$(dirname "$0")/.."
video=${1:-head}
out=${2:-demo}

bash Examples/install.sh
swift build -c release
bin=$(swift build -c release --show-bin-path)
mkdir -p "$out"

limit=()
[ "$video" = head ] && limit=(--duration 10)

# The key that both ends of the call have; a new one for each run.
rm -f "$out/call.key"
"$bin/pantograph-send" --make-key "$out/call.key"

# Port 0: the system finds a free one, which the receiver tells.
"$bin/pantograph-receive" --key-file "$out/call.key" --listen 127.0.0.1:0 --output "$out/call.mkv" --stats "$out/receive.jsonl" 2> "$out/receive.txt" &
receiver=$!
trap 'kill $receiver 2> /dev/null || true' EXIT
until grep -q '^listening at ' "$out/receive.txt"; do
    kill -0 $receiver 2> /dev/null || { cat "$out/receive.txt" >&2; exit 1; }
    sleep 0.1
done
port=$(sed -n 's/^listening at .*://p' "$out/receive.txt")

"$bin/pantograph-send" --key-file "$out/call.key" --input "$video" --to "127.0.0.1:$port" --stats "$out/send.jsonl" "${limit[@]}"
wait $receiver
trap - EXIT
cat "$out/receive.txt"

# The same call on a virtual clock, measured, with a sheet to look at.
"$bin/pantograph-measure" loopback --input "$video" "${limit[@]}" --sheet "$out/sheet.png" --report "$out/report.json"
echo "look at $out/call.mkv and $out/sheet.png (source, original, rebuilt, difference)"
