#!/bin/bash
# Builds an image of localstack/ if it is missing and prints its tag, a hash over its files.
#   localstack/build.sh           LocalStack, and what makes its machines real
#   localstack/build.sh machine   what such a machine boots
# A company's certificates: SSL_CERT_FILE=/path/to/bundle.pem localstack/build.sh
set -euo pipefail
export LC_ALL=C
cd "$(dirname "$0")/.."

readonly ca=docker/base/ca/host.crt
case ${1:-localstack} in
    localstack) name=localstack folder=localstack lasts='5 min' ;;
    machine) name=machine folder=localstack/machine lasts='1 min' ;;
    *) sed -n '2,5s/^# //p' "$0" >&2 && exit 2 ;;
esac
readonly log=.riada/logs/$name.log
inputs=$(find localstack -type f -not -path '*/__pycache__/*' -path "$folder/*" | sort)
[[ $name == machine ]] || inputs=$(grep -v ^localstack/machine/ <<<"$inputs")
# shellcheck disable=SC2086 # a file a word
files=$(sha256sum $inputs | sha256sum)
readonly tag=riada/$name:${files:0:12}

if ! docker image inspect "$tag" >/dev/null 2>&1; then
    docker/debian.sh trixie >&2
    mkdir -p .riada/logs
    trap 'rm -f "$ca"' EXIT
    [[ -z ${SSL_CERT_FILE:-} ]] || cp "$SSL_CERT_FILE" "$ca"
    echo "localstack: building $tag (about $lasts; $log)" >&2
    DOCKER_BUILDKIT=0 docker build -f "$folder/Dockerfile" -t "$tag" . >"$log" 2>&1 || {
        tail -n 30 "$log" >&2
        exit 1
    }
fi
echo "$tag"
