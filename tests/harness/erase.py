"""Erase what remains of a table that is no longer delivered, so that a test can run again."""

from __future__ import annotations

from contract.kafka import topics
from contract.stores.cassandra import table as cassandra
from contract.stores.postgres import table as postgres
from contract.table.table import Table
from tests.harness.kafka import delete_topic
from tests.harness.platform import Platform
from tests.harness.superuser import execute


def erase(platform: Platform, table: Table) -> None:
    """Drop the table in PostgreSQL and Cassandra, and delete its topics."""
    drop = f"DROP TABLE {postgres.qualified(table)}"
    if table.database:
        platform.servers[table.database].execute(drop)
    else:
        execute(platform, drop)
    with platform.cassandra("riada") as session:
        session.execute(cassandra.drop(table))
    for topic in (topics.events(table), topics.dead_letters(table)):
        delete_topic(platform, topic.name)
