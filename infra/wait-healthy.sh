#!/bin/bash
# Waits until every container of an installation is healthy; every 5 s it prints those that are not.
#   infra/wait-healthy.sh PROJECT SERVICE…
# It stops waiting after LIMIT_S (600), or when a container is missing or was restarted 8 times. Then it prints
# the state and the last 20 lines of the log of each service that is not healthy, and exits 1.
set -euo pipefail

usage() {
    sed -n '2,6s/^# //p' "$0"
    exit "$1"
}
[[ ${1:-} != --help ]] || usage 0
[[ $# -ge 2 ]] || usage 2
readonly project=$1 limit_s=${LIMIT_S:-600} restarts_limit=8
shift
readonly services=("$@")

# NAME → "restarts state", e.g. "0 healthy"; the state is Docker's health, or running, exited, …
read_states() {
    state=() restarts=()
    local service count status
    while read -r service count status; do
        state[$service]=$status
        : "${before[$service]:=$count}"
        restarts[$service]=$((count - before[$service]))
    done < <(docker ps -aq --filter "label=riada.project=$project" \
        --filter label=riada.service | xargs -r docker inspect --format \
        '{{index .Config.Labels "riada.service"}} {{.RestartCount}} {{if and .State.Running .State.Health}}{{.State.Health.Status}}{{else}}{{.State.Status}}{{end}}')
}

unhealthy() { # prints the services that are not healthy
    local service
    for service in "${services[@]}"; do
        [[ ${state[$service]:-absent} == healthy ]] || echo "$service"
    done
}

report() { # CAUSE SERVICE…
    local service container
    echo "wait-healthy: $1" >&2
    shift
    for service in "$@"; do
        container=$project-$service
        echo "--- $service: ${state[$service]:-absent}, ${restarts[$service]:-0} restarts; output of the health check:" >&2
        docker inspect --format '{{if .State.Health}}{{range .State.Health.Log}}{{println .Output}}{{end}}{{end}}' \
            "$container" 2>/dev/null | grep . | tail -n 2 >&2 || true
        echo "--- $service: last lines of docker logs $container:" >&2
        docker logs --tail 20 "$container" >&2 2>&1 || true
    done
    exit 1
}

declare -A state restarts before
printed_at=-5
while true; do
    read_states
    mapfile -t waiting < <(unhealthy)
    ((${#waiting[@]})) || break
    for service in "${waiting[@]}"; do
        [[ -n ${state[$service]:-} ]] || report "there is no container $project-$service" "$service"
        ((${restarts[$service]:-0} < restarts_limit)) \
            || report "$service was restarted $restarts_limit times" "$service"
    done
    ((SECONDS < limit_s)) \
        || report "not healthy after $limit_s s: ${waiting[*]}" "${waiting[@]}"
    if ((SECONDS - printed_at >= 5)); then
        printed_at=$SECONDS
        printf 'wait-healthy: %3d s, %d of %d healthy, waiting for' "$SECONDS" \
            $((${#services[@]} - ${#waiting[@]})) ${#services[@]}
        for service in "${waiting[@]}"; do printf ' %s (%s)' "$service" "${state[$service]:-absent}"; done
        echo
    fi
    sleep 1
done
echo "wait-healthy: all ${#services[@]} healthy after $SECONDS s"
