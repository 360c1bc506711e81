#!/usr/bin/env bash
# Times the network beside FOMM's generator (random weights) in one run; needs a built
# pantograph-measure and a Python with the packages of Training/requirements.txt.
#
#   bash Examples/Measurements/speed/run.sh [--threads 1 …]      (options of pantograph-measure speed)
set -euo pipefail
cd "$(dirname "$0")/../../.."
measure=${PANTOGRAPH_MEASURE:-.build/release/pantograph-measure}
python=${PYTHON:-python3}
if [[ ! -x $measure ]]; then
    echo "$measure is missing: run swift build -c release, or set PANTOGRAPH_MEASURE" >&2
    exit 1
fi
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
for peer in "fomm" "fomm-cached --cached"; do
    read -r name options <<<"$peer"
    # shellcheck disable=SC2086  # the options are words
    (cd Training && "$python" -W ignore peers.py --out "$folder/$name.onnx" $options) | tail -1 >"$folder/$name.json"
done
# What is compared must cost what was published: 54.9 thousand million multiply-adds a picture, of
# which the convolutions alone are counted here.
"$python" - "$folder/fomm.json" <<'END'
import json
import sys

facts = json.load(open(sys.argv[1]))
print(f"FOMM's generator: {facts['multiply_adds_giga']} GMAC in its convolutions, {facts['published_giga']} published", file=sys.stderr)
sys.exit(not 0.96 <= facts["multiply_adds_giga"] / facts["published_giga"] <= 1)
END
"$measure" speed --peer "$folder/fomm.onnx" --peer "$folder/fomm-cached.onnx" \
    --report Examples/Measurements/speed/speed.json "$@" | tee Examples/Measurements/speed/table.txt
