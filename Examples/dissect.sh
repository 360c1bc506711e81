#!/usr/bin/env bash
# Records short calls of the two programs and has tshark read them with Protocol/pantograph.lua: each datagram
# must be understood, and what they hold must be what the programs counted. Before that, the vectors: good ones
# must mean the same to the dissector, malformed and damaged ones must be marked.
#
# dumpcap records where it may (as root, or as a member of the group wireshark), a small relay where not.
#
# usage: dissect.sh [FOLDER]     (needs tshark and the programs: swift build -c release)
set -euo pipefail
cd "$(dirname "$0")/.."
out=${1:-demo}
mkdir -p "$out"
bin=$(swift build -c release --show-bin-path)
trap 'kill $(jobs -p) 2> /dev/null || true' EXIT

# Waits until a program that was started last has said something that begins so on its standard error.
told() {
    until grep -qE "$2" "$1"; do
        kill -0 "$3" 2> /dev/null || return 1
        sleep 0.1
    done
}

# A recorded call: its name, which is also what is checked of it, and the options that protect it.
call() {
    local name=$1 receiver recorder port to
    shift
    "$bin/pantograph-receive" "$@" --listen 127.0.0.1:0 --output "$out/$name.mkv" \
        --stats "$out/$name-receive.jsonl" 2> "$out/$name-receive.txt" &
    receiver=$!
    told "$out/$name-receive.txt" '^listening at ' $receiver || { cat "$out/$name-receive.txt" >&2; exit 1; }
    port=$(sed -n 's/^listening at .*://p' "$out/$name-receive.txt")
    to=$port
    rm -f "$out/$name.pcap"
    dumpcap -i lo -f "udp port $port" -w "$out/$name.pcap" > /dev/null 2> "$out/$name-recorder.txt" &
    recorder=$!
    if told "$out/$name-recorder.txt" '^File: ' $recorder; then
        echo "$name: recorded by dumpcap"
    else
        echo "$name: dumpcap may not record here, a relay does"
        python3 Examples/dissect.py record "$out/$name.pcap" "$port" 2> "$out/$name-recorder.txt" &
        recorder=$!
        told "$out/$name-recorder.txt" '^relaying' $recorder || { cat "$out/$name-recorder.txt" >&2; exit 1; }
        to=$(sed -n 's/^relaying from .*://p' "$out/$name-recorder.txt")
    fi
    "$bin/pantograph-send" "$@" --input head --duration 4 --sound "$out/tone.wav" --rate 24 \
        --to "127.0.0.1:$to" --stats "$out/$name-send.jsonl" --quiet
    wait $receiver
    # What the last datagrams wait in is emptied each second at the latest.
    sleep 2
    kill -INT $recorder 2> /dev/null || true
    wait $recorder || true
    python3 Examples/dissect.py "$name" "$out/$name.pcap" "$out/$name-send.jsonl" "$out/$name-receive.jsonl" "$to"
}

python3 Examples/dissect.py vectors "$out"
python3 Examples/dissect.py tone "$out/tone.wav" 4
# Programs from before calls were protected have no such option, and no sealed call.
if [[ "$("$bin/pantograph-send" --help)" != *--insecure* ]]; then
    call plain
    exit
fi
call plain --insecure
rm -f "$out/dissect.key"
"$bin/pantograph-send" --make-key "$out/dissect.key" 2> /dev/null
call sealed --key-file "$out/dissect.key"
