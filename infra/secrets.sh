#!/bin/bash
# Makes and removes an installation's secrets: one file each, 32 random bytes in base64 for URLs.
# Invariant 5: Terraform runs this script, so that no value enters its state.
#   infra/secrets.sh make DIR NAME…   makes missing secrets, never changes the value of another
#   infra/secrets.sh remove DIR
# The folder is closed to others (0700), so its files can be open to the containers' user (0444).
set -euo pipefail
umask 077

usage() {
    sed -n '2,6s/^# //p' "$0"
    exit "${1:-2}"
}

make() { # DIR NAME…
    local dir=$1 name
    shift
    mkdir -p "$dir"
    chmod 0700 "$dir"
    for name in "$@"; do
        if [[ -s $dir/$name ]]; then
            chmod a+r "$dir/$name" # a person may have written it
            continue
        fi
        # Renamed when complete: an interrupted run leaves no partial secret.
        head -c 32 /dev/urandom | base64 | tr '+/' '-_' | tr -d '\n' >"$dir/.$name"
        chmod 0444 "$dir/.$name"
        mv -f "$dir/.$name" "$dir/$name"
    done
}

remove() { # DIR
    # The script removes only folders of this name, because rm -rf of a mistyped folder could remove
    # other data.
    [[ $(basename "$1") == secrets ]] || {
        echo "secrets: $1 is not a folder of secrets: it must be named secrets" >&2
        exit 2
    }
    rm -rf -- "$1"
}

case ${1:-} in
    make) [[ $# -ge 3 ]] || usage && shift && make "$@" ;;
    remove) [[ $# -eq 2 ]] || usage && remove "$2" ;;
    -h | --help) usage 0 ;;
    *) usage ;;
esac
