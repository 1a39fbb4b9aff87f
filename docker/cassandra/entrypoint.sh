#!/bin/bash
# Renders the settings (ENV lines of the Dockerfile) and becomes Cassandra; beside it, initialise.py
# brings roles and tables up to date once CQL answers. May be killed at any moment.
set -euo pipefail

for role in admin spark observer; do
    [[ -s /run/secrets/cassandra-$role ]] || {
        echo "cassandra: /run/secrets/cassandra-$role is missing or empty: mount that secret" >&2
        exit 1
    }
done

address() { getent ahostsv4 "$1" | awk '{print $1; exit}'; }

# A node joins the ring once, in its turn. After that it needs no other to start: its own name stands
# among the seeds (a stopped container's name does not resolve, and no seed at all is an error).
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

# How long a ring waits for news of its nodes: a node alone has none to wait for, and a joining one
# that stays silent for this long, as on a busy machine, is forgotten and must begin again.
ring_delay_ms=$((REPLICATION_FACTOR > 1 ? 15000 : 1000))

(venv/bin/python initialise.py &) # a grandchild: tini reaps it

# JVM_OPTIONS is a list
# shellcheck disable=SC2086
exec java @modules.args @jvm.args "-Xms$HEAP" "-Xmx$HEAP" \
    "-Dcassandra.ring_delay_ms=$ring_delay_ms" $JVM_OPTIONS \
    -cp '/etc/cassandra:/opt/cassandra/lib/*' org.apache.cassandra.service.CassandraDaemon
