"""A row in each engine that stores data, written and read through the engine's own port."""

from __future__ import annotations

import socket
import ssl
import struct
from collections.abc import Callable
from dataclasses import dataclass

import psycopg2
from cassandra.auth import PlainTextAuthProvider
from cassandra.cluster import EXEC_PROFILE_DEFAULT, Cluster, ExecutionProfile, Session
from cassandra.policies import WhiteListRoundRobinPolicy

from cli.host import docker
from contract.stores.cassandra.tls import NAME

KEPT = "written before"
_TIMEOUT_S = 60


@dataclass(frozen=True)
class Engine:
    """Address of an engine, and the settings of its clients."""

    address: str
    network: str  # Docker's network of the VPC
    resolver: str  # the VPC's name server
    domain: str  # the domain of the VPC's names
    image: str  # an image with Kafka's client
    password: str
    ca: str  # the certificate of the installation's CA


def _postgres(at: Engine, *statements: str) -> str:
    session = psycopg2.connect(
        host=at.address,
        user="postgres",
        password=at.password,
        dbname="postgres",
        connect_timeout=_TIMEOUT_S,
    )
    try:
        with session, session.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
            row = cursor.fetchone() if cursor.description else None
            return str(row[0]) if row else ""
    finally:
        session.close()


def write_postgres(at: Engine) -> None:
    _postgres(at, "CREATE TABLE kept (text text)", f"INSERT INTO kept VALUES ('{KEPT}')")


def read_postgres(at: Engine) -> str:
    return _postgres(at, "SELECT text FROM kept")


def _zookeeper(at: Engine, operation: int, request: bytes) -> bytes:
    """ZooKeeper's answer to one request, by its own protocol: the image has no client."""
    with socket.create_connection((at.address, 2181), _TIMEOUT_S) as server:
        server.settimeout(_TIMEOUT_S)
        for sent in (
            struct.pack(">iqiq", 0, 0, 30_000, 0) + _text("\0" * 16),
            struct.pack(">ii", 1, operation) + request,
        ):
            server.sendall(struct.pack(">i", len(sent)) + sent)
            [size] = struct.unpack(">i", server.recv(4, socket.MSG_WAITALL))
            answer = server.recv(size, socket.MSG_WAITALL)
    _, _, error = struct.unpack(">iqi", answer[:16])
    assert not error, f"ZooKeeper's error {error}"
    return answer[16:]


def _text(text: str) -> bytes:
    return struct.pack(">i", len(text)) + text.encode()


def write_zookeeper(at: Engine) -> None:
    everybody = struct.pack(">ii", 1, 31) + _text("world") + _text("anyone")
    _zookeeper(at, 1, _text("/kept") + _text(KEPT) + everybody + struct.pack(">i", 0))


def read_zookeeper(at: Engine) -> str:
    answer = _zookeeper(at, 4, _text("/kept") + b"\0")
    [size] = struct.unpack(">i", answer[:4])
    return answer[4 : 4 + size].decode()


def _kafka(at: Engine, script: str) -> str:
    """The output of a script in a container that can resolve the broker's name."""
    net = ("--network", at.network, "--dns", at.resolver, "--dns-search", at.domain)
    python = ("--entrypoint", "/opt/venv/bin/python", at.image, "-c")
    return docker.ask(
        "run", "--rm", *net, *python, f"at = {{'bootstrap.servers': 'kafka-1:9092'}}\n{script}"
    )


def write_kafka(at: Engine) -> None:
    script = f"""
from confluent_kafka import Producer
from confluent_kafka.admin import AdminClient, NewTopic
admin = AdminClient(at)  # without a name it would be closed before the answer
admin.create_topics([NewTopic("kept", 1, 1)])["kept"].result({_TIMEOUT_S})
producer = Producer(at)
producer.produce("kept", {KEPT!r}, partition=0)
assert producer.flush({_TIMEOUT_S}) == 0
"""
    _kafka(at, script)


def read_kafka(at: Engine) -> str:
    script = f"""
from confluent_kafka import Consumer, TopicPartition
consumer = Consumer(at | {{"group.id": "kept"}})
consumer.assign([TopicPartition("kept", 0, 0)])
print(consumer.poll({_TIMEOUT_S}).value().decode())
"""
    return _kafka(at, script).strip()


def _cassandra(at: Engine, act: Callable[[Session], str]) -> str:
    profile = ExecutionProfile(
        load_balancing_policy=WhiteListRoundRobinPolicy([at.address]), request_timeout=_TIMEOUT_S
    )
    login = PlainTextAuthProvider("riada", at.password)
    profiles = {EXEC_PROFILE_DEFAULT: profile}
    context = ssl.create_default_context(cadata=at.ca)
    with Cluster(
        [at.address],
        ssl_context=context,
        ssl_options={"server_hostname": NAME},
        auth_provider=login,
        execution_profiles=profiles,
        protocol_version=5,
        connect_timeout=_TIMEOUT_S,
        control_connection_timeout=_TIMEOUT_S,
    ) as cluster:
        return act(cluster.connect())


def write_cassandra(at: Engine) -> None:
    def act(session: Session) -> str:
        session.execute(
            "CREATE KEYSPACE kept WITH replication = "
            "{'class': 'SimpleStrategy', 'replication_factor': 1}"
        )
        session.execute("CREATE TABLE kept.kept (text text PRIMARY KEY)")
        session.execute("INSERT INTO kept.kept (text) VALUES (%s)", [KEPT])
        return ""

    _cassandra(at, act)


def read_cassandra(at: Engine) -> str:
    return _cassandra(
        at, lambda session: str(session.execute("SELECT text FROM kept.kept").one()[0])
    )


# Node → the secret with the password ("": none), and functions that write and read a row.
ENGINES = {
    "postgres": ("postgres-superuser", write_postgres, read_postgres),
    "zookeeper-1": ("", write_zookeeper, read_zookeeper),
    "kafka-1": ("", write_kafka, read_kafka),
    "cassandra-1": ("cassandra-admin", write_cassandra, read_cassandra),
}
