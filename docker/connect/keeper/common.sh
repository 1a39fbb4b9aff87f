# shellcheck shell=bash
# What the keeper's scripts share. Sourced.

export PGHOST=$POSTGRES_HOST PGPORT=$POSTGRES_PORT PGUSER=debezium PGDATABASE=people
export PGPASSFILE=/dev/shm/pgpass PGCONNECT_TIMEOUT=5

say() { echo "keeper: $*"; }

slot() { # prints "" (absent), or "active|inactive wal_status", e.g. "inactive reserved"
    psql -XqAtc "SELECT CASE WHEN active THEN 'active ' ELSE 'inactive ' END || wal_status
                 FROM pg_replication_slots WHERE slot_name = 'riada'"
}

# Invariant 3: order is the commit order. A transaction in flight on users while a snapshot begins
# writes at a smaller LSN than the snapshot's rows and so would lose to them. Returns once no such
# transaction is left, and keeps writers waiting until Debezium's snapshot is fixed, or for SECONDS.
hold_users() { # SECONDS
    local answer fixed
    if [[ -z $(slot) ]]; then # Debezium will make it; the snapshot is the slot's
        fixed="EXISTS (SELECT FROM pg_replication_slots
                       WHERE slot_name = 'riada' AND confirmed_flush_lsn IS NOT NULL)"
    else # the snapshot is that of the transaction which reads users, before the slot is used
        fixed="EXISTS (SELECT FROM pg_stat_activity
                       WHERE usename = current_user AND query LIKE 'SELECT \"id\"%\"users\"%')
               OR EXISTS (SELECT FROM pg_replication_slots WHERE slot_name = 'riada' AND active)"
    fi
    read -r -t 40 answer < <(exec psql -Xq -v ON_ERROR_STOP=1 2>&1 <<EOF
SET lock_timeout = '30s';
SET client_connection_check_interval = '1s'; -- ends with this psql
BEGIN;
DO \$\$ BEGIN PERFORM public.hold_users(); END \$\$;
\echo held
DO \$\$ BEGIN
    FOR tenth IN 1..$1 * 10 LOOP
        PERFORM pg_stat_clear_snapshot();
        EXIT WHEN $fixed;
        PERFORM pg_sleep(0.1);
    END LOOP;
END \$\$;
COMMIT;
EOF
    ) || answer='no answer in 40 s'
    holder=$!
    if [[ $answer == held ]]; then
        say 'holds writers of users until the snapshot has begun'
    else
        say "WARNING: the snapshot begins without holding writers of users: $answer"
    fi
}

release_users() { # earlier than hold_users would
    [[ -z ${holder:-} ]] || kill "$holder" 2>/dev/null || true
}
