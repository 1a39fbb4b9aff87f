#!/bin/bash
# Makes .venv with what lint and tests need, hashes checked. Nothing outside .venv changes, except
# that Debian's python3-venv is installed (as root) where python3 cannot make an environment.
set -euo pipefail
cd "$(dirname "$0")/.."

if ! python3 -c 'import ensurepip' 2>/dev/null; then
    echo 'venv: apt-get install python3-venv (as root)'
    root=()
    [[ $EUID -eq 0 ]] || root=(sudo)
    "${root[@]}" apt-get update -qq
    "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq python3-venv
fi
echo 'venv: installing what tests/requirements.txt lists into .venv'
rm -rf .venv
python3 -m venv .venv
.venv/bin/pip install --quiet --disable-pip-version-check --require-hashes -r tests/requirements.txt
touch .venv
