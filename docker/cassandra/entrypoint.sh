#!/bin/bash
# Renders the settings (ENV lines of the Dockerfile) and becomes Cassandra; beside it, initialise.py
# brings roles and keyspace up to date once CQL answers. A kill at any moment does no harm.
set -euo pipefail

for role in admin spark observer; do
    [[ -s /run/secrets/cassandra-$role ]] || {
        echo "cassandra: /run/secrets/cassandra-$role is missing or empty: mount that secret" >&2
        exit 1
    }
done

address() { getent ahostsv4 "$1" | awk '{print $1; exit}'; }

# A node joins the ring once, after the nodes before it. After that it can start alone, because its
# own name is among the seeds (a stopped container's name does not resolve, and a node without a
# seed fails).
export ADVERTISED_HOST=${ADVERTISED_HOST:-$HOSTNAME} SEEDS=$CASSANDRA_SEEDS ADDRESS ADVERTISED
if [[ -f /var/lib/cassandra/joined ]]; then
    [[ ,$SEEDS, == *,$ADVERTISED_HOST,* ]] || SEEDS+=,$ADVERTISED_HOST
else
    wait-for
fi
ADDRESS=$(address "$HOSTNAME")
ADVERTISED=$(address "$ADVERTISED_HOST")

cd /opt/cassandra
python3 -c 'import os, string, sys
sys.stdout.write(string.Template(sys.stdin.read()).substitute(os.environ))' \
    <cassandra.yaml >/etc/cassandra/cassandra.yaml
printf 'dc=dc1\nrack=%s\n' "$CASSANDRA_RACK" >/etc/cassandra/cassandra-rackdc.properties

# How long a ring waits for the state of its nodes. A single node has no others to wait for. A
# joining node that is silent for this long, as on a busy machine, is removed and must join again.
ring_delay_ms=$((REPLICATION_FACTOR > 1 ? 15000 : 1000))

(venv/bin/python initialise.py &) # its parent ends, so tini reaps it

# JVM_OPTIONS is a list
# shellcheck disable=SC2086
exec java @modules.args @jvm.args "-Xms$HEAP" "-Xmx$HEAP" \
    "-Dcassandra.ring_delay_ms=$ring_delay_ms" $JVM_OPTIONS \
    -cp '/etc/cassandra:/opt/cassandra/lib/*' org.apache.cassandra.service.CassandraDaemon
