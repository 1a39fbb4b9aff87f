#!/bin/bash
# Makes .venv with what lint and tests need, hashes checked. Nothing outside .venv changes, except
# that Debian's python3-venv is installed (as root) where python3 cannot make an environment.
set -euo pipefail
cd "$(dirname "$0")/.."

if ! python3 -c 'import ensurepip' 2>/dev/null; then
    echo "venv: apt-get install python3-venv (as root)" >&2
    root=()
    [[ $EUID -eq 0 ]] || root=(sudo)
    "${root[@]}" apt-get update -qq
    "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq python3-venv
fi

install() { # ENVIRONMENT REQUIREMENTS
    echo "venv: installing what $2 lists into $1" >&2
    python3 -m venv "$1"
    "$1/bin/pip" install --quiet --disable-pip-version-check --require-hashes -r "$2"
}

rm -rf .venv
install .venv tests/requirements.txt
install .venv/checkov tests/lint/checkov.txt
touch .venv
