"""What the engines' own tools have: label → numbers, for the rows of the pages' tables."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta, timezone
from typing import Any, NamedTuple, Protocol

from contract.kafka import topics
from contract.stores.cassandra.batches import BatchRecord
from contract.stores.postgres import table as postgres
from contract.stores.postgres.roles import DATABASE
from tests.harness.numbers import parsers
from tests.harness.numbers.shown import numbers
from tests.harness.tables import USERS

Values = Mapping[str, tuple[float, ...]]
MIB = 1 << 20
SLOT = "riada"
SLOT_RETAINED = "pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn)"
SLOT_UNCONFIRMED = "pg_wal_lsn_diff(pg_current_wal_lsn(), confirmed_flush_lsn)"
EVENTS, DEAD_LETTERS = topics.events(USERS).name, topics.dead_letters(USERS).name


class Message(NamedTuple):
    partition: int
    offset: int
    timestamp_ms: int
    value: bytes


class Engines(Protocol):
    """The engines of a platform."""

    def run(self, service: str, *command: str) -> str:
        """What a command prints in the service's container."""
        ...

    def cql(self, query: str) -> list[tuple[Any, ...]]: ...

    def http(self, kind: str, path: str) -> Any: ...

    def messages(self, topic: str) -> Iterable[Message]: ...


Engine = Callable[[Engines], Values]

# --- PostgreSQL and Airflow's database -----------------------------------------------------------


def sql(engines: Engines, query: str, database: str = DATABASE) -> list[list[str]]:
    command = ("psql", "-XqAt", "-F", "\t", "-d", database, "-c", query)
    return parsers.psql_rows(engines.run("postgres", *command))


def labelled(rows: Iterable[list[str]], labels: int = 1) -> dict[str, tuple[float, ...]]:
    """The first values of each row are its label; a row without a number is left out."""
    return {
        " ".join(row[:labels]): tuple(map(float, row[labels:])) for row in rows if all(row[labels:])
    }


def slot(expression: str) -> Engine:
    query = (
        f"SELECT '{DATABASE}', {expression} FROM pg_replication_slots WHERE slot_name = '{SLOT}'"
    )
    return lambda engines: labelled(sql(engines, query))


def confirmed_lsn(engines: Engines) -> Values:
    query = f"SELECT confirmed_flush_lsn FROM pg_replication_slots WHERE slot_name = '{SLOT}'"
    return {DATABASE: (float(parsers.lsn(sql(engines, query)[0][0])),)}


def committed(engines: Engines) -> Values:
    query = (
        f"SELECT '{USERS.name}', n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_user_tables"
        f" WHERE schemaname = '{USERS.schema}' AND relname = '{USERS.relation}'"
    )
    return labelled(sql(engines, query))


def counted_rows(engines: Engines) -> Values:
    """The rows in each store; all stores are equal, so the topic has as many."""
    [[count]] = sql(engines, f"SELECT count(*) FROM {postgres.qualified(USERS)}")
    [(written,)] = engines.cql(f"SELECT count(*) FROM people.{USERS.name}")
    return {
        "PostgreSQL": (float(count),),
        "Topic": (float(count),),
        "Cassandra": (float(written),),
    }


def dag_runs(moment: str) -> Engine:
    query = f"SELECT dag_id, run_id, extract(epoch FROM {moment}) FROM dag_run"
    return lambda engines: labelled(sql(engines, query, "airflow"), 2)


def next_runs(engines: Engines) -> Values:
    query = "SELECT dag_id, extract(epoch FROM next_dagrun_create_after) FROM dag"
    return labelled(sql(engines, query, "airflow"))


# --- Kafka and ZooKeeper -------------------------------------------------------------------------


def kcat(engines: Engines, *arguments: str) -> str:
    return engines.run("kafka-1", "kcat", "-b", "localhost:9092", *arguments)


def described(engines: Engines) -> dict[str, list[parsers.Partition]]:
    return parsers.kcat_topics(kcat(engines, "-L", "-J"))


def brokers(engines: Engines) -> Values:
    answer = parsers.kcat_brokers(kcat(engines, "-L", "-J"))
    return {str(number): (float(number),) for number in answer}


def leads(engines: Engines) -> Values:
    leaders = [part.leader for part in described(engines)[EVENTS]]
    return {label: (float(leaders.count(int(label))),) for label in brokers(engines)}


def of_topics(measure: Callable[[list[parsers.Partition]], float]) -> Engine:
    return lambda engines: {name: (measure(parts),) for name, parts in described(engines).items()}


def spans(engines: Engines) -> dict[tuple[str, int], tuple[int, int]]:
    """(topic, partition) → first offset and end."""
    places = [(name, part.number) for name, parts in described(engines).items() for part in parts]

    def offsets(at: int) -> dict[tuple[str, int], int]:
        asked = [word for name, number in places for word in ("-t", f"{name}:{number}:{at}")]
        return parsers.kcat_offsets(kcat(engines, "-Q", *asked))

    first, end = offsets(-2), offsets(-1)
    return {place: (first[place], end[place]) for place in places}


def held_messages(engines: Engines) -> Values:
    held: dict[str, float] = {}
    for (topic, _), (first, end) in spans(engines).items():
        held[topic] = held.get(topic, 0) + end - first
    return {topic: (count,) for topic, count in held.items()}


def log_bytes(engines: Engines) -> Values:
    find = ("find", "/var/lib/kafka/log", "-name", "*.log", "-printf", "%s %p\\n")
    sizes = parsers.file_sizes(engines.run("kafka-1", *find))
    return {topic: (float(size),) for topic, size in sizes.items()}


def ends(engines: Engines, topic: str = EVENTS) -> dict[int, int]:
    return {part: end for (name, part), (_, end) in spans(engines).items() if name == topic}


def sent(topic: str) -> Engine:
    """The number of messages that ever came to a topic."""
    return lambda engines: {USERS.name: (float(sum(ends(engines, topic).values())),)}


def messages(topic: str, measure: Callable[[Message], float | None]) -> Engine:
    """Label: partition and offset."""
    return lambda engines: {
        f"{item.partition} {item.offset}": (value,)
        for item in engines.messages(topic)
        if (value := measure(item)) is not None
    }


def zookeeper(*names: str) -> Engine:
    script = "exec 3<>/dev/tcp/localhost/2181; printf mntr >&3; cat <&3"

    def ask(engines: Engines) -> Values:
        answer = parsers.mntr(engines.run("zookeeper-1", "bash", "-c", script))
        return {"zookeeper-1": tuple(answer[name] for name in names)}

    return ask


# --- Spark and Cassandra -------------------------------------------------------------------------


def batches(engines: Engines) -> list[BatchRecord]:
    """Of today and yesterday, newest first."""
    today = datetime.now(timezone.utc).date()
    days = ", ".join(f"'{today - timedelta(days=back)}'" for back in (-1, 0, 1))
    query = f"SELECT * FROM people.batches WHERE job = '{USERS.name}' AND day IN ({days})"
    records = [BatchRecord.from_row(row) for row in engines.cql(query)]  # type: ignore[arg-type]
    return sorted(records, key=lambda batch: (batch.written_at, batch.batch_id), reverse=True)


def of_batches(measure: Callable[[BatchRecord], float]) -> Engine:
    """Label: the batch's number; the newest batch of that number counts."""
    return lambda engines: {
        str(batch.batch_id): (measure(batch),) for batch in reversed(batches(engines))
    }


def seconds(batch: BatchRecord) -> float:
    return (batch.written_at - batch.started_at).total_seconds()


def read(batch: BatchRecord) -> int:
    return sum(end - batch.start_offsets.get(part, 0) for part, end in batch.end_offsets.items())


def done(engines: Engines) -> dict[int, int]:
    """Partition → the end of the newest batch, or the topic's first offset before the first."""
    first = {part: start for (name, part), (start, _) in spans(engines).items() if name == EVENTS}
    newest = batches(engines)[:1]
    return first | (dict(newest[0].end_offsets) if newest else {})


def of_partitions(measure: Callable[[int, int], float]) -> Engine:
    """Label: table and partition; `measure` takes the topic's end and the batches' end."""

    def ask(engines: Engines) -> Values:
        covered = done(engines)
        return {
            f"{USERS.name} {part}": (measure(end, covered[part]),)
            for part, end in ends(engines).items()
        }

    return ask


def delivered(engines: Engines) -> Values:
    dead = sum(ends(engines, DEAD_LETTERS).values())
    return {USERS.name: (float(max(0, sum(done(engines).values()) - dead)),)}


def waiting(engines: Engines) -> Values:
    covered = done(engines)
    left = sum(max(0, end - covered[part]) for part, end in ends(engines).items())
    return {USERS.name: (float(left),)}


def newest_batch(engines: Engines) -> Values:
    return {USERS.name: (batches(engines)[0].written_at.timestamp(),)}


def spark_workers(used: str, available: str) -> Engine:
    return lambda engines: {
        worker["host"]: (float(worker[used]), float(worker[available]))
        for worker in engines.http("spark-master", "/json/")["workers"]
    }


def tablestats(name: str, unit: float = 1) -> Engine:
    def ask(engines: Engines) -> Values:
        text = engines.run("cassandra-1", "nodetool", "tablestats", "people")
        return {table: (values[name] / unit,) for table, values in parsers.tablestats(text).items()}

    return ask


def write_p99_ms(engines: Engines) -> Values:
    values = {}
    for table in tablestats("Local write count")(engines):
        command = ("nodetool", "tablehistograms", *table.split("."))
        text = engines.run("cassandra-1", *command)
        micros = parsers.tablehistograms(text, "Write Latency", "99%")
        values[table] = (micros / 1000,) if micros is not None else ()
    return values


def cassandra_version(engines: Engines) -> Values:
    version = numbers(engines.run("cassandra-1", "nodetool", "version"))
    nodes = parsers.nodetool_status(engines.run("cassandra-1", "nodetool", "status"))
    return {node: tuple(number.value for number in version) for node in nodes}


def schema_versions(engines: Engines) -> Values:
    """Version → its id, of the first subject that the page Schemas shows."""
    subject = f"/apis/ccompat/v7/subjects/{topics.events(USERS).value_subject}/versions"
    answer = engines.http("schema-registry", subject)
    return {
        str(number): (float(engines.http("schema-registry", f"{subject}/{number}")["id"]),)
        for number in answer
    }


def prometheus(engines: Engines, expression: str) -> dict[str, float]:
    command = ("promtool", "query", "instant", "http://localhost:9090", expression)
    return parsers.promtool_instant(engines.run("prometheus", *command))


def targets(engines: Engines) -> Values:
    answer = engines.http("prometheus", "/api/v1/targets?state=active")
    return {"": (float(len(answer["data"]["activeTargets"])),)}
