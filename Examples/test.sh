#!/usr/bin/env bash
# Installs what is needed, builds without warnings, and runs all tests.
set -euo pipefail
cd "$(dirname "$0")/.."
bash Examples/install.sh
# Targets may import only what Package.swift names for them.
swift build -c release --build-tests --explicit-target-dependency-import-check error
swift test -c release --skip-build
