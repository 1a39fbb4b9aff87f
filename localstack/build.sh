#!/bin/bash
# Builds an image of localstack/ if it is missing and prints its tag, a hash over its files.
#   localstack/build.sh           LocalStack, and the runner of its machines
#   localstack/build.sh machine   the root of a machine
#   localstack/build.sh uml       the same with a kernel of its own
# A company's certificates: SSL_CERT_FILE=/path/to/bundle.pem localstack/build.sh
set -euo pipefail
export LC_ALL=C
shopt -s extglob
cd "$(dirname "$0")/.."

readonly ca=docker/base/ca/host.crt
readonly name=${1:-localstack}
folder=localstack/$name made_of=(localstack/machine) parent=()
case $name in
    localstack) lasts='5 min' folder=localstack made_of=(localstack/!(machine|uml)) ;;
    machine) lasts='1 min' ;;
    uml) lasts='2 min' made_of+=("$folder") ;;
    *) sed -n '2,6s/^# //p' "$0" >&2 && exit 2 ;;
esac
readonly log=.riada/logs/$name.log
inputs=$(find "${made_of[@]}" -type f -not -path '*/__pycache__/*' | sort)
# shellcheck disable=SC2086 # one file per word
files=$(sha256sum $inputs | sha256sum)
readonly tag=riada/$name:${files:0:12}

if ! docker image inspect "$tag" >/dev/null 2>&1; then
    docker/debian.sh trixie >&2
    [[ $name != uml ]] || parent=(--build-arg "MACHINE=$(localstack/build.sh machine)")
    mkdir -p .riada/logs
    trap 'rm -f "$ca"' EXIT
    [[ -z ${SSL_CERT_FILE:-} ]] || cp "$SSL_CERT_FILE" "$ca"
    echo "localstack: building $tag (about $lasts; $log)" >&2
    docker/context.sh docker/base/ca localstack \
        | DOCKER_BUILDKIT=0 docker build -f "$folder/Dockerfile" -t "$tag" "${parent[@]}" - >"$log" 2>&1 || {
        tail -n 30 "$log" >&2
        exit 1
    }
fi
echo "$tag"
