#!/bin/bash
# Apicurio Registry with PostgreSQL storage; speaks the Confluent API at /apis/ccompat/v7.
#   POSTGRES_HOST                    its database is `registry`, its role `registry`
#   /run/secrets/postgres-registry   that role's password
#   /run/secrets/ca                  the CA of PostgreSQL's certificate
set -euo pipefail

wait-for

require_backward() { # the default is NONE, which accepts an incompatible schema
    until curl -fsS -o /dev/null -X PUT localhost:8081/apis/ccompat/v7/config \
        -H 'Content-Type: application/json' -d '{"compatibility": "BACKWARD"}' 2>/dev/null; do
        sleep 1
    done
    echo 'schema-registry: serves, global compatibility is BACKWARD'
}
(require_backward &)

# The file is in memory, so neither environment nor arguments show the password.
password=/dev/shm/registry.properties
(umask 077 && echo "apicurio.datasource.password=$(</run/secrets/postgres-registry)" >"$password")

read -ra options <<<"$JVM_OPTIONS"
exec java "-Xmx$HEAP" "${options[@]}" -XX:+ExitOnOutOfMemoryError \
    -XX:SharedArchiveFile=classes.jsa -Xlog:disable -Xlog:all=error \
    -Dquarkus.config.locations="$password" -jar registry.jar
