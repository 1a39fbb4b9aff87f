"""A row of each engine that keeps them, written and read through the engine's own port."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import psycopg2
from cassandra.auth import PlainTextAuthProvider
from cassandra.cluster import EXEC_PROFILE_DEFAULT, Cluster, ExecutionProfile, Session
from cassandra.policies import WhiteListRoundRobinPolicy

from cli import engine

KEPT = "written before"
_TIMEOUT_S = 60


@dataclass(frozen=True)
class Place:
    """Where an engine is, and by which means it is asked."""

    address: str
    network: str
    """Docker's, of the VPC."""
    resolver: str
    """The VPC's name server."""
    image: str
    """With clients of the engine."""
    password: str

    def client(self, *command: str) -> str:
        """What a command in a container of the image says."""
        net = ("--network", self.network, "--dns", self.resolver, "--dns-search", "riada.internal")
        return engine.ask("run", "--rm", *net, "--entrypoint", command[0], self.image, *command[1:])


def _postgres(at: Place, *statements: str) -> str:
    login = {"user": "postgres", "password": at.password, "dbname": "postgres"}
    session = psycopg2.connect(host=at.address, connect_timeout=_TIMEOUT_S, **login)
    try:
        with session, session.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
            return str(cursor.fetchone()[0]) if cursor.description else ""
    finally:
        session.close()


def write_postgres(at: Place) -> None:
    _postgres(at, "CREATE TABLE kept (text text)", f"INSERT INTO kept VALUES ('{KEPT}')")


def read_postgres(at: Place) -> str:
    return _postgres(at, "SELECT text FROM kept")


def _zookeeper(at: Place, *command: str) -> str:
    main = ("java", "-cp", "/opt/zookeeper/lib/*", "org.apache.zookeeper.ZooKeeperMain")
    return at.client(*main, "-server", f"{at.address}:2181", *command)


def write_zookeeper(at: Place) -> None:
    _zookeeper(at, "create", "/kept", KEPT)


def read_zookeeper(at: Place) -> str:
    return KEPT if KEPT in _zookeeper(at, "get", "/kept").splitlines() else ""


def write_kafka(at: Place) -> None:
    tool = ("java", "-cp", "/opt/kafka/lib/*", "org.apache.kafka.tools.TopicCommand")
    at.client(*tool, "--bootstrap-server", "kafka-1:9092", "--create", "--topic", "kept")
    at.client("sh", "-c", f"echo '{KEPT}' | kcat -b kafka-1:9092 -P -t kept -p 0")


def read_kafka(at: Place) -> str:
    return at.client("kcat", "-b", "kafka-1:9092", "-C", "-e", "-q", "-t", "kept").strip()


def _cassandra(at: Place, act: Callable[[Session], str]) -> str:
    profile = ExecutionProfile(
        load_balancing_policy=WhiteListRoundRobinPolicy([at.address]), request_timeout=_TIMEOUT_S
    )
    login = PlainTextAuthProvider("riada", at.password)
    profiles = {EXEC_PROFILE_DEFAULT: profile}
    with Cluster(
        [at.address],
        auth_provider=login,
        execution_profiles=profiles,
        protocol_version=5,
        connect_timeout=_TIMEOUT_S,
        control_connection_timeout=_TIMEOUT_S,
    ) as cluster:
        return act(cluster.connect())


def write_cassandra(at: Place) -> None:
    def act(session: Session) -> str:
        session.execute(
            "CREATE KEYSPACE kept WITH replication = "
            "{'class': 'SimpleStrategy', 'replication_factor': 1}"
        )
        session.execute("CREATE TABLE kept.kept (text text PRIMARY KEY)")
        session.execute("INSERT INTO kept.kept (text) VALUES (%s)", [KEPT])
        return ""

    _cassandra(at, act)


def read_cassandra(at: Place) -> str:
    return _cassandra(
        at, lambda session: str(session.execute("SELECT text FROM kept.kept").one()[0])
    )


ENGINES = {
    "postgres": ("postgres", "postgres-superuser", write_postgres, read_postgres),
    "zookeeper-1": ("zookeeper", "", write_zookeeper, read_zookeeper),
    "kafka-1": ("kafka", "", write_kafka, read_kafka),
    "cassandra-1": ("cassandra", "cassandra-admin", write_cassandra, read_cassandra),
}
"""Node → its image, the secret that lets in ("": none), and how its row is written and read."""
