#!/usr/bin/env bash
# Installs what is needed, builds without warnings, and runs all tests.
set -euo pipefail
cd "$(dirname "$0")/.."
bash Examples/install.sh
# Targets may import only what Package.swift names for them.
swift build -c release --build-tests --explicit-target-dependency-import-check error
# Calls in real time lose pictures where hundreds of other tests take all processors: they come after these.
live='LiveCallTests|EndToEndTests'
swift test -c release --skip-build --skip "$live"
for tests in EndToEndTests LiveCallTests; do swift test -c release --skip-build --filter "$tests"; done
