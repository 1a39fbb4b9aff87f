#!/bin/bash
# Brings the certificates in Secrets Manager up to date: infra/aws/certificates.sh SERVICE=NAME,NAME…
# PROJECT: the installation. The keys are in files that only this user reads, and on no command line.
set -euo pipefail
umask 077
: "${PROJECT:?}"

command -v aws >/dev/null || {
    echo "certificates: aws is not installed: https://docs.aws.amazon.com/cli/latest/userguide/getting-started-install.html" >&2
    exit 1
}
memory=/dev/shm # not on a disk, where it exists
[[ -d $memory ]] || memory=${TMPDIR:-/tmp}
dir=$(mktemp -d "$memory/riada-certificates.XXXXXX")
trap 'rm -rf "$dir"' EXIT

for name in ca ca-key "${@/#/tls-}"; do
    name=${name%%=*}
    if ! aws secretsmanager get-secret-value --secret-id "$PROJECT/$name" --query SecretString \
        --output text >"$dir/$name" 2>"$dir/error"; then
        # The secret has no value yet. After any other error a new CA would replace the one in use.
        grep -q ResourceNotFoundException "$dir/error" || {
            echo "certificates: $PROJECT/$name cannot be read: $(tail -n 1 "$dir/error")" >&2
            exit 1
        }
        rm "$dir/$name"
    fi
done
rm -f "$dir/error"

for name in $(infra/certificates.sh make "$dir" "$@"); do
    aws secretsmanager put-secret-value --secret-id "$PROJECT/$name" --secret-string "file://$dir/$name" >/dev/null
    echo "certificates: $PROJECT/$name is new"
done
