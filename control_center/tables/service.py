"""The plan of a release and the description of a table, with the platform's clients."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from contract.errors import UnreachableError
from contract.jobs.describe import DescribeRequest, DescribeResult
from contract.jobs.plan import Plan
from contract.table.table import Table
from control_center.clients.clients import Clients
from control_center.tables import from_api, from_postgres
from control_center.tables.catalog import PostgresCatalog
from control_center.tables.fetch import fetch
from control_center.tables.keyspace import CassandraKeyspace
from control_center.tables.plan import plan


def plan_of(clients: Clients, files: Mapping[str, str], remove: Collection[str]) -> Plan:
    """Raises UnreachableError."""
    return plan(
        files, remove, _deployed(clients), PostgresCatalog(clients), CassandraKeyspace(clients)
    )


def describe(clients: Clients, request: DescribeRequest) -> DescribeResult:
    """Raises UnreachableError, NotFoundError, and InvalidInputError for a table or an answer that
    cannot be carried."""
    if request.url:
        return from_api.describe(request.name, request.url, fetch(request.url))
    return from_postgres.describe(request.name, PostgresCatalog(clients))


def _deployed(clients: Clients) -> Mapping[str, Table]:
    """No table for a release that cannot be read, which a new release must be able to replace."""
    try:
        return clients.tables()
    except UnreachableError:
        return {}
