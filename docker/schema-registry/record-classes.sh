#!/bin/bash
# The image's build runs this once. It starts a registry in memory and registers a schema, which
# tests the image. It archives the loaded classes, which halves the CPU time of a start.
set -euo pipefail

archive=/opt/schema-registry/classes.jsa
# shellcheck disable=SC2086 # options
java $JVM_OPTIONS -XX:ArchiveClassesAtExit="$archive" -Dapicurio.storage.sql.kind=h2 \
    -Dapicurio.datasource.url=jdbc:h2:mem:registry -jar registry.jar &
registry=$!

api=localhost:8081/apis/ccompat/v7
until curl -fsS -o /dev/null -X PUT $api/config \
    -H 'Content-Type: application/json' -d '{"compatibility": "BACKWARD"}' 2>/dev/null; do
    kill -0 "$registry" # ended: so does this script
    sleep 1
done
healthcheck
curl -fsS $api/subjects/smoke/versions -H 'Content-Type: application/json' \
    -d '{"schema": "{\"type\": \"record\", \"name\": \"Smoke\", \"fields\": []}"}'

kill "$registry"
wait "$registry" || (($? == 143)) # Java's exit code after SIGTERM
rm -rf /tmp/hsperfdata_*
test -s "$archive"
