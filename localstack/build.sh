#!/bin/bash
# Builds LocalStack's image if it is missing and prints its tag, a hash over its files.
#   localstack/build.sh
# A company's certificates: SSL_CERT_FILE=/path/to/bundle.pem localstack/build.sh
set -euo pipefail
export LC_ALL=C
cd "$(dirname "$0")/.."

readonly ca=docker/base/ca/host.crt log=.riada/logs/localstack.log
files=$(sha256sum localstack/{Dockerfile,healthcheck,main.py,requirements.txt} | sha256sum)
readonly tag=riada/localstack:${files:0:12}

if ! docker image inspect "$tag" >/dev/null 2>&1; then
    docker/debian.sh trixie >&2
    mkdir -p .riada/logs
    trap 'rm -f "$ca"' EXIT
    [[ -z ${SSL_CERT_FILE:-} ]] || cp "$SSL_CERT_FILE" "$ca"
    echo "localstack: building $tag (about 5 min; $log)" >&2
    DOCKER_BUILDKIT=0 docker build -f localstack/Dockerfile -t "$tag" . >"$log" 2>&1 || {
        tail -n 30 "$log" >&2
        exit 1
    }
fi
echo "$tag"
