"""Where traces of an erased row remain, and until when at the latest. A function per store."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from contract.jobs.erase import Trace
from contract.kafka import topics
from contract.kafka.topics import RETENTION_MS, SEGMENT_MS
from contract.stores.cassandra.keyspace import KEYSPACE
from contract.stores.cassandra.table import GC_GRACE_S
from contract.stores.postgres import backups
from contract.stores.postgres import table as postgres
from contract.stores.postgres.backups import Backups
from contract.table.table import Table
from control_center.clients.clients import Clients
from control_center.jobs.erase.dead_letters import Outcome

# Brokers look for expired segments every minute (docker/kafka/entrypoint.sh) and delete their files
# a minute later; the rest is for a broker that is busy or restarts.
DELETION = timedelta(minutes=10)


def traces(
    clients: Clients, table: Table, ended: datetime, dead_letters: Outcome, now: datetime
) -> tuple[Trace, ...]:
    """`ended`: the newest event of the row came to the topic before. Raises UnreachableError."""
    listed = [
        *_topic(clients, table, ended),
        *_dead_letters(clients, table, dead_letters, now),
        *_postgres(table),
        *_cassandra(clients, table, ended),
        *_backups(clients, table, ended),
        *_logs(),
    ]
    return tuple(item for item in listed if not item.until or item.until > _iso(now))


def latest(newest: datetime, settings: dict[str, str]) -> datetime:
    """When the last message of a topic that is not younger than `newest` has left the disk. Kafka
    deletes a segment by its newest message, which is younger by up to the length of a segment."""
    kept_ms = int(settings[RETENTION_MS]) + int(settings[SEGMENT_MS])
    return newest + timedelta(milliseconds=kept_ms) + DELETION


def _topic(clients: Clients, table: Table, ended: datetime) -> Iterator[Trace]:
    name = topics.events(table).name
    if settings := _settings(clients, name):
        what = f"changes of the row on topic {name}, which Kafka removes by age"
        yield Trace("kafka", what, _iso(latest(ended, settings)))


def _dead_letters(
    clients: Clients, table: Table, outcome: Outcome, now: datetime
) -> Iterator[Trace]:
    name = topics.dead_letters(table).name
    if outcome.erased:
        what = f"segments of topic {name} with the removed dead letters, until brokers delete them"
        yield Trace("kafka", what, _iso(now + DELETION))
    settings = _settings(clients, name)
    if outcome.unreadable and outcome.newest_ms and settings:
        newest = datetime.fromtimestamp(outcome.newest_ms / 1000, now.tzinfo)
        what = (
            f"{outcome.unreadable} dead letters on topic {name}, of which nothing can be decoded:"
            " they may be of the row"
        )
        yield Trace("kafka", what, _iso(latest(newest, settings)))


def _postgres(table: Table) -> Iterator[Trace]:
    if table.database:
        what = "backups, WAL and data files of that server"
        yield Trace(f"database {table.database}", what, remedy="Ask the operator of that server.")
        return
    yield Trace(
        "postgres",
        f"the deleted row in free space of the data files of {table.schema}.{table.relation} and"
        " riada.rejects, until other rows overwrite it",
        remedy=(
            f"VACUUM FULL {postgres.qualified(table)}, riada.rejects; as superuser removes it at"
            " once, and locks these tables meanwhile"
        ),
    )
    yield Trace(
        "postgres",
        "the row in the server's write-ahead log, until checkpoints have reused its segments",
        remedy="each GB of later changes reuses the segments before (max_wal_size)",
    )


def _cassandra(clients: Clients, table: Table, ended: datetime) -> Iterator[Trace]:
    removed = ended + timedelta(seconds=GC_GRACE_S)
    container = clients.settings.container("cassandra-1")
    yield Trace(
        "cassandra",
        f"the key as a tombstone, and the row in older SSTables of {KEYSPACE}.{table.name}, until a"
        f" compaction merges both; the tombstone goes with the first one after {_iso(removed)}",
        remedy=(
            f"docker exec {container} nodetool flush, then nodetool garbagecollect {KEYSPACE}"
            f" {table.name}, on each node of Cassandra, removes the row at once"
        ),
    )


def _backups(clients: Clients, table: Table, ended: datetime) -> Iterator[Trace]:
    """Riada's own copies of PostgreSQL's data, and those that somebody else made."""
    if table.database:
        return
    remedy = "After a restore: make erase AGAIN=1."
    what = (
        "the row in Riada's backups and archived WAL of PostgreSQL, which expire by age while newer"
        " backups succeed; a backup also copies the free space of data files, so the time counts"
        " from when that is overwritten"
    )
    kept_days = _kept_days(clients)
    until = _iso(ended + timedelta(days=kept_days)) if kept_days else ""
    yield Trace("backups", what, until, remedy)
    what = "other dumps and snapshots of PostgreSQL from before, as long as you keep them"
    yield Trace("backups", what, remedy=remedy)


def _kept_days(clients: Clients) -> int:
    """How long Riada's backups hold what was deleted; 0 if the container postgres has not reported
    it."""
    with clients.postgres() as connection, connection.cursor() as cursor:
        cursor.execute(backups.SELECT)
        row = cursor.fetchone()
    return Backups.from_json(row[0]).kept_days if row else 0


def _logs() -> Iterator[Trace]:
    yield Trace(
        "logs",
        "keys and values that an engine quoted in an error; a container keeps its last 30 MB",
    )
    yield Trace(
        "control-center",
        "the key in the last results of compare, repair and smoke test, if they listed it",
        remedy="The next run of each replaces its result.",
    )


def _settings(clients: Clients, topic: str) -> dict[str, str]:
    """{} without that topic."""
    values = {
        name: clients.kafka.settings([topic], name).get(topic)
        for name in (RETENTION_MS, SEGMENT_MS)
    }
    return {name: value for name, value in values.items() if value is not None}


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="minutes").replace("+00:00", "Z")
