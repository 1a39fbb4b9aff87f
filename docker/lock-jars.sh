#!/bin/bash
# Writes docker/IMAGE/jars.sha256 from the pom.xml files of that image.
# Usage: docker/lock-jars.sh IMAGE…
set -euo pipefail
cd "$(dirname "$0")/.."
[[ $# -gt 0 && $1 != --help ]] || {
    sed -n '2,3s/^# //p' "$0"
    exit 0
}

docker/build.sh maven
maven=$(docker/build.sh --tags | grep -o 'riada/maven:[0-9a-f]*')
for image in "$@"; do
    (cd "docker/$image" && find . -name pom.xml -print0 | tar c --null -T -) \
        | docker run --rm -i "$maven" fetch-jars --lock >"docker/$image/jars.sha256.new"
    mv "docker/$image/jars.sha256.new" "docker/$image/jars.sha256"
    echo "docker/$image/jars.sha256: $(wc -l <"docker/$image/jars.sha256") jars"
done
