#!/bin/sh
# Installs the inference engine, OpenVINO, from its package on PyPI.
#
# usage: install-openvino.sh [PREFIX]
#
# The libraries go to PREFIX/openvino/libs; without PREFIX to /usr/local/lib/pantograph, where the
# programs look by themselves. For another PREFIX set PANTOGRAPH_OPENVINO=PREFIX when running them.
# Only what the programs use is kept: the C interface, the plugin for processors and the readers of
# ONNX and OpenVINO's own format, about 100 MB. Nothing is done where this release is there already.
set -eu

version=2026.4.1
number=2641 # how the release is written in the libraries' file names
prefix=${1:-/usr/local/lib/pantograph}
folder=$prefix/openvino/libs
mark=$prefix/openvino/VERSION
kept="
    libopenvino.so.$number
    libopenvino_c.so.$number
    libopenvino_intel_cpu_plugin.so
    libopenvino_ir_frontend.so.$number
    libopenvino_onnx_frontend.so.$number
    libtbb.so.12
"

fail() {
    echo "install-openvino.sh: $*" >&2
    exit 1
}

complete() {
    [ -f "$mark" ] && [ "$(cat "$mark")" = "$version" ] || return 1
    for name in $kept; do
        [ -s "$folder/$name" ] || return 1
    done
}

if complete; then
    echo "OpenVINO $version is already in $folder."
    exit 0
fi

[ "$(uname -s)" = Linux ] || fail "only Linux is supported, this is $(uname -s)"
command -v python3 > /dev/null || fail "python3 is needed: apt-get install python3 python3-pip"
python3 -m pip --version > /dev/null 2>&1 ||
    fail "pip is needed: apt-get install python3-pip"
if [ -e "$prefix/openvino" ] && [ ! -f "$mark" ]; then
    fail "$prefix/openvino exists and was not made by this script: name another PREFIX"
fi
mkdir -p "$prefix" 2> /dev/null || fail "$prefix cannot be made: run as root or name another PREFIX"
[ -w "$prefix" ] || fail "$prefix cannot be written: run as root or name another PREFIX"

# Beside the destination, so that the last step is a rename and an interrupted run leaves nothing
# half done.
work=$(mktemp -d "$prefix/.openvino.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

echo "Installing OpenVINO $version into $folder (a download of about 50 MB) ..."
# Only libraries are taken from the package, none of its Python, so any Python version's will do:
# one that exists for certain. --target leaves the system's Python packages alone, which is why
# Debian's guard against changing them (PEP 668) does not apply.
python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore \
    --no-deps --no-compile --only-binary=:all: --python-version 3.12 \
    --target "$work/package" "openvino==$version" ||
    fail "pip could not install openvino==$version"

mkdir -p "$work/openvino/libs"
for name in $kept; do
    [ -f "$work/package/openvino/libs/$name" ] || fail "the package has no $name"
    mv "$work/package/openvino/libs/$name" "$work/openvino/libs/"
done
for licences in "$work"/package/openvino-*.dist-info/licenses; do
    if [ -d "$licences" ]; then mv "$licences" "$work/openvino/licenses"; fi
done
chmod -R u=rwX,go=rX "$work/openvino"
echo "$version" > "$work/openvino/VERSION"

rm -rf "$prefix/openvino"
mv "$work/openvino" "$prefix/openvino"
echo "OpenVINO $version is in $folder ($(du -sh "$folder" | cut -f1))."
if [ "$prefix" != /usr/local/lib/pantograph ]; then
    echo "Set PANTOGRAPH_OPENVINO=$prefix when running the programs."
fi
