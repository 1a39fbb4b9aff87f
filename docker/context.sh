#!/bin/bash
# Prints the build context of an image, as a tar: files and folders with the modes that containers'
# user needs, whatever the umask of the checkout. COPY keeps modes, and --chmod needs BuildKit.
#   docker/context.sh docker/kafka contract
set -euo pipefail

[[ $# -gt 0 ]] || {
    sed -n '2,4s/^# //p' "$0"
    exit 2
}
tar c --mode=u=rwX,go=rX --owner=0 --group=0 --numeric-owner --sort=name \
    --exclude=__pycache__ --exclude='.*_cache' "$@"
