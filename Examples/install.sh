#!/usr/bin/env bash
# Installs what Pantograph needs on Debian, as root: Debian packages, the Swift toolchain where it is
# missing, and OpenVINO from PyPI. Running it again does nothing new.
set -euo pipefail
cd "$(dirname "$0")/.."

swift_version=6.3.1
packages=(
    ca-certificates curl git gnupg pkg-config python3 python3-pip python3-venv tshark
    binutils libc6-dev libstdc++-12-dev libcurl4 libedit2 libsqlite3-0 libxml2-dev libncurses6 zlib1g-dev tzdata
    libaom-dev libdav1d-dev libvpx-dev libopus-dev libpng-dev libsdl2-dev
    libavcodec-dev libavdevice-dev libavformat-dev libavutil-dev libswresample-dev libswscale-dev
)

say() { echo "install.sh: $*"; }
fail() {
    echo "install.sh: $*" >&2
    exit 1
}

command -v apt-get > /dev/null || fail "this is not Debian: install by hand what the list 'packages' in this file names"

missing=()
for package in "${packages[@]}"; do
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2> /dev/null)" = installed ] || missing+=("$package")
done
if [ ${#missing[@]} -gt 0 ]; then
    [ "$(id -u)" = 0 ] || fail "run as root to install: ${missing[*]}"
    apt-get update -q
    # Newer Debians have another C++ library; take theirs where this one is not to be had.
    if ! apt-cache show libstdc++-12-dev > /dev/null 2>&1; then
        missing=("${missing[@]/libstdc++-12-dev/libstdc++-dev}")
    fi
    DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${missing[@]}"
fi

if ! command -v swift > /dev/null; then
    # Swift's own packages for Debian 12; checked against the project's signing keys.
    [ "$(id -u)" = 0 ] || fail "run as root to install Swift, or install it from swift.org/install"
    case $(uname -m) in
        x86_64) suffix= ;;
        aarch64) suffix=-aarch64 ;;
        *) fail "Swift has no build for $(uname -m)" ;;
    esac
    name=swift-$swift_version-RELEASE-debian12$suffix
    url=https://download.swift.org/swift-$swift_version-release/debian12$suffix/swift-$swift_version-RELEASE/$name.tar.gz
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
    say "fetching Swift $swift_version"
    curl -fsSL "$url" -o "$work/swift.tar.gz" && curl -fsSL "$url.sig" -o "$work/swift.tar.gz.sig" ||
        fail "cannot fetch Swift: install version $swift_version or later from swift.org/install, then run this again"
    curl -fsSL https://www.swift.org/keys/all-keys.asc | gpg --homedir "$work" --quiet --import
    gpg --homedir "$work" --verify "$work/swift.tar.gz.sig" "$work/swift.tar.gz" ||
        fail "the signature of the Swift download is wrong"
    mkdir -p /opt/swift-$swift_version
    tar -xzf "$work/swift.tar.gz" --strip-components=1 -C /opt/swift-$swift_version
    ln -sf /opt/swift-$swift_version/usr/bin/swift* /usr/local/bin/
fi

sh Examples/install-openvino.sh
say "everything is there"
