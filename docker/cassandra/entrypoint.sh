#!/bin/bash
# Renders the settings (ENV lines of the Dockerfile) and becomes Cassandra; beside it, initialise.py
# brings roles and keyspace up to date once CQL answers, maintain.py the replicas, and encryption a
# renewed certificate. A kill at any moment does no harm.
set -euo pipefail

for secret in cassandra-{admin,spark,observer} "tls-$HOSTNAME" ca; do
    [[ -s /run/secrets/$secret ]] || {
        echo "cassandra: /run/secrets/$secret is missing or empty: mount that secret" >&2
        exit 1
    }
done
encryption take
[[ -d /var/lib/cassandra/data ]] || touch /var/lib/cassandra/encrypted # no release without TLS has used it
CLEAR_TEXT=$(encryption optional)
export CLEAR_TEXT

address() { getent ahostsv4 "$1" | awk '{print $1; exit}'; }

cd /opt/cassandra
options=()
# A node joins the ring once: join.py decides how. After that it can start alone, because its own
# name is among the seeds (a stopped container's name does not resolve, and a node without a seed
# fails).
export ADVERTISED_HOST=${ADVERTISED_HOST:-$HOSTNAME} SEEDS=$CASSANDRA_SEEDS ADDRESS ADVERTISED
if [[ -f /var/lib/cassandra/joined ]]; then
    [[ ,$SEEDS, == *,$ADVERTISED_HOST,* ]] || SEEDS+=,$ADVERTISED_HOST
else
    start=$(venv/bin/python join.py)
    read -r SEEDS replace <<<"$start"
    [[ -z $replace ]] || options+=("-Dcassandra.replace_address_first_boot=$replace")
fi
ADDRESS=$(address "$HOSTNAME")
ADVERTISED=$(address "$ADVERTISED_HOST")

render() {
    python3 -c 'import os, string, sys
sys.stdout.write(string.Template(sys.stdin.read()).substitute(os.environ))' \
        <cassandra.yaml >/etc/cassandra/cassandra.yaml
}
render
printf 'dc=dc1\nrack=%s\n' "$CASSANDRA_RACK" >/etc/cassandra/cassandra-rackdc.properties

# How long a ring waits for the state of its nodes. A single node has no others to wait for. A
# joining node that is silent for this long, as on a busy machine, is removed and must join again.
ring_delay_ms=$((REPLICATION_FACTOR > 1 ? 15000 : 1000))

beside() {
    venv/bin/python initialise.py
    # A node that replaces one at the same address hears from the others only if it is a seed of theirs:
    # otherwise each of its starts ended with "Unable to contact any seeds", until they reloaded them. A
    # node that has joined knows the seeds that served then, a restarted one those whose names resolved.
    SEEDS=$CASSANDRA_SEEDS,$ADVERTISED_HOST render
    # With one replica there is nothing to do. Another node may join at any time.
    while ((REPLICATION_FACTOR > 1)); do
        nodetool reloadseeds >/dev/null || true
        venv/bin/python maintain.py || true # it has logged the cause
        sleep 300
    done
}
(beside &) # its parent ends, so tini reaps it
(encryption follow &)

# JVM_OPTIONS is a list
# shellcheck disable=SC2086
exec java @modules.args @jvm.args "-Xms$HEAP" "-Xmx$HEAP" \
    "-Dcassandra.ring_delay_ms=$ring_delay_ms" "${options[@]}" $JVM_OPTIONS \
    -cp '/etc/cassandra:/opt/cassandra/lib/*' org.apache.cassandra.service.CassandraDaemon
