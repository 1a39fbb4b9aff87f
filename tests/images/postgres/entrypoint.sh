#!/bin/bash
# Runs PostgreSQL. The first start makes the cluster, the certificate authority and the server's
# certificate for the names of NAMES (DNS:a,DNS:b).
set -euo pipefail
cd /var/lib/postgresql

certificate() {
    openssl req -x509 -newkey rsa:2048 -nodes -days 3650 -subj '/CN=authority of the tests' \
        -keyout ca.key -out ca.pem
    openssl req -newkey rsa:2048 -nodes -subj '/CN=server' -keyout server.key -out server.csr
    openssl x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 3650 \
        -extfile <(echo "subjectAltName=$NAMES") -out server.pem
}

[[ -e data/PG_VERSION ]] || {
    certificate 2>/dev/null
    initdb -D data -U postgres --auth trust --encoding UTF8 --locale C.UTF-8 >/dev/null
    cat >data/pg_hba.conf <<'RULES'
local   all  all         trust
hostssl all  riada  all  scram-sha-256
hostssl all  clerk  all  scram-sha-256
RULES
}
exec postgres -D data -c listen_addresses='*' -c unix_socket_directories="$PGHOST" \
    -c password_encryption=scram-sha-256 \
    -c ssl=on -c ssl_cert_file="$PWD/server.pem" -c ssl_key_file="$PWD/server.key" "$@"
