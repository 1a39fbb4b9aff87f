#!/bin/bash
# What must be so before the worker starts, for it resumes its connector at once.
set -euo pipefail
# shellcheck source=docker/connect/keeper/common.sh
source /opt/keeper/common.sh

newest() { # TOPIC KEY → newest value under KEY; fails when Kafka cannot tell
    local topics
    topics=$(kcat -b "$KAFKA_BOOTSTRAP" -L -J -m 10 | jq -r '.topics[].topic')
    grep -qx "$1" <<<"$topics" || return 0
    kcat -b "$KAFKA_BOOTSTRAP" -C -t "$1" -o beginning -e -q -m 10 -f '%k\t%s\n' \
        | awk -F '\t' -v key="$2" '$1 == key {value = $2} END {print value}'
}

/opt/keeper/topics.sh

# A connector that begins a snapshot anew on an old slot could meet transactions in flight (see
# hold_users). So a slot whose snapshot was not finished goes: Debezium makes another.
slot=$(slot)
if [[ $slot == inactive* ]]; then
    offset=$(newest _connect_offsets '["users",{"server":"riada"}]')
    if ! jq -e '.lsn and (.snapshot | not)' <<<"${offset:-null}" >/dev/null; then
        say 'the last snapshot was not finished: drops the slot, the next one starts afresh'
        psql -Xqc "SELECT pg_drop_replication_slot('riada')" >/dev/null
        slot=
    fi
fi

known=$(newest _connect_configs connector-users)
if [[ -n $known && -z $slot ]]; then
    hold_users 120
fi
