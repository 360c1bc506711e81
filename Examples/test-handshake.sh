#!/usr/bin/env bash
# Writes the handshake's vectors anew with two Noise implementations from PyPI and compares: whoever changes
# the handshake must agree with both. The Swift tests walk the same vectors in both roles.
set -euo pipefail
cd "$(dirname "$0")/.."
environment=.venv-handshake
[ -x $environment/bin/python ] || python3 -m venv $environment
$environment/bin/pip install -q "noiseprotocol==0.3.1" "dissononce==0.34.3"
$environment/bin/python -W ignore Protocol/vectors/handshake.py
git diff --exit-code -- Protocol/vectors/handshake
echo "the handshake vectors are those of noiseprotocol and dissononce"
