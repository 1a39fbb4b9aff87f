#!/bin/bash
# Initialises the data folder once, restores it from a backup, or upgrades it; applies roles, passwords and
# schema riada on every start, then becomes PostgreSQL. Beside it, apply-tables brings the tables of the deployed
# release up to date, backup follows the schedule, and encryption a renewed certificate. A kill at any moment does
# no harm: a restore begins again. The settings are the ENV lines of the Dockerfile.
set -euo pipefail
trap 'exit 130' INT TERM

for secret in postgres-{superuser,airflow,registry,ingest,application,debezium,observer} tls-postgres ca; do
    [[ -s /run/secrets/$secret ]] || {
        echo "postgres: /run/secrets/$secret is missing or empty: mount that secret" >&2
        exit 1
    }
done
encryption take

# Only one server may use the volume. The lock lasts as long as any process of this container. So a
# postmaster.pid belongs to a dead server, even if another process has its number now.
exec 9>"${PGDATA%/*}/lock"
flock --wait 60 9 || {
    echo "postgres: another container still uses this volume: stop it first" >&2
    exit 1
}
rm -rf "$PGDATA/postmaster.pid" "$PGDATA.new" "${PGHOST:?}"/* "${PGHOST:?}"/.s.*
upgrade recover
[[ -d $PGDATA ]] || touch "${PGDATA%/*}/encrypted" # an installation without clients of an earlier release
encryption access

# A requested restore, or that of an empty volume. Without an answer of the repository an empty volume
# does not get a new cluster, since the repository may have its backup.
backup configure
[[ -e ${PGDATA%/*}/restore.json ]] || rm -f "$PGDATA/recovery.signal"
backup restore

if [[ ! -d $PGDATA ]]; then
    echo "postgres: initialising $PGDATA"
    init-cluster "$PGDATA.new"
    mv "$PGDATA.new" "$PGDATA"
fi
version=$(<"$PGDATA/PG_VERSION")
readonly version programs=/usr/lib/postgresql/$version/bin
[[ -x $programs/postgres ]] || {
    echo "postgres: the data folder is of PostgreSQL $version, and this is $PG_MAJOR, which cannot read it:" \
        "use the release of Riada that wrote it" >&2
    exit 1
}
# `backup follow` repeats it and reports a failure, so an unreachable bucket does not delay the server.
timeout 30 backup prepare || true

# The log contains no statements or details, because they would show rows and passwords.
settings=(
    -c "hba_file=$PGHOST/pg_hba.conf"
    -c ident_file=/etc/riada/pg_ident.conf
    -c ssl=on
    -c ssl_cert_file=/dev/shm/tls-postgres.pem
    -c ssl_key_file=/dev/shm/tls-postgres.pem
    -c ssl_min_protocol_version=TLSv1.3
    -c "shared_buffers=$SHARED_BUFFERS"
    -c "max_connections=$MAX_CONNECTIONS"
    -c max_parallel_workers_per_gather=0
    -c jit=off
    -c wal_level=logical
    -c wal_compression=lz4
    -c max_wal_size=2GB
    -c max_wal_senders=10
    -c max_replication_slots=10
    -c "max_slot_wal_keep_size=$MAX_SLOT_WAL_KEEP"
    -c archive_mode=on
    -c "archive_command=pgbackrest-push %p"
    -c archive_timeout=60
    -c log_statement=none
    -c log_min_error_statement=panic
    -c log_error_verbosity=terse
    -c "log_line_prefix=%m [%p] %q%u@%d "
)

# The server first listens on a private socket only, so that clients find everything in place.
private=$PGHOST/private
mkdir -m 0700 "$private"
# tee has to end before this shell becomes PostgreSQL, as below.
start_private() { # SETTING…
    exec 8> >(exec tee "$PGHOST/start.log")
    local tee=$!
    if "$programs/pg_ctl" start --wait --timeout 600 --silent \
        --options "$(printf '%q ' "${settings[@]}" -c hot_standby=off "$@" \
            -c listen_addresses= -c "unix_socket_directories=$private")" >&8 2>&1 \
        && PGHOST=$private backup await; then
        exec 8>&-
        return
    fi
    exec 8>&-
    pg_ctl stop --silent --mode immediate 2>/dev/null || true
    wait "$tee"
    if backup retry-to-end "$PGHOST/start.log"; then
        exec 9>&-
        exec "$0"
    fi
    exit 1
}
stop_private() {
    pg_ctl stop --wait --timeout 600 --silent --mode fast
    wait "$!"
}
start_private
older=0
PGHOST=$private timeout 30 backup is-older-copy || older=$?
if [[ $older == 0 ]]; then
    stop_private
    touch "$PGDATA/recovery.signal"
    start_private -c recovery_target_timeline=current -c "restore_command=pgbackrest-history %f %p"
elif [[ $older != 3 ]]; then
    echo "postgres: the archive does not answer, so it is checked later whether this volume is an older copy;" \
        "make status reports it then" >&2
fi
if [[ $version != "$PG_MAJOR" ]]; then # it was started to recover after a kill or a restore
    stop_private
    upgrade run
    exec 9>&-
    exec "$0"
fi
PGHOST=$private upgrade adapt
PGHOST=$private psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --dbname postgres --file /etc/riada/roles.sql
stop_private
rm -r "$private"

# Their parent ends, so tini reaps them: PostgreSQL would take an unknown child for a crashed server process.
repeat() {
    while true; do
        "$@" || true
        sleep 2
    done
}
(
    repeat apply-tables --follow &
    repeat backup follow &
    repeat encryption follow &
    until nice -n 10 upgrade finish; do sleep 5; done &
)

exec postgres "${settings[@]}" -c 'listen_addresses=*' -c "unix_socket_directories=$PGHOST"
