#!/usr/bin/env bash
# Fuzzes everything that reads bytes from the network, for so many seconds (60 without an argument).
#
# The core's modules are compiled into one, with libFuzzer and the address sanitizer: SwiftPM can
# build no fuzzers. The inputs to begin with are Protocol/vectors and what earlier runs found
# (Corpus). A finding is left in the folder that is named at the end, and the exit status tells.
set -euo pipefail
seconds=${1:-60}
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work/sources" "$work/seeds"' EXIT

modules=(Media WireFormat KeypointCoding Session VideoCoding OpusCodec)
siblings=$(IFS='|'; echo "${modules[*]}|TestSupport")
mkdir -p "$work/sources" "$work/seeds" "$work/found" "$work/new"
for module in "${modules[@]}"; do
    while IFS= read -r file; do
        sed -E "s/^(public |package |internal )?import ($siblings)\$//" "$file" \
            > "$work/sources/$module-$(basename "$file")"
    done < <(find "$root/Sources/$module" -name '*.swift')
done
sed -E "s/^(public )?import ($siblings)\$//" "$root/Tests/TestSupport/StubCodecs.swift" \
    > "$work/sources/StubCodecs.swift"

# Each vector goes to the part of the harness (FuzzEntry.swift) that reads such bytes.
seed() { # folder, prefix in hexadecimal, name
    for file in "$root/Protocol/vectors/$1"/*.hex; do
        python3 -c 'import sys
sys.stdout.buffer.write(bytes.fromhex(sys.argv[1] + open(sys.argv[2]).read()))' "$2" "$file" \
            > "$work/seeds/$3-$(basename "$file" .hex)"
    done
}
seed datagrams 00 datagram
# A picture before, three pictures.
seed keypoints 010402 keypoints
seed sources 02 source
# Sound by itself: two good packets, a loss between them that the second one helps to conceal.
python3 -c 'import sys
sys.stdout.buffer.write(bytes.fromhex("f0020708c1c2c3c4c5c6140508d1d2d3d4020508d1d2d3d4"))' > "$work/seeds/voice"
cp "$here"/Corpus/* "$work/seeds/"

echo "compiling"
if ! swiftc -O -g -assert-config Debug -parse-as-library -swift-version 6 -enable-upcoming-feature MemberImportVisibility \
    -package-name pantograph -module-name PantographFuzz -suppress-warnings \
    -sanitize=fuzzer,address -I "$root/Sources/COpus" "$work"/sources/*.swift "$here"/*.swift -o "$work/fuzz" \
    > "$work/log" 2>&1; then
    grep -v 'gold: warning' "$work/log"
    exit 1
fi

echo "fuzzing for $seconds s"
# Swift keeps some runtime structures for ever, which are no leaks; its own crash report would get in
# the way of libFuzzer's.
if ! SWIFT_BACKTRACE=enable=no ASAN_OPTIONS=detect_leaks=0 "$work/fuzz" "$work/new" "$work/seeds" \
    -max_total_time="$seconds" -max_len=4096 -timeout=10 -rss_limit_mb=1024 -use_value_profile=1 \
    -artifact_prefix="$work/found/" -print_final_stats=1 2> "$work/log"; then
    grep -E 'Fatal error|Precondition|ERROR|SUMMARY|^ +#[0-9]+ ' "$work/log" | head -n 30
    echo "the input that failed is in $work/found"
    exit 1
fi
grep -E '^(stat::number_of_executed_units|Done)' "$work/log" || true
echo "nothing found; new inputs: $(find "$work/new" -type f | wc -l)"
rm -rf "$work"
