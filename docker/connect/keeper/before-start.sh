#!/bin/bash
# What must be so before the worker starts, for it resumes its connector at once.
set -euo pipefail
# shellcheck source=docker/connect/keeper/common.sh
source /opt/keeper/common.sh

newest() { # TOPIC KEY → newest value under KEY; fails when Kafka cannot tell
    local topics
    topics=$(kcat -b "$KAFKA_BOOTSTRAP" -L -J -m 30 | jq -r '.topics[].topic')
    grep -qx "$1" <<<"$topics" || return 0
    kcat -b "$KAFKA_BOOTSTRAP" -C -t "$1" -o beginning -e -q -m 30 -f '%k\t%s\n' \
        | awk -F '\t' -v key="$2" '$1 == key {value = $2} END {print value}'
}

/opt/keeper/topics.sh

# A connector whose snapshot was not finished begins it anew; a finished one has an LSN and no mark.
known=$(newest _connect_configs connector-users)
if [[ -n $known ]]; then
    offset=$(newest _connect_offsets '["users",{"server":"riada"}]')
    slot=$(slot)
    if [[ -z $slot ]]; then
        say 'WARNING: the replication slot is gone: every row is sent again. Rows that were deleted since' \
            'the last event stay in Cassandra until make repair.'
        hold_users 120
    elif ! jq -e '.lsn and (.snapshot | not)' <<<"${offset:-null}" >/dev/null; then
        say 'WARNING: the snapshot was interrupted and begins anew. Rows that it had sent and that' \
            'were deleted in between stay in Cassandra until make repair.'
        hold_users 120
    fi
fi
