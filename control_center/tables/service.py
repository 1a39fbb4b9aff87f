"""The plan of a release and the description of a table, with the platform's clients."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from contract.errors import InvalidInputError, UnreachableError
from contract.jobs.describe import DescribeRequest, DescribeResult
from contract.jobs.plan import Plan
from contract.stream.deployed import Deployed
from contract.table import folder
from contract.table.database import NAME, Database
from contract.table.paths import DATABASE_FILE, FOLDER
from contract.table.table import Table
from control_center.clients.clients import Clients
from control_center.config import COMPONENT
from control_center.health.databases.facts import ServerFacts
from control_center.health.databases.server import PostgresServer
from control_center.tables import from_api, from_postgres
from control_center.tables.catalog import PostgresCatalog
from control_center.tables.fetch import fetch
from control_center.tables.keyspace import CassandraKeyspace
from control_center.tables.other_database import OtherDatabase
from control_center.tables.plan import plan

_OF_DATABASE = re.compile(f"({NAME.pattern})/(.*)", re.DOTALL)


def plan_of(clients: Clients, files: Mapping[str, str], remove: Collection[str]) -> Plan:
    """Raises UnreachableError."""
    deployed = _deployed(clients)
    others = {
        name: _other(clients, database, deployed.databases.get(name) == database)
        for name, database in folder.examine(files).databases.items()
    }
    return plan(
        files,
        remove,
        deployed.tables,
        PostgresCatalog(clients),
        CassandraKeyspace(clients),
        others,
    )


def describe(clients: Clients, request: DescribeRequest) -> DescribeResult:
    """Raises UnreachableError, NotFoundError, and InvalidInputError for a table or an answer that
    cannot be carried."""
    if request.url:
        return from_api.describe(request.name, request.url, fetch(request.url))
    match = _OF_DATABASE.fullmatch(request.name)
    if match is None:
        return from_postgres.describe(request.name, PostgresCatalog(clients))
    name = match[1]
    deployed = _deployed(clients)
    database = described_database(name, request.files, deployed.databases)
    taken = [table.name for table in deployed.tables.values() if table.database != name]
    return from_postgres.describe(match[2], PostgresCatalog(clients, database), name, taken)


def described_database(
    name: str, files: Mapping[str, str], deployed: Mapping[str, Database]
) -> Database:
    """The database as the files of its folder describe it, or as it is deployed. Raises
    InvalidInputError."""
    definitions = folder.examine(files)
    path = f"{name}/{DATABASE_FILE}"
    if path in definitions.faults:
        raise InvalidInputError(COMPONENT, definitions.faults[path], f"Correct {FOLDER}/{path}.")
    database = definitions.databases.get(name) or deployed.get(name)
    if database is None:
        raise InvalidInputError(
            COMPONENT,
            f"{FOLDER}/{path} is missing: it describes the PostgreSQL of this name",
            "Write it (docs/tables.md).",
        )
    return database


def _other(clients: Clients, database: Database, unchanged: bool) -> OtherDatabase:
    server = PostgresServer(clients.settings)
    known: list[ServerFacts | UnreachableError] = []

    def facts(tables: Mapping[str, Table]) -> ServerFacts:
        """Asks once for all tables, since a server that is away takes seconds."""
        if not known:
            try:
                known.append(server.facts(database, tables.values()))
            except UnreachableError as error:
                known.append(error)
        if isinstance(known[0], UnreachableError):
            raise known[0]
        return known[0]

    return OtherDatabase(database, PostgresCatalog(clients, database), facts, unchanged)


def _deployed(clients: Clients) -> Deployed:
    """The deployed tables; none if that release cannot be read, so that a new one can replace
    it."""
    try:
        return clients.deployed()
    except UnreachableError:
        return Deployed()
