"""POST /api/databases/check: can the databases that files describe be captured?"""

from __future__ import annotations

from collections.abc import Mapping

from contract.errors import UnreachableError
from contract.jobs.databases import CheckResult, DatabaseCheck, Problem
from contract.stores.postgres.server import Address
from contract.table import folder
from contract.table.database import Database
from contract.table.table import Table
from control_center.health.databases import requirements, statements
from control_center.health.databases.facts import Server
from control_center.health.databases.requirements import script


def check(
    files: Mapping[str, str], server: Server, addresses: Mapping[str, Address]
) -> CheckResult:
    """`files`: path of each file in tables/ → its text."""
    definitions = folder.examine(files)
    checks = {}
    for name, database in definitions.databases.items():
        tables = {
            table.name: table for table in definitions.tables.values() if table.database == name
        }
        address = addresses.get(name)
        checks[name] = _check(database, tables, server, str(address) if address else "")
    return CheckResult(checks, dict(definitions.faults))


def _check(
    database: Database, tables: Mapping[str, Table], server: Server, address: str
) -> DatabaseCheck:
    try:
        facts = server.facts(database, tables.values())
    except UnreachableError as error:
        return DatabaseCheck(
            address,
            problems=(Problem(error.cause, error.remedy or _remedy(database, error.cause)),),
            statements=script(database, statements.complete(database, tables.values())),
        )
    unmet = requirements.missing(database, tables, facts)
    return DatabaseCheck(
        address,
        facts.version,
        reachable=True,
        problems=tuple(Problem(item.cause, item.remedy) for item in unmet),
        warnings=tuple(filter(None, [requirements.warning(facts)])),
        statements=script(database, (item.statement for item in unmet)),
    )


def _remedy(database: Database, cause: str) -> str:
    if "pg_hba.conf" in cause:
        kind = "hostssl" if database.ca else "host"
        return (
            f'Add "{kind} {database.database} {database.user} ADDRESS scram-sha-256" to the '
            "server's pg_hba.conf, with the address of this installation, then reload it."
        )
    return (
        "Is the server running, are address and password correct, and does a firewall let this "
        f"installation in? The printed statements create user {database.user}."
    )
