"""Faults of a running platform: a context manager begins a fault and ends it at exit."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

from cli.clients.http import call
from cli.host import docker
from contract.kafka import topics
from contract.table.table import Table
from tests.harness import superuser
from tests.harness.faulty_source import source_with
from tests.harness.kafka import LARGEST, TOPIC, configure, produce, records
from tests.harness.platform import INGEST, Platform
from tests.harness.schemas import UnknownSchema
from tests.harness.spark import without_driver
from tests.harness.tables import USERS
from tests.harness.wait import eventually

Fault = Callable[[Platform], AbstractContextManager[object]]


@contextmanager
def _paused(platform: Platform, dag: str) -> Iterator[None]:
    platform.pause(dag, True)
    try:
        yield
    finally:
        platform.pause(dag, False)


@contextmanager
def _no_rows_arrive(platform: Platform) -> Iterator[None]:
    """Pause ingest_users and end its runs: a current run would continue for minutes."""
    with _paused(platform, INGEST):
        platform.end_runs(INGEST)
        yield
    platform.await_end(platform.ingest(5))


@contextmanager
def _connector_paused(platform: Platform) -> Iterator[None]:
    platform.connector("pause")
    try:
        yield
    finally:
        assert platform.control_center("POST", "/api/connector/restart")["ok"]


@contextmanager
def _topic_refuses(platform: Platform) -> Iterator[None]:
    """The topic refuses messages as large as a row's: Connect's producer retries, and dies."""
    configure(platform, TOPIC, "max.message.bytes", "100")
    try:
        platform.ingest(5)
        yield
    finally:
        configure(platform, TOPIC, "max.message.bytes", LARGEST)
        assert platform.control_center("POST", "/api/connector/restart")["ok"]


@contextmanager
def _executor_hangs(platform: Platform) -> Iterator[None]:
    executor = "CoarseGrainedExecutorBackend"
    assert platform.kill("spark-worker-1", executor, "STOP")
    try:
        platform.ingest(5)
        yield
    finally:
        assert platform.kill("spark-worker-1", executor, "CONT")


@contextmanager
def _sql(platform: Platform, break_: str, repair: str) -> Iterator[None]:
    superuser.change(platform, break_)
    try:
        yield
    finally:
        superuser.change(platform, repair)


HELD_MIB = 1200  # more than a quarter of max_slot_wal_keep_size

DISCONNECT_READER = """ALTER ROLE debezium NOLOGIN;
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'debezium'"""


@contextmanager
def dead_letter(platform: Platform, table: Table = USERS) -> Iterator[None]:
    """Produce a message of a table whose schema the registry does not know; at the end register
    the schema and replay the dead letter."""
    unknown = UnknownSchema(platform, table)
    origin = produce(platform, unknown.key, unknown.value, unknown.topic)
    try:
        yield
    finally:
        unknown.become_known()
        position = next(
            str(record.position)
            for record in records(platform, topics.dead_letters(table).name)
            if record.origin == origin
        )
        sent = platform.control_center(
            "POST", f"/api/tables/{table.name}/dead-letters/send", {"dead_letters": [position]}
        )
        assert sent["sent"] == 1, sent


@contextmanager
def _compatibility(platform: Platform) -> Iterator[None]:
    registry = (
        f"{platform.installation.url('schema-registry')}/apis/ccompat/v7/config/{TOPIC}-value"
    )
    call("PUT", registry, {"compatibility": "FORWARD"})
    try:
        yield
    finally:
        call(
            "PUT", registry, {"compatibility": "NONE"}
        )  # Riada sets no level for a subject: the global one counts


@contextmanager
def _run_failed(platform: Platform) -> Iterator[None]:
    run = platform.ingest(5, nat="no-such-country")
    eventually(lambda: platform.run_state(run) == "failed", "the run failed", 120)
    yield
    platform.await_end(platform.ingest(5))


@contextmanager
def _all_are_rejected(platform: Platform) -> Iterator[None]:
    with source_with(platform, "no_login"):
        platform.ingest(50)
        yield


@contextmanager
def _wal_held_back(platform: Platform) -> Iterator[None]:
    """Fill the WAL with logical messages while the slot has no reader."""
    platform.connector("stop")
    try:
        fill = f"pg_logical_emit_message(false, 'filling', repeat('x', {1 << 20}))"
        superuser.execute(platform, f"SELECT count({fill}) FROM generate_series(1, {HELD_MIB})")
        yield
    finally:
        platform.connector("resume")
        superuser.execute(platform, "CHECKPOINT")


@contextmanager
def _disk_full(platform: Platform) -> Iterator[None]:
    """Mount a small, nearly full file system over the artifacts of the Control Center."""
    center = platform.container("control-center")
    [container] = docker.inspect(center)
    inside = ("nsenter", "--target", str(container["State"]["Pid"]), "--mount", "bash", "-euc")
    allowed = ("--cap-add", "SYS_ADMIN", "--cap-add", "SYS_PTRACE", "--cap-add", "SYS_CHROOT")
    beside = ("--pid", "host", "--user", "0", "--security-opt", "apparmor=unconfined", *allowed)

    def act(script: str) -> None:
        command = ("--entrypoint", inside[0], container["Config"]["Image"], *inside[1:], script)
        docker.ask("run", "--rm", *beside, *command)

    act("mount -t tmpfs -o size=16M none /artifacts")
    try:
        act("head -c 15M /dev/zero >/artifacts/filling")
        yield
    finally:
        act("umount /artifacts")


def _of(fault: Callable[..., AbstractContextManager[object]], *arguments: str) -> Fault:
    return lambda platform: fault(platform, *arguments)


AWAY = "is not on the network"
# Name → the fault, and the words that the sentence then contains.
STATES: dict[str, tuple[Fault, tuple[str, ...]]] = {
    "source answers 503": (
        _of(source_with, "status_503"),
        ("randomuser", "users gets no new rows", "answers 503"),
    ),
    "source has no rows": (
        _of(source_with, "no_people"),
        ("users gets no new rows", "answers 200 and no items"),
    ),
    "all are rejected": (
        _of(source_with, "no_login"),
        ("users rejects", "login.uuid: missing"),
    ),
    "PostgreSQL stopped": (_of(Platform.stopped, "postgres"), (f"postgres: {AWAY}",)),
    "scheduler stopped": (
        _of(Platform.stopped, "airflow-scheduler"),
        (f"airflow-scheduler: {AWAY}",),
    ),
    "ingest_users paused": (
        _of(_paused, INGEST),
        ("ingest_users is paused", "no new rows of users come"),
    ),
    "run failed": (_run_failed, ("the last run of ingest_users failed", "HTTP 400")),
    "ZooKeeper stopped": (_of(Platform.stopped, "zookeeper-1"), (f"zookeeper-1: {AWAY}",)),
    "Kafka stopped": (_of(Platform.stopped, "kafka-1"), (f"kafka-1: {AWAY}",)),
    "registry stopped": (
        _of(Platform.stopped, "schema-registry"),
        (f"schema-registry: {AWAY}",),
    ),
    "compatibility changed": (_compatibility, ("compatibility is FORWARD, not BACKWARD",)),
    "Connect stopped": (_of(Platform.stopped, "connect"), (f"connect: {AWAY}",)),
    "connector paused": (_connector_paused, ("is PAUSED", "Restart connector and task")),
    "topic refuses": (_topic_refuses, ("accepts no message of more than 100 bytes",)),
    "reader disconnected": (
        _of(_sql, DISCONNECT_READER, "ALTER ROLE debezium LOGIN"),
        ('role "debezium" is not permitted to log in',),
    ),
    "table not published": (
        _of(
            _sql,
            "ALTER PUBLICATION riada DROP TABLE public.users",
            "ALTER PUBLICATION riada ADD TABLE public.users",
        ),
        # the probe of the slot and PostgreSQL's own check find it; either may be first
        ("publication riada", "public.users"),
    ),
    "dead letter": (dead_letter, ("to be corrected and replayed", "unknown schema id")),
    "worker stopped": (_of(Platform.stopped, "spark-worker-1"), (f"spark-worker-1: {AWAY}",)),
    "Cassandra stopped": (_of(Platform.stopped, "cassandra-1"), (f"cassandra-1: {AWAY}",)),
    "driver gone": (without_driver, ("no Spark driver runs", "stream_tables is paused")),
    "executor hangs": (_executor_hangs, ("the Spark driver has written none of its rows",)),
}

# Name → the fault, and the alerts that it causes.
ALERTS: dict[str, tuple[Fault, set[str]]] = {
    "source has no rows": (STATES["source has no rows"][0], {"ComponentDown"}),
    "all are rejected": (_all_are_rejected, {"RejectsDominate"}),
    "no rows arrive": (_no_rows_arrive, {"NoNewRows"}),
    "Connect stopped": (
        _of(Platform.stopped, "connect"),
        {"ConnectorDown", "SlotUnread", "TargetDown"},
    ),
    "task failed": (STATES["reader disconnected"][0], {"ConnectorDown", "SlotUnread"}),
    "table not published": (STATES["table not published"][0], {"NothingCaptured"}),
    "WAL held back": (_wal_held_back, {"SlotRetaining", "SlotUnread"}),
    "ZooKeeper stopped": (
        _of(Platform.stopped, "zookeeper-1"),
        {"NodeDown", "ZooKeeperSessionLost"},
    ),
    "worker stopped": (_of(Platform.stopped, "spark-worker-1"), {"NodeDown", "DriverDown"}),
    "executor hangs": (_executor_hangs, {"StreamLagging"}),
    "Cassandra stopped": (_of(Platform.stopped, "cassandra-1"), {"NodeDown"}),
    "disk full": (_disk_full, {"DiskFilling"}),
    "Control Center stopped": (_of(Platform.stopped, "control-center"), {"ControlCenterDown"}),
}
