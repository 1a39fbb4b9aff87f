#!/bin/bash
# A Kafka broker under ZooKeeper.
#   BROKER_ID            from 1
#   ADVERTISED_HOST      by which clients inside reach it at 9092; kafka-$BROKER_ID by default
#   ZOOKEEPER_CONNECT    "zookeeper-1:2181,zookeeper-2:2181"
# EXTERNAL_PORT        port of the host that leads to 19092 here; unset: no listener for clients
# outside
#   REPLICATION_FACTOR   of every topic; with 3 a write needs 2 replicas in sync, with less the disk
set -euo pipefail

: "${BROKER_ID:?}" "${ZOOKEEPER_CONNECT:?}" "${REPLICATION_FACTOR:=1}"
: "${ADVERTISED_HOST:=kafka-$BROKER_ID}"
export REPLICATION_FACTOR
wait-for
restore-zookeeper

durability=''
# PostgreSQL does not send a message again after a broker has acknowledged it. With fewer than 3
# replicas only the disk keeps the message through a power loss (docs/operations.md has the cost).
((REPLICATION_FACTOR >= 3)) || durability=log.flush.interval.messages=1

config=/tmp/server.properties
cat >"$config" <<EOF
broker.id=$BROKER_ID
zookeeper.connect=$ZOOKEEPER_CONNECT
zookeeper.connection.timeout.ms=60000
# The registration of a killed broker lasts this long; until then its successor fails and restarts.
zookeeper.session.timeout.ms=10000

listeners=INTERNAL://:9092${EXTERNAL_PORT:+,EXTERNAL://:19092}
advertised.listeners=INTERNAL://$ADVERTISED_HOST:9092${EXTERNAL_PORT:+,EXTERNAL://localhost:$EXTERNAL_PORT}
listener.security.protocol.map=INTERNAL:PLAINTEXT,EXTERNAL:PLAINTEXT
inter.broker.listener.name=INTERNAL

log.dirs=/var/lib/kafka/log
auto.create.topics.enable=false
default.replication.factor=$REPLICATION_FACTOR
min.insync.replicas=$((REPLICATION_FACTOR >= 3 ? 2 : 1))
offsets.topic.replication.factor=$REPLICATION_FACTOR
offsets.topic.num.partitions=4
transaction.state.log.replication.factor=$REPLICATION_FACTOR
transaction.state.log.min.isr=$((REPLICATION_FACTOR >= 3 ? 2 : 1))
transaction.state.log.num.partitions=4

# A segment expires as a whole, by its newest record. With the default of 7 days a record would live
# twice as long as its topic's retention.
log.roll.ms=86400000
# At 10 MiB/s a partition grows by 600 MiB beyond its limit between two checks (default: 3 GiB). An
# erasure's dead letters leave the disk with the next check.
log.retention.check.interval.ms=60000
$durability

# 10 MiB, the dead-letter topic's limit, and the batch around it
message.max.bytes=10551296
replica.fetch.max.bytes=10551296

num.network.threads=2
num.io.threads=4
num.recovery.threads.per.data.dir=2
# The default would take 128 MiB of the heap at the start.
log.cleaner.dedupe.buffer.size=8388608
group.initial.rebalance.delay.ms=0
EOF

read -ra options <<<"$JVM_OPTIONS"
# The archive of classes is made without the agent, because Java does not support agents there.
[[ -n ${CLASS_ARCHIVE:-} ]] || {
    agent=$(echo /opt/kafka/lib/jmx_prometheus_javaagent-*.jar)
    options+=("-javaagent:$agent=9404:/etc/riada/metrics.yaml")
}
[[ -n ${CLASS_ARCHIVE:-} ]] || (follow-zookeeper $$ &) # its parent ends, so tini reaps it
exec java "-Xmx$HEAP" "${options[@]}" -XX:+ExitOnOutOfMemoryError \
    -Dlog4j.configuration=file:/etc/riada/log4j.properties \
    "${CLASS_ARCHIVE:--XX:SharedArchiveFile=/opt/kafka/classes.jsa}" -Xlog:disable -Xlog:all=error \
    -cp "$(printf '%s:' /opt/kafka/lib/*.jar)" kafka.Kafka "$config"
