#!/usr/bin/env bash
# Fuzzes what reads bytes from outside: run.sh [--keep] [SECONDS [FUZZER ...]]
#
# Each fuzzer (FuzzEntry.swift names them; all without arguments) runs for so many seconds (60 without an
# argument), as many at once as there are processors. The core's modules are compiled into one, with
# libFuzzer and the address sanitizer: SwiftPM can build no fuzzers. The inputs to begin with are
# Protocol/vectors and what earlier runs found worth keeping (Corpus). With --keep, new inputs that reach
# new code are added there. What failed is left in the folder that is named at the end, and the exit
# status tells.
set -euo pipefail
keep=
if [ "${1:-}" = --keep ]; then keep=1; shift; fi
seconds=${1:-60}
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
all=(datagram keypoints source receiver sender voice tables still vp8 channel key stream predicted)
names=("${@:2}")
[ ${#names[@]} -gt 0 ] || names=("${all[@]}")
for name in "${names[@]}"; do
    [[ " ${all[*]} " == *" $name "* ]] || { echo "no fuzzer is called $name; there are: ${all[*]}" >&2; exit 2; }
done
work=$(mktemp -d)
trap 'rm -rf "$work/sources" "$work/seeds"' EXIT

modules=(Media WireFormat KeypointCoding CongestionControl Session Security VideoCoding AV1 VP8 OpusCodec)
siblings=$(IFS='|'; echo "${modules[*]}|TestSupport")
mkdir -p "$work/sources" "$work/found"

# Security stands on swift-crypto, which SwiftPM builds: its modules and objects are taken as they are.
(cd "$root" && swift build -c release --target Security > "$work/log" 2>&1) || { cat "$work/log"; exit 1; }
built=$(cd "$root" && swift build -c release --show-bin-path)
mapfile -t crypto < <(find "$built"/{Crypto,CryptoBoringWrapper,CCryptoBoringSSL,CCryptoBoringSSLShims,CXKCP,CXKCPShims}.build/ -name '*.o')

# The modules' own imports of each other fall away.
for module in "${modules[@]}"; do
    while IFS= read -r file; do
        sed -E "s/^(public |package |internal )?import ($siblings)\$//" "$file" \
            > "$work/sources/$module-$(basename "$file")"
    done < <(find "$root/Sources/$module" -name '*.swift')
done
sed -E "s/^(public )?import ($siblings)\$//" "$root/Tests/TestSupport/StubCodecs.swift" \
    > "$work/sources/StubCodecs.swift"

# An input made of hexadecimal digits: fuzzer, name, digits.
seed() {
    mkdir -p "$work/seeds/$1"
    python3 -c 'import sys; sys.stdout.buffer.write(bytes.fromhex(sys.argv[1]))' "$3" > "$work/seeds/$1/$2"
}
for file in "$root"/Protocol/vectors/datagrams/*.hex; do seed datagram "$(basename "$file" .hex)" "$(cat "$file")"; done
# A picture before, three pictures.
for file in "$root"/Protocol/vectors/keypoints/*.hex; do seed keypoints "$(basename "$file" .hex)" "0402$(cat "$file")"; done
for file in "$root"/Protocol/vectors/sources/*.hex; do seed source "$(basename "$file" .hex)" "$(cat "$file")"; done
# Two good packets of sound, a loss between them that the second one helps to conceal.
seed voice two 020708c1c2c3c4c5c6140508d1d2d3d4020508d1d2d3d4
# A protected call: question, answer, and a datagram each way; the whole of it again, out of order.
seed channel call 00000400000003a1a2a30401000003b1b2b30000020002000200
# Tables for one keypoint, and a unit.
seed tables one 0001010203040506070800a1b2c3d4
# A frame of 64x48 as libaom gives it.
seed predicted one 32e901380200000000000000000000002c400618618281048000dd36128c5db162887de6f52f00094e064ae7027ba75aa8dd4ba7d9a7df9dd9397086b001c649803c78da36dbb8b6c622507e5fe77d5beb376b9fcd0ac3e2ac6b21fbb316eecf77af0bde6bc7ae441385e65ddf09b187ca861a0b2df8e63d89ba9991ec928f783814fbcb03b09cf08cd3a58ce93d7a79a50d1c2415ff84eff54d4e8754947418867ea9cc915ad05e1dceea01b902e057eab3b802eaf1f5395af421a60d9e7e18fb5663cf1191fa24f0b78674ee3761c20ae2b98a92fbc94258a3c189c64953517e633b4c294f1cb3b520b86e
seed key shared "$(printf 'pantograph pre-shared key 1\n%s\n' "$(printf '0123456789abcdef%.0s' 1 2 3 4)" | od -An -v -tx1 | tr -d ' \n')"
# A receiver's and a sender's calls begin with what their harness says by itself.
seed receiver call 0004000406000005000000
seed sender call 030001030003040100

echo "compiling"
if ! swiftc -O -g -assert-config Debug -parse-as-library -swift-version 6 -enable-upcoming-feature MemberImportVisibility \
    -enable-upcoming-feature InternalImportsByDefault -package-name pantograph -module-name PantographFuzz \
    -suppress-warnings -sanitize=fuzzer,address -I "$root/Sources/COpus" -I "$root/Sources/CVPX" -I "$root/Sources/CAOM" -I "$root/Sources/CDav1d" -I "$built/Modules" \
    -lstdc++ "$work"/sources/*.swift "$here"/*.swift "${crypto[@]}" -o "$work/fuzz" > "$work/log" 2>&1; then
    grep -v 'gold: warning' "$work/log"
    exit 1
fi

# Swift keeps some runtime structures for ever, which are no leaks; its own crash report would get in
# the way of libFuzzer's.
export SWIFT_BACKTRACE=enable=no ASAN_OPTIONS=detect_leaks=0
export here work seconds keep
fuzz() {
    export PANTOGRAPH_FUZZER=$1
    local new="$work/new/$1" seeds="$work/seeds/$1" corpus="$here/Corpus/$1" log="$work/$1.log"
    mkdir -p "$new" "$seeds"
    [ ! -d "$corpus" ] || cp "$corpus"/* "$seeds/"
    if ! "$work/fuzz" "$new" "$seeds" -max_total_time="$seconds" -max_len=4096 -timeout=10 -rss_limit_mb=1024 \
        -use_value_profile=1 -artifact_prefix="$work/found/$1-" -print_final_stats=1 2> "$log"; then
        grep -E 'Fatal error|Precondition|ERROR|SUMMARY|^ +#[0-9]+ ' "$log" | head -n 30
        echo "$1: failed; the input is in $work/found"
        return 1
    fi
    local runs coverage
    runs=$(grep -oE 'number_of_executed_units: [0-9]+' "$log" | grep -oE '[0-9]+')
    coverage=$(grep -oE 'cov: [0-9]+' "$log" | tail -n 1)
    if [ -n "$keep" ]; then
        mkdir -p "$corpus"
        "$work/fuzz" -merge=1 -max_len=4096 "$corpus" "$new" 2> "$log"
    fi
    echo "$1: nothing found in $runs runs, $coverage, $(find "$new" -type f | wc -l) new inputs"
}
export -f fuzz
echo "fuzzing, $seconds s each"
printf '%s\n' "${names[@]}" | xargs -P "$(nproc)" -I NAME bash -c 'set -euo pipefail; fuzz NAME'
rm -rf "$work"
