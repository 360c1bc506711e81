#!/usr/bin/env bash
# A call over a relay that loses 5 % of the datagrams and lets 5 % be overtaken, with real processes and sockets.
# Fails where a picture stands longer than what was lost explains.
#
# usage: lossy-call.sh [FOLDER]     (needs the programs: swift build -c release)
set -euo pipefail
cd "$(dirname "$0")/.."
out=${1:-demo}
mkdir -p "$out"
bin=$(swift build -c release --show-bin-path)

# Starts a program that tells its port on standard error, and waits for it.
start() {
    local log=$1
    shift
    "$@" 2> "$log" &
    until grep -qE '^(listening|relaying)' "$log"; do
        kill -0 $! 2> /dev/null || { cat "$log" >&2; exit 1; }
        sleep 0.1
    done
}
trap 'kill $(jobs -p) 2> /dev/null || true' EXIT
rm -f "$out/lossy.key"
"$bin/pantograph-send" --make-key "$out/lossy.key" 2> /dev/null
start "$out/receive.txt" "$bin/pantograph-receive" --key-file "$out/lossy.key" --listen 127.0.0.1:0 --output "$out/lossy.mkv" --stats "$out/receive.jsonl"
receiver=$!
port=$(sed -n 's/^listening at .*://p' "$out/receive.txt")
start "$out/relay.txt" "$bin/pantograph-measure" relay --listen 127.0.0.1:0 --to "127.0.0.1:$port" --loss 0.05 --reorder 0.05 --timeout 3
relay=$(sed -n 's/^relaying from .*:\([0-9]*\) to .*/\1/p' "$out/relay.txt")
"$bin/pantograph-send" --key-file "$out/lossy.key" --input head --duration 10 --to "127.0.0.1:$relay"
wait $receiver
cat "$out/receive.txt"
python3 - "$out/receive.jsonl" <<'PY'
import json, sys
summary = json.loads(open(sys.argv[1]).readlines()[-1])
shown, lost, longest = summary["pictures"], summary["lostPictures"], summary["longestLoss"]
# Three pictures to a datagram: each one that is lost may cost three.
assert shown + lost >= 240, summary
assert lost <= 3 * summary["missingDatagrams"], summary
assert longest <= lost, summary
print(f"{shown} pictures shown, {lost} lost with {summary['missingDatagrams']} datagrams, at most {longest} in a row")
PY
