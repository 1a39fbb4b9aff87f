"""A full disk: PostgreSQL, Kafka and Cassandra refuse writes loudly, name the cause in their logs,
and serve again when there is room. Every acknowledged write is still there.

Each has a volume of its own in memory. It is mounted for as long as a container uses it.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from confluent_kafka import Consumer, KafkaError, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic

from cli.host import docker
from tests.docker.conftest import PROJECT, Container, Start, free_port, start
from tests.harness.small_volume import FULL, SmallVolume, full, small_volume
from tests.harness.wait import eventually

__all__ = ["free_port", "start"]
pytestmark = pytest.mark.timeout(1200)

ALWAYS = ("--restart", "unless-stopped")  # as infra/modules/containers
TOPIC = "riada.public.orders"


Make = Callable[[str, int], SmallVolume]


@pytest.fixture
def volume(start: Start) -> Make:
    """volume(name, size in MiB)."""
    return lambda name, size_mib: small_volume(start, PROJECT, name, size_mib)


def ends_and_names_the_cause(container: Container, times: int) -> None:
    eventually(lambda: starts(container) >= times, f"{container.name} ends {times} times", 300)
    assert FULL in container.logs()


def starts(container: Container) -> int:
    """How often the engine has started it again."""
    return int(docker.inspect(container.name)[0]["RestartCount"])


# --- PostgreSQL -----------------------------------------------------------------------------------

# 8 KiB that do not compress.
VALUE = "(SELECT string_agg(md5(random()::text), '') FROM generate_series(1, 256))"


def insert(postgres: Container, first: int, count: int) -> tuple[set[int], str]:
    """Inserts rows, each in its own transaction. Returns the keys that PostgreSQL acknowledged, and
    the error."""
    keys = range(first, first + count)
    statement = "INSERT INTO public.orders SELECT {key}, {value} RETURNING id;"
    script = "\n".join(statement.format(key=key, value=VALUE) for key in keys)
    shell = f"psql -XqAt -v ON_ERROR_STOP=1 -d people <<'SQL'\n{script}\nSQL\n"
    done = postgres.run("bash", "-c", shell)
    return {int(line) for line in done.stdout.split()}, done.stderr


def test_postgres(start: Start, volume: Make) -> None:
    disk = volume("postgres", 320)
    options = (*ALWAYS, "--volume", f"{disk.name}:/var/lib/postgresql")
    postgres = start("postgres", "postgres", *options)
    postgres.await_healthy("healthcheck")
    # One WAL file after the other is new, so that the disk fills by WAL as well.
    table = "CREATE TABLE public.orders (id integer PRIMARY KEY, note text)"
    postgres.run("psql", "-Xq", "-d", "people", "-c", table).check_returncode()
    written, error = insert(postgres, 0, 100)
    assert len(written) == 100, error
    with full(disk):
        for round_ in range(1, 30):
            more, error = insert(postgres, 1000 * round_, 500)
            written |= more
            if error:
                break
        assert FULL in error or "server closed the connection" in error, error
        ends_and_names_the_cause(postgres, 2)
        print(f"\npostgres: {len(written)} rows acknowledged, then: {error.splitlines()[0]}")
    postgres.await_healthy("healthcheck", limit_s=300)
    assert insert(postgres, 0, 1)[1].count("duplicate key") == 1
    more, error = insert(postgres, 100_000, 100)
    assert len(more) == 100, error
    select = ("psql", "-XqAt", "-d", "people", "-c", "SELECT id FROM public.orders")
    kept = {int(key) for key in postgres.run(*select).stdout.split()}
    assert written | more <= kept
    print(f"postgres: {starts(postgres)} restarts; every acknowledged row is there")


# --- Kafka ----------------------------------------------------------------------------------------


def produce(address: str, first: int, count: int) -> tuple[set[int], list[str]]:
    """Sends messages of 64 KiB. Returns the numbers that Kafka acknowledged, and the errors."""
    settings = {"bootstrap.servers": address, "acks": "all", "message.timeout.ms": 20_000}
    producer = Producer(settings | {"enable.idempotence": True, "log_level": 0})
    sent: set[int] = set()
    errors: list[str] = []

    def delivered(number: int) -> Callable[[KafkaError | None, object], None]:
        def note(error: KafkaError | None, _: object) -> None:
            if error is None:
                sent.add(number)
            else:
                errors.append(error.str())

        return note

    for number in range(first, first + count):
        producer.produce(TOPIC, bytes(64 << 10), str(number), on_delivery=delivered(number))
        producer.poll(0)
        if number % 50 == 0:
            producer.flush(30)
        if errors:
            break
    producer.flush(40)
    return sent, errors


def consume(address: str) -> set[int]:
    """The numbers of all messages."""
    consumer = Consumer({"bootstrap.servers": address, "group.id": "test", "log_level": 0})
    part = TopicPartition(TOPIC, 0)
    first, end = consumer.get_watermark_offsets(part, 30)
    consumer.assign([TopicPartition(TOPIC, 0, first)])
    numbers: set[int] = set()
    position = first
    while position < end:
        message = consumer.poll(30)
        assert message is not None
        assert message.error() is None
        numbers.add(int(message.key() or b""))
        position = (message.offset() or 0) + 1
    consumer.close()
    return numbers


def test_kafka(start: Start, volume: Make, free_port: int) -> None:
    start("zookeeper", "zookeeper-1", "-e", "ZOOKEEPER_SERVERS=zookeeper-1", "-e", "ZOOKEEPER_ID=1")
    disk = volume("kafka", 200)
    settings = {"BROKER_ID": 1, "ZOOKEEPER_CONNECT": "zookeeper-1:2181", "REPLICATION_FACTOR": 1}
    settings |= {"WAIT_FOR": "zookeeper-1:2181", "EXTERNAL_PORT": free_port}
    options = [word for name, value in settings.items() for word in ("-e", f"{name}={value}")]
    options += ["-p", f"127.0.0.1:{free_port}:19092", "--volume", f"{disk.name}:/var/lib/kafka"]
    broker = start("kafka", "kafka-1", *ALWAYS, *options)
    broker.await_healthy("healthcheck")
    address = f"localhost:{free_port}"
    admin = AdminClient({"bootstrap.servers": address, "log_level": 0})
    admin.create_topics([NewTopic(TOPIC, 1, 1)])[TOPIC].result(30)
    sent, errors = produce(address, 0, 100)
    assert len(sent) == 100, errors
    with full(disk):
        more, errors = produce(address, 1000, 2000)
        sent |= more
        assert errors
        ends_and_names_the_cause(broker, 2)
        print(f"\nkafka: {len(sent)} messages acknowledged, then: {errors[0]}")
    broker.await_healthy("healthcheck", limit_s=300)
    more, errors = produce(address, 100_000, 100)
    assert len(more) == 100, errors
    assert sent | more <= consume(address)
    print(f"kafka: {starts(broker)} restarts; every acknowledged message is there")


# --- Cassandra ------------------------------------------------------------------------------------

SESSION = """
import os, sys
sys.path.insert(0, '/opt/cassandra')
from cql import connect, secret
session = connect('spark', secret('cassandra-spark'), timeout_s=60)
"""
CREATE = f"""{SESSION}
session.execute('CREATE TABLE IF NOT EXISTS people.orders (id int PRIMARY KEY, note text)')
"""
# For str.format().
WRITE = f"""{SESSION}
statement = session.prepare('INSERT INTO people.orders (id, note) VALUES (?, ?)')
for key in range({{first}}, {{first}} + {{count}}):
    session.execute(statement, (key, os.urandom(16384).hex()))
    print(key, flush=True)
"""
READ = f"""{SESSION}
print(*(row.id for row in session.execute('SELECT id FROM people.orders')))
"""


def python(node: Container, script: str) -> tuple[set[int], str]:
    """The numbers that a script prints, and its error."""
    done = node.run("/opt/cassandra/venv/bin/python", "-I", "-c", script)
    return {int(key) for key in done.stdout.split()}, done.stderr


def write(node: Container, first: int, count: int) -> tuple[set[int], str]:
    """Writes rows of 32 KiB one by one; returns the acknowledged keys, and the error."""
    return python(node, WRITE.format(first=first, count=count))


def test_cassandra(start: Start, volume: Make) -> None:
    disk = volume("cassandra", 600)
    options = (*ALWAYS, "-e", "HEAP=512m", "--volume", f"{disk.name}:/var/lib/cassandra")
    node = start("cassandra", "cassandra-1", *options)
    node.await_healthy("healthcheck", limit_s=300)
    # The node may have cached for two minutes that the role has no rights yet.
    eventually(lambda: python(node, CREATE) == (set(), ""), "the table is made", 180)
    written, error = write(node, 0, 100)
    assert len(written) == 100, error
    with full(disk):
        more, error = write(node, 1000, 20_000)
        written |= more
        assert len(more) < 20_000
        # It starts again, since what it replays makes room in the commit log.
        ends_and_names_the_cause(node, 1)
        print(f"\ncassandra: {len(written)} rows acknowledged, then: {error[-200:]}")
    node.await_healthy("healthcheck", limit_s=300)
    more, error = write(node, 100_000, 100)
    assert len(more) == 100, error
    kept, error = python(node, READ)
    assert written | more <= kept, error
    print(f"cassandra: {starts(node)} restarts; every acknowledged row is there")
