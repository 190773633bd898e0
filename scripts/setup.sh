#!/usr/bin/env bash
# Make the virtual environment that `make` works in: setup.sh VENV
#
# On Debian and Ubuntu missing system packages are installed when run as root, and
# named otherwise. Elsewhere the error of the failing step stands.
set -euo pipefail

venv=${1:?usage: setup.sh VENV}

# What OpenCV and MediaPipe load from the system, package by library.
declare -A packages=(
    [libGL.so.1]=libgl1
    [libEGL.so.1]=libegl1
    [libGLESv2.so.2]=libgles2
    [libglib-2.0.so.0]=libglib2.0-0
)

install_or_name() {
    if [ "$(id -u)" -eq 0 ] && command -v apt-get > /dev/null; then
        echo "Installing system packages: $*"
        apt-get update -qq
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@"
    else
        echo "Missing system packages: $*" >&2
        echo "Install them (on Debian or Ubuntu: sudo apt-get install $*) and run make again." >&2
        exit 1
    fi
}

python=
for candidate in python3 python3.13 python3.12 python3.11; do
    if "$candidate" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2> /dev/null; then
        python=$candidate
        break
    fi
done
if [ -z "$python" ]; then
    echo "hiprom needs Python 3.11, 3.12 or 3.13; found: $(python3 --version 2>&1 || echo none)." >&2
    exit 1
fi

# Debian leaves the module that makes an environment with pip to a package of its own.
if ! "$python" -c 'import ensurepip, venv' 2> /dev/null; then
    version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    install_or_name "python$version-venv"
fi

missing=()
known=$(ldconfig -p 2> /dev/null || /sbin/ldconfig -p 2> /dev/null || true)
if [ -n "$known" ]; then
    for library in "${!packages[@]}"; do
        grep -q "$library" <<< "$known" || missing+=("${packages[$library]}")
    done
fi
[ ${#missing[@]} -eq 0 ] || install_or_name "${missing[@]}"

[ -x "$venv/bin/python" ] || "$python" -m venv "$venv"
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
"$venv/bin/hiprom" model status > /dev/null 2>&1 || "$venv/bin/hiprom" model install
