#!/usr/bin/env bash
# Runs the tests of Training/ in a virtual environment of their own.
set -euo pipefail
cd "$(dirname "$0")/.."
environment=.venv-training
[ -x $environment/bin/python ] || python3 -m venv $environment
# The build for processors is some 200 MB, the usual one several GB: take the small one where it is to be had.
$environment/bin/pip install -q "torch==2.13.0+cpu" 2> /dev/null || $environment/bin/pip install -q torch
$environment/bin/pip install -q -r Training/requirements.txt
OMP_WAIT_POLICY=passive $environment/bin/python -m pytest -q Training
