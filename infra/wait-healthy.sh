#!/bin/bash
# Waits until every container of an installation is healthy; a line every 5 s says which are not.
#   infra/wait-healthy.sh PROJECT SERVICE…
# LIMIT_S (600) ends the wait, or a container that is gone or was restarted 8 times meanwhile. Then it
# prints the state and the last 20 lines of each that is not healthy, and exits 1.
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
look() {
    state=() restarts=()
    local service count what
    while read -r service count what; do
        state[$service]=$what
        : "${before[$service]:=$count}"
        restarts[$service]=$((count - before[$service]))
    done < <(docker ps -aq --filter "label=riada.project=$project" \
        --filter label=riada.service | xargs -r docker inspect --format \
        '{{index .Config.Labels "riada.service"}} {{.RestartCount}} {{if and .State.Running .State.Health}}{{.State.Health.Status}}{{else}}{{.State.Status}}{{end}}')
}

missing() { # prints those that are not healthy
    local service
    for service in "${services[@]}"; do
        [[ ${state[$service]:-absent} == healthy ]] || echo "$service"
    done
}

report() { # WHY SERVICE…
    local service container
    echo "wait-healthy: $1" >&2
    shift
    for service in "$@"; do
        container=$project-$service
        echo "--- $service: ${state[$service]:-absent}, ${restarts[$service]:-0} restarts; health check said:" >&2
        docker inspect --format '{{if .State.Health}}{{range .State.Health.Log}}{{println .Output}}{{end}}{{end}}' \
            "$container" 2>/dev/null | grep . | tail -n 2 >&2 || true
        echo "--- $service: last lines of docker logs $container:" >&2
        docker logs --tail 20 "$container" >&2 2>&1 || true
    done
    exit 1
}

declare -A state restarts before
said=-5
while true; do
    look
    mapfile -t waiting < <(missing)
    ((${#waiting[@]})) || break
    for service in "${waiting[@]}"; do
        [[ -n ${state[$service]:-} ]] || report "there is no container $project-$service" "$service"
        ((${restarts[$service]:-0} < restarts_limit)) \
            || report "$service was restarted $restarts_limit times" "$service"
    done
    ((SECONDS < limit_s)) \
        || report "not healthy after $limit_s s: ${waiting[*]}" "${waiting[@]}"
    if ((SECONDS - said >= 5)); then
        said=$SECONDS
        printf 'wait-healthy: %3d s, %d of %d healthy, waiting for' "$SECONDS" \
            $((${#services[@]} - ${#waiting[@]})) ${#services[@]}
        for service in "${waiting[@]}"; do printf ' %s (%s)' "$service" "${state[$service]:-absent}"; done
        echo
    fi
    sleep 1
done
echo "wait-healthy: all ${#services[@]} healthy after $SECONDS s"
