#!/bin/bash
# Keeps the connector `users` registered as the environment says, and running.
set -euo pipefail
# shellcheck source=docker/connect/keeper/common.sh
source /opt/keeper/common.sh

readonly api=http://localhost:8083/connectors/users
pause=5      # seconds until the next restart of a failed connector: 5, 10, 20, 40, 60
not_before=0 # no restart earlier than this second
next_look=0  # at the slot

next_count=0   # of the records that wait for Kafka
seen_written=0 # records that Kafka had taken when last counted
stuck_since=0  # second when it last took some
stuck_limit=60 # seconds

register() { # PUTs the configuration if it differs from what the worker has
    local wanted current answer
    wanted=$(jq -n -f /etc/riada/connector.jq)
    current=$(curl -fsS -m 10 "$api/config" 2>/dev/null || echo '{}')
    ! jq -en --argjson a "$wanted" --argjson b "$current" '$a == ($b | del(.name))' >/dev/null || return 0

    [[ $current != '{}' ]] || hold_users 30
    if answer=$(curl -sS -m 60 --fail-with-body -X PUT -H 'Content-Type: application/json' \
        -d "$wanted" "$api/config" 2>&1); then
        say 'registered the connector'
    else
        release_users
        say "the worker did not take the connector, next try in 5 s: $answer"
    fi
}

failure() { # prints why the connector or its task failed: first line of the trace, deepest cause
    jq -r '[.connector, .tasks[]] | map(select(.state == "FAILED")) | first // empty
        | .trace // "no trace" | split("\n")
        | .[0], (map(select(startswith("Caused by:"))) | last // empty)' | paste -sd ' '
}

restart_failed() {
    local cause answer
    cause=$(curl -fsS -m 10 "$api/status" 2>/dev/null | failure)
    if [[ -z $cause ]]; then
        ((SECONDS < not_before + 60)) || pause=5
        return 0
    fi
    ((SECONDS >= not_before)) || return 0
    if ! answer=$(slot 2>&1); then
        say "the connector failed, restarts it once PostgreSQL answers: $answer"
        not_before=$((SECONDS + 5))
        return 0
    fi
    say "the connector failed, restarts it (again in $pause s at the earliest): $cause"
    curl -fsS -m 30 -o /dev/null -X POST "$api/restart?includeTasks=true&onlyFailed=true"
    not_before=$((SECONDS + pause))
    pause=$((pause * 2 < 60 ? pause * 2 : 60))
}

restart_stuck() { # a task whose producer has died is RUNNING for ever, and its records wait
    local waiting written heartbeats=5 cause
    ((SECONDS >= next_count)) || return 0
    next_count=$((SECONDS + 15))
    read -r waiting written < <(curl -fsS -m 10 localhost:9404/metrics | awk '
        $1 ~ /^connect_records_in_flight/ {waiting = $2}
        $1 ~ /^connect_records_written_total/ {written = $2}
        END {printf "%d %d\n", waiting, written}')
    if ((waiting == 0 || written < seen_written || written > seen_written + heartbeats)); then
        stuck_since=$SECONDS
    fi
    seen_written=$written
    ((SECONDS >= stuck_since + stuck_limit)) || return 0
    stuck_since=$SECONDS
    if cause=$(leaderless 2>&1) && [[ -z $cause ]]; then
        say "$waiting records have waited for Kafka for $stuck_limit s though the task is RUNNING," \
            'restarts it'
        curl -fsS -m 30 -o /dev/null -X POST "$api/restart?includeTasks=true"
    else
        say "$waiting records wait for Kafka: ${cause//$'\n'/; }"
    fi
}

leaderless() { # prints partitions of the users topic that have no leader
    kcat -b "$KAFKA_BOOTSTRAP" -L -J -t riada.public.users -m 10 \
        | jq -r '.topics[].partitions[] | select(.leader < 0) | "partition \(.partition) has no leader"'
}

watch_slot() { # without its slot a task is RUNNING for half an hour, and retries
    ((SECONDS >= next_look)) || return 0
    next_look=$((SECONDS + 20))
    [[ $(slot) != *lost ]] || say "SLOT LOST: PostgreSQL removed changes that Connect had not read" \
        "(max_slot_wal_keep_size): events are missing, and no restart brings them back. To send every" \
        "row again: docker exec CONTAINER /opt/keeper/resnapshot"
}

until curl -fs -m 10 -o /dev/null localhost:8083/; do sleep 1; done
while true; do
    touch /tmp/keeper
    # A step that fails (a worker rebalancing, a source away) is tried again in the next round.
    register || say 'cannot register the connector yet, next try in 5 s'
    restart_failed || true
    restart_stuck || true
    watch_slot || true
    sleep 5
done
