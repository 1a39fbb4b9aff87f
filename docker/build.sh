#!/bin/bash
# Builds the images whose tag is missing, two at a time, parents first.
#   docker/build.sh [IMAGE…]   all by default
#   docker/build.sh --tags     prints {"kafka": "riada/kafka:<hash>", …} and builds nothing
# An image is a folder docker/IMAGE with a Dockerfile. Its tag is a hash over what its first line
# (`# inputs: docker/kafka contract`) and those of its parents (`ARG JRE=riada/jre`) name.
# A company's certificates: SSL_CERT_FILE=/path/to/bundle.pem docker/build.sh
set -euo pipefail
shopt -s inherit_errexit
export LC_ALL=C
cd "$(dirname "$0")/.."

readonly parallel=2 state=.riada ca=docker/base/ca/host.crt
declare -A tag=() inputs=() pid=() began=()
order=()

# --- tags ----------------------------------------------------------------------------------------

parents() { sed -n 's|^ARG [A-Z_]*=riada/\([a-z-]*\)$|\1|p' "docker/$1/Dockerfile"; }

own_inputs() { sed -n '1s/^# inputs: *//p' "docker/$1/Dockerfile"; }

digest() { # "FILE-OR-FOLDER …" → hash over names and contents, as infra/modules/images has it
    local files script
    read -ra files <<<"$1"
    mapfile -t files < <(find "${files[@]}" -type f -not -path 'docker/base/ca/*' \
        -not -path '*/__pycache__/*' | sort -u)
    while read -r script; do
        printf "build: %s has Windows line endings (CRLF): sed -i 's/%s//' %s\n" \
            "$script" '\r$' "$script" >&2
        exit 2
    done < <(awk '/\r$/ {print FILENAME} {nextfile}' "${files[@]}")
    while read -r script; do
        [[ -x $script ]] || { # modes are not hashed, because the x bit follows from the first line
            echo "build: $script is not executable: chmod +x $script" >&2
            exit 2
        }
    done < <(awk '/^#!/ {print FILENAME} {nextfile}' "${files[@]}")
    sha256sum "${files[@]}" | sha256sum
}

resolve() { # IMAGE: sets its tag after its parents' and appends it to the build order
    [[ -z ${tag[$1]:-} ]] || return 0
    local parent sum
    [[ -f docker/$1/Dockerfile ]] || {
        echo "build: there is no docker/$1/Dockerfile; images: $(images)" >&2
        exit 2
    }
    inputs[$1]=$(own_inputs "$1")
    [[ -n ${inputs[$1]} ]] || {
        echo "build: docker/$1/Dockerfile must begin with '# inputs: docker/$1 …'" >&2
        exit 2
    }
    for parent in $(parents "$1"); do
        resolve "$parent"
        inputs[$1]+=" ${inputs[$parent]}"
    done
    sum=$(digest "${inputs[$1]}")
    tag[$1]=riada/$1:${sum:0:12}
    order+=("$1")
}

images() { for file in docker/*/Dockerfile; do basename "$(dirname "$file")"; done | xargs; }

print_tags() {
    local image separator='{'
    for image in $(images); do
        printf '%s"%s": "%s"' "$separator" "$image" "${tag[$image]}"
        separator=', '
    done
    echo '}'
}

# --- what a build needs --------------------------------------------------------------------------

have() { docker image inspect "$1" >/dev/null 2>&1; }

choose_builder() { # BuildKit where there is one, the classic builder else
    engine=docker
    if docker buildx version >/dev/null 2>&1; then
        export DOCKER_BUILDKIT=1
        BUILDX_BUILDER=$(docker context show)
        export BUILDX_BUILDER # the builder inside the engine, because only this one sees local parents
    elif /usr/bin/docker --version 2>/dev/null | grep -Eq 'version (19|20)\.'; then
        engine=/usr/bin/docker # clients before 23 speak BuildKit without the plugin
        export DOCKER_BUILDKIT=1
    else
        export DOCKER_BUILDKIT=0
    fi
}

# --- the builds ----------------------------------------------------------------------------------

start() { # IMAGE
    local parent inputs arguments=()
    read -ra inputs < <(own_inputs "$1")
    for parent in $(parents "$1"); do
        arguments+=(--build-arg "$(tr a-z- A-Z_ <<<"$parent")=${tag[$parent]}")
    done
    docker/context.sh "${inputs[@]}" \
        | "$engine" build -f "docker/$1/Dockerfile" -t "${tag[$1]}" "${arguments[@]}" - \
            >"$logs/$1.log" 2>&1 9>&- &
    pid[$1]=$!
    began[$1]=$SECONDS
}

finish() { # IMAGE whose process has ended
    local took=$((SECONDS - began[$1]))
    if wait "${pid[$1]}"; then
        echo "build: ${tag[$1]} in ${took} s"
        unset "pid[$1]"
        return
    fi
    echo "build: ${1} failed after ${took} s; the last lines of $logs/$1.log:" >&2
    tail -n 30 "$logs/$1.log" >&2
    exit 1
}

ready() { # IMAGE: are its parents there?
    local parent
    for parent in $(parents "$1"); do
        [[ " ${waiting[*]} ${!pid[*]} " != *" $parent "* ]] || return 1
    done
}

build() {
    local image reported=$SECONDS remaining
    while [[ ${#waiting[@]} -gt 0 || ${#pid[@]} -gt 0 ]]; do
        for image in "${!pid[@]}"; do
            kill -0 "${pid[$image]}" 2>/dev/null || finish "$image"
        done
        remaining=()
        for image in "${waiting[@]}"; do
            if [[ ${#pid[@]} -lt $parallel ]] && ready "$image"; then
                start "$image"
            else
                remaining+=("$image")
            fi
        done
        waiting=("${remaining[@]}")
        sleep 0.5
        if ((SECONDS - reported >= 5)); then
            reported=$SECONDS
            for image in "${!pid[@]}"; do printf '  %s %s s' "$image" $((SECONDS - began[$image])); done
            echo "  (${#waiting[@]} waiting)"
        fi
    done
}

cleanup() {
    rm -f "$ca"
    [[ ${#pid[@]} -eq 0 ]] || kill "${pid[@]}" 2>/dev/null || true
}

# -------------------------------------------------------------------------------------------------

case ${1:-} in
    -h | --help) sed -n '2,7s/^# //p' "$0" && exit ;;
    --tags)
        for image in $(images); do resolve "$image"; done
        print_tags && exit
        ;;
esac

read -ra wanted <<<"${*:-$(images)}"
for image in "${wanted[@]}"; do resolve "$image"; done
waiting=()
for image in "${order[@]}"; do have "${tag[$image]}" || waiting+=("$image"); done
[[ ${#waiting[@]} -gt 0 ]] || exit 0

mkdir -p "$state/logs"
readonly logs=$state/logs
exec 9>"$state/build.lock"
flock -n 9 || { echo 'build: waiting for another docker/build.sh' && flock 9 && exec "$0" "$@"; }
trap cleanup EXIT
trap 'exit 130' INT TERM
choose_builder
docker/debian.sh bookworm
[[ -z ${SSL_CERT_FILE:-} ]] || cp "$SSL_CERT_FILE" "$ca"
echo "build: ${waiting[*]}"
build
