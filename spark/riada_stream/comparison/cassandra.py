"""The digests of Cassandra's rows: tasks read ranges of tokens.

They use the driver for Python. As a frame of the Spark connector, a decimal has 38 digits and a
date before 1582 is another day.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise
from pathlib import Path

from cassandra import ConsistencyLevel
from cassandra.auth import PlainTextAuthProvider
from cassandra.cluster import EXEC_PROFILE_DEFAULT, Cluster, ExecutionProfile, Session
from cassandra.policies import DCAwareRoundRobinPolicy, TokenAwarePolicy
from cassandra.query import tuple_factory
from pyspark.sql import DataFrame, SparkSession

from contract.stores.cassandra import table as cassandra
from contract.stores.cassandra.tls import verified
from contract.stores.cassandra.tokens import FIRST_TOKEN, LAST_TOKEN
from contract.table.table import Table
from riada_stream.comparison.digests import SCHEMA, Store, StoredRow, stored_rows
from riada_stream.settings import Settings

PAGE = 1000  # rows
PAGE_TIMEOUT_S = 30

Tokens = tuple[int, int]  # the first is not in the range


@dataclass(frozen=True)
class CassandraAccess:
    hosts: tuple[str, ...]
    port: int
    datacenter: str
    user: str
    password: str = field(repr=False)
    ca: Path

    @classmethod
    def of(cls, settings: Settings) -> CassandraAccess:
        password = settings.cassandra_password_file.read_text().strip()
        return cls(
            settings.cassandra_hosts,
            settings.cassandra_port,
            settings.cassandra_datacenter,
            settings.cassandra_user,
            password,
            settings.ca,
        )

    def connect(self) -> Session:
        """Raises the driver's errors."""
        return Cluster(
            list(self.hosts),
            port=self.port,
            auth_provider=PlainTextAuthProvider(self.user, self.password),
            **verified(self.ca),
            connect_timeout=10,
            execution_profiles={
                EXEC_PROFILE_DEFAULT: ExecutionProfile(
                    load_balancing_policy=TokenAwarePolicy(
                        DCAwareRoundRobinPolicy(local_dc=self.datacenter)
                    ),
                    consistency_level=ConsistencyLevel.LOCAL_QUORUM,
                    request_timeout=PAGE_TIMEOUT_S,
                    row_factory=tuple_factory,
                )
            },
        ).connect()


def ranges(parts: int) -> list[Tokens]:
    """All tokens in so many ranges."""
    parts = max(1, parts)
    size = LAST_TOKEN - FIRST_TOKEN
    bounds = [FIRST_TOKEN + size * number // parts for number in range(parts + 1)]
    return list(pairwise(bounds))


def digests(spark: SparkSession, access: CassandraAccess, table: Table, parts: int) -> DataFrame:
    tokens = ranges(parts)
    rows = spark.sparkContext.parallelize(tokens, len(tokens)).mapPartitions(
        partial(_read, access, table)
    )
    return spark.createDataFrame(rows, SCHEMA, verifySchema=False)


def select_tokens(table: Table) -> str:
    """The statement to prepare; it takes a range of tokens."""
    return f"{cassandra.select_all(table)} WHERE {cassandra.in_tokens(table)}"


# Connecting takes longer than a task. The processes of an executor run many tasks.
_sessions: dict[CassandraAccess, Session] = {}


def _read(access: CassandraAccess, table: Table, tokens: Iterator[Tokens]) -> Iterator[StoredRow]:
    """Reads on an executor. After an error, the next attempt connects again."""
    try:
        if access not in _sessions:
            _sessions[access] = access.connect()
        session = _sessions[access]
        prepared = session.prepare(select_tokens(table))
        for part in tokens:
            bound = prepared.bind(part)
            bound.fetch_size = PAGE
            yield from stored_rows(table, Store.CASSANDRA, session.execute(bound))
    except Exception:
        failed = _sessions.pop(access, None)
        if failed is not None:
            failed.cluster.shutdown()
        raise
