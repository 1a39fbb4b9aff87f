#!/bin/bash
# Gets debian:SUITE-slim: from the registry, or by debootstrap (about 1 min, as root) where no
# registry gives it.
#   docker/debian.sh bookworm
set -euo pipefail

[[ ${1:-} =~ ^[a-z]+$ ]] || {
    sed -n '2,4s/^# //p' "$0"
    exit 2
}
readonly suite=$1 base=debian:$1-slim

! docker image inspect "$base" >/dev/null 2>&1 || exit 0
! timeout 15 docker pull -q "$base" >/dev/null 2>&1 || exit 0
echo "build: $base cannot be pulled; making it with debootstrap (about 1 min)"
if [[ $EUID -ne 0 ]] || ! command -v debootstrap >/dev/null; then
    echo "build: that needs root and debootstrap: apt-get install debootstrap, then run this" \
        "as root; or load an image named $base" >&2
    exit 1
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# Without the check debootstrap goes on unsigned where Debian's keys are missing, as on Ubuntu.
debootstrap --force-check-gpg --variant=minbase "$suite" "$work/root" >"$work/log" 2>&1 || {
    tail -n 30 "$work/log" >&2
    exit 1
}
tar c --exclude=./var/cache/apt/archives/\* -C "$work/root" . \
    | docker import --change 'CMD ["bash"]' - "$base" >/dev/null
