"""Each column of the pages' tables: the engine that has its numbers, or why no engine has them.

tests/harness/test_numbers.py fails for a column that is in none of NUMBERS, TEXTS, OWN, ELSEWHERE.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from contract.kafka.events import schema_id
from tests.harness.numbers import engines, parsers
from tests.harness.numbers.engines import Engine
from tests.harness.numbers.shown import Shown, numbers


@dataclass(frozen=True)
class Number:
    """`column`: table of columns() and field. `labels`: the fields that name a row. `absolute` and
    `relative`: how far page and engine may differ, beyond the rounding of what is shown."""

    column: str
    labels: tuple[str, ...]
    engine: Engine
    absolute: float = 0
    relative: float = 0
    read: Callable[[str], tuple[Shown, ...]] = numbers

    @property
    def table(self) -> str:
        return self.column.rpartition("/")[0]

    @property
    def field(self) -> str:
        return self.column.rpartition("/")[2]


def lsn(text: str) -> tuple[Shown, ...]:
    return (Shown(float(parsers.lsn(text)), 0),)


def _of(table: str, labels: tuple[str, ...], **by_field: Engine) -> list[Number]:
    return [Number(f"{table}/{field}", labels, engine) for field, engine in by_field.items()]


PLACE = ("partition", "offset")
NUMBERS = (
    *_of(
        "stages/postgres/slot",
        ("database",),
        retained=engines.slot(engines.SLOT_RETAINED),
        safe=engines.slot("safe_wal_size"),
    ),
    # It falls with each confirmation: a page may show more than the engine has before and after.
    Number(
        "stages/postgres/slot/unconfirmed",
        ("database",),
        engines.slot(engines.SLOT_UNCONFIRMED),
        absolute=1 << 20,
    ),
    Number(
        "stages/postgres/slot/confirmed_flush_lsn", ("database",), engines.confirmed_lsn, read=lsn
    ),
    *_of("stages/kafka/brokers", ("broker",), broker=engines.brokers, leads=engines.leads),
    *_of(
        "stages/zookeeper/nodes",
        ("node",),
        outstanding=engines.zookeeper("zk_outstanding_requests"),
        nodes=engines.zookeeper("zk_znode_count"),
    ),
    # Each question is a connection of its own.
    Number(
        "stages/zookeeper/nodes/connections",
        ("node",),
        engines.zookeeper("zk_num_alive_connections"),
        absolute=2,
    ),
    Number(
        "stages/zookeeper/nodes/latency",
        ("node",),
        engines.zookeeper("zk_min_latency", "zk_avg_latency", "zk_max_latency"),
        relative=0.02,  # the average moves with each request
    ),
    *_of(
        "stages/topics/topics",
        ("topic",),
        partitions=engines.of_topics(len),
        replicas=engines.of_topics(lambda parts: min(len(part.replicas) for part in parts)),
        under_replicated=engines.of_topics(
            lambda parts: sum(len(part.in_sync) < len(part.replicas) for part in parts)
        ),
        messages=engines.held_messages,
    ),
    # Prometheus reads the size every 15 s.
    Number("stages/topics/topics/bytes", ("topic",), engines.log_bytes, 64 << 10, 0.02),
    *_of(
        "stages/spark/lag",
        ("table", "partition"),
        end=engines.of_partitions(lambda end, _: end),
        done=engines.of_partitions(lambda _, done: done),
        waiting=engines.of_partitions(lambda end, done: max(0, end - done)),
    ),
    *_of(
        "stages/spark/batches",
        ("batch",),
        batch=engines.of_batches(lambda batch: batch.batch_id),
        written_at=engines.of_batches(lambda batch: batch.written_at.timestamp()),
        seconds=engines.of_batches(engines.seconds),
        read=engines.of_batches(engines.read),
        rows=engines.of_batches(lambda batch: batch.upserts + batch.deletes),
        dead_letters=engines.of_batches(lambda batch: batch.dead_letters),
        rows_per_s=engines.of_batches(lambda batch: engines.read(batch) / engines.seconds(batch)),
    ),
    *_of(
        "stages/spark/workers",
        ("worker",),
        cores=engines.spark_workers("coresused", "cores"),
        memory_mib=engines.spark_workers("memoryused", "memory"),
    ),
    *_of("stages/cassandra/nodes", ("node",), version=engines.cassandra_version),
    # Cassandra gives whole MiB.
    Number(
        "stages/cassandra/tables/mebibytes",
        ("table",),
        engines.tablestats("Space used (total)", engines.MIB),
        absolute=1,
    ),
    *_of("stages/cassandra/tables", ("table",), writes=engines.tablestats("Local write count")),
    # A histogram's bucket ends 20 % above its beginning.
    Number("stages/cassandra/tables/p99_ms", ("table",), engines.write_p99_ms, 1, 0.2),
    *_of(
        "stages/airflow/runs",
        ("dag", "run"),
        started_at=engines.dag_runs("start_date"),
        ended_at=engines.dag_runs("end_date"),
    ),
    *_of("stages/airflow/dags", ("dag",), next_run=engines.next_runs),
    *_of(
        "home/TABLES",
        ("table",),
        committed=engines.committed,
        on_topic=engines.sent(engines.EVENTS),
        in_cassandra=engines.delivered,
        waiting=engines.waiting,
    ),
    Number("home/TABLES/newest", ("table",), engines.newest_batch, absolute=1.2),
    *_of("comparison/columns", ("store",), count=engines.counted_rows),
    *_of(
        "messages/COLUMNS",
        PLACE,
        partition=engines.messages(engines.EVENTS, lambda item: item.partition),
        offset=engines.messages(engines.EVENTS, lambda item: item.offset),
        at=engines.messages(engines.EVENTS, lambda item: item.timestamp_ms / 1000),
        bytes=engines.messages(engines.EVENTS, lambda item: len(item.value)),
        schema_id=engines.messages(engines.EVENTS, lambda item: schema_id(item.value)),
    ),
    *_of("schemas/Versions", ("version",), id=engines.schema_versions),
)

ELSEWHERE = {
    "comparison/Keys that differ/newest_event": "tests/browser/test_comparison.py",
    "comparison/Keys that differ/cassandra_event": "tests/browser/test_comparison.py",
    "dead_letters/COLUMNS/place": "tests/browser/test_dead_letters.py",
    "dead_letters/COLUMNS/origin": "tests/e2e/test_poison.py",
    "dead_letters/COLUMNS/at": "tests/e2e/test_poison.py",
    "dead_letters/COLUMNS/schema_id": "tests/browser/test_dead_letters.py",
    "dead_letters/COLUMNS/bytes": "tests/e2e/test_poison.py",
    "row/VERSIONS/lsn": "tests/browser/test_numbers.py",
    "row/VERSIONS/committed_at": "tests/browser/test_numbers.py",
    "row/VERSIONS/place": "tests/browser/test_numbers.py",
    "row/VERSIONS/on_topic_at": "tests/browser/test_numbers.py",
    "row/VERSIONS/batch": "tests/browser/test_numbers.py",
    "row/VERSIONS/written_at": "tests/browser/test_numbers.py",
    "row/VERSIONS/total": "tests/browser/test_numbers.py",
    "home/columns/summary": "tests/browser/test_numbers.py",
    "home/TABLES/verified": "tests/e2e/test_verification.py",
    "home/TABLES/differences": "tests/e2e/test_verification.py",
}
OWN = {
    "home/columns/took": "the Control Center measures its own probes",
    "alerts/Alerts/since": "Prometheus alone knows it",
    "audit/COLUMNS/at": "the Control Center's own log",
    "audit/COLUMNS/details": "the Control Center's own log",
    "audit/COLUMNS/target": "the Control Center's own log",
    "comparison/columns/checksum": "a checksum in hexadecimal digits",
    "schemas/Versions/version": "names its row",
    "stages/spark/queries/since": "the driver alone knows it",
}
# Columns without numbers, by table.
TEXTS = {
    "stages/postgres/slot": "state database summary wal_status",
    "stages/connect/parts": "state database part worker cause",
    "stages/kafka/brokers": "host controller",
    "stages/zookeeper/nodes": "node mode",
    "stages/topics/topics": "topic",
    "stages/spark/queries": "state table cause",
    "stages/spark/lag": "table partition",
    "stages/spark/batches": "release",
    "stages/spark/workers": "worker state",
    "stages/cassandra/nodes": "node rack",
    "stages/cassandra/tables": "table",
    "stages/airflow/dags": "dag paused",
    "stages/airflow/runs": "state dag run",
    "home/TABLES": "state table cause",
    "home/columns": "state name component",
    "comparison/columns": "store",
    "comparison/Keys that differ": "key missing fields",
    "messages/COLUMNS": "key op undecodable",
    "schemas/FIELDS": "name type default",
    "dead_letters/COLUMNS": "reason key sent",
    "row/VERSIONS": "operation",
    "alerts/Alerts": "state name summary remedy labels",
    "alerts/PROBES": "state name summary component",
    "audit/COLUMNS": "state who action",
}
# Dictionaries of the pages that are not columns.
NOT_TABLES = ("comparison/STORES", "stages/TITLES")


def unclassified(columns: dict[str, dict[str, str]]) -> list[str]:
    """The columns of the pages that nobody has classified, and those that no page has."""
    known = [
        *(number.column for number in NUMBERS),
        *ELSEWHERE,
        *OWN,
        *(f"{table}/{field}" for table, fields in TEXTS.items() for field in fields.split()),
    ]
    present = {
        f"{table}/{field}"
        for table, fields in columns.items()
        if table not in NOT_TABLES
        for field in fields
    }
    twice = {name for name in known if known.count(name) > 1}
    return sorted((present ^ set(known)) | twice)
