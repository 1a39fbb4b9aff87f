"""The answer of make doctor about a database."""

from __future__ import annotations

from contract.jobs.databases import DatabaseCheck
from contract.stores.postgres.server import Address
from control_center.health.databases.check import check
from tests.control_center.health.databases.servers import FILES, MemoryServer, facts

ADDRESSES = {"shop": Address("db.example")}


def checked(server: MemoryServer) -> DatabaseCheck:
    result = check(FILES, server, ADDRESSES)
    assert not result.faults
    assert result.ok == result.databases["shop"].ok
    return result.databases["shop"]


def test_a_database_that_can_be_captured() -> None:
    assert checked(MemoryServer()) == DatabaseCheck("db.example:5432", "15.9", reachable=True)


def test_a_database_that_lacks_something() -> None:
    answer = checked(MemoryServer(facts(publication=None, wal_level="replica")))
    assert (answer.reachable, answer.ok) == (True, False)
    assert [problem.cause for problem in answer.problems] == [
        "wal_level is replica, and capture needs logical",
        "has no publication riada",
    ]
    assert answer.statements.index("ALTER SYSTEM") < answer.statements.index("CREATE PUBLICATION")


def test_a_database_that_nobody_can_ask_gets_the_complete_script() -> None:
    answer = checked(MemoryServer(None))
    assert (answer.reachable, answer.version) == (False, "")
    assert [problem.cause for problem in answer.problems] == ["refuses connections"]
    assert answer.statements.index("CREATE ROLE") < answer.statements.index("CREATE SCHEMA")
    assert '\\password "riada"' in answer.statements
    assert "PASSWORD '" not in answer.statements


def test_a_server_that_does_not_let_the_user_in() -> None:
    cause = 'answers no query (FATAL:  no pg_hba.conf entry for host "10.0.0.9")'
    [problem] = checked(MemoryServer(None, cause)).problems
    assert 'Add "host sales riada ADDRESS scram-sha-256"' in problem.remedy


def test_a_file_that_cannot_be_used() -> None:
    result = check(FILES | {"shop/lines.toml": "key ="}, MemoryServer(), {})
    assert (result.ok, list(result.faults)) == (False, ["shop/lines.toml"])
    assert result.databases["shop"].address == ""


def test_a_newer_version_is_a_warning() -> None:
    answer = checked(MemoryServer(facts(version="18.1")))
    assert answer.ok
    assert [warning.split(",")[0] for warning in answer.warnings] == ["runs PostgreSQL 18.1"]
