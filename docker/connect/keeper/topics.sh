#!/bin/bash
# Makes the two topics, or adds partitions. Consumers need them before the first event.
set -euo pipefail
# shellcheck source=docker/connect/keeper/common.sh
source /opt/keeper/common.sh

kafka_topics() {
    java -XX:TieredStopAtLevel=1 -XX:+UseSerialGC \
        -Dlog4j.configuration=file:/etc/riada/connect-log4j.properties -cp '/opt/connect/worker/lib/*' \
        org.apache.kafka.tools.TopicCommand --bootstrap-server "$KAFKA_BOOTSTRAP" "$@"
}

ensure() { # TOPIC PARTITIONS SETTING…
    local topic=$1 partitions=$2 present setting settings=()
    shift 2
    for setting; do settings+=(--config "$setting"); done
    present=$(kcat -b "$KAFKA_BOOTSTRAP" -L -J -t "$topic" -m 30 | jq '.topics[0].partitions | length')
    if ((present == 0)); then
        kafka_topics --create --if-not-exists --topic "$topic" --partitions "$partitions" \
            --replication-factor "$REPLICATION_FACTOR" "${settings[@]}"
    elif ((present < partitions)); then
        say "$topic grows from $present to $partitions partitions: a person's newer events change theirs"
        kafka_topics --alter --topic "$topic" --partitions "$partitions"
    fi
}

day_ms=86400000

# Invariant 7: kept for less time than Cassandra's gc_grace of 10 days.
ensure riada.public.users "$TOPIC_PARTITIONS" cleanup.policy=delete \
    retention.ms=$((7 * day_ms)) max.message.bytes=$((8 << 20))
ensure riada.public.users.dead-letter 1 cleanup.policy=delete \
    retention.ms=$((30 * day_ms)) max.message.bytes=$((10 << 20))
