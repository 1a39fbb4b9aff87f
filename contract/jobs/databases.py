"""POST /api/databases/check: can the databases that files describe be captured?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from contract.json_record import JsonRecord


@dataclass(frozen=True)
class CheckRequest(JsonRecord):
    """`files`: path of each file in tables/ → its text."""

    files: Mapping[str, str]


@dataclass(frozen=True)
class Problem(JsonRecord):
    """`remedy`: what a person does about it; the statements are beside it."""

    cause: str
    remedy: str


@dataclass(frozen=True)
class DatabaseCheck(JsonRecord):
    """`address`: host:port, "" if the installation has none. `version`: of the server, such as
    "16.4", "" if it was not asked. `reachable`: the user can log in. `statements`: the SQL that is
    missing there, for psql on this database as a superuser; "" if nothing is missing. `warnings`:
    what works with a restriction, in sentences."""

    address: str = ""
    version: str = ""
    reachable: bool = False
    problems: tuple[Problem, ...] = ()
    statements: str = ""
    warnings: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        return self.reachable and not self.problems and not self.statements


@dataclass(frozen=True)
class CheckResult(JsonRecord):
    """`databases`: by name. `faults`: path of a file that cannot be used → why, with the path."""

    databases: Mapping[str, DatabaseCheck] = field(default_factory=dict)
    faults: Mapping[str, str] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        return not self.faults and all(check.ok for check in self.databases.values())
