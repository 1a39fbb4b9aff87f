"""streaming-status.json in the artifacts store: the streaming driver writes it, others read it.

The driver replaces the file when its state or a table's changes. An old `since` is therefore not an
alarm.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, timezone
from enum import Enum
from typing import Any

from contract.stream.releases import STATUS


class DriverState(str, Enum):
    STARTING = "starting"
    RUNNING = "running"
    RETRYING = "retrying"  # the process failed; the cluster starts the driver again
    HALTED = "halted"  # invariant 4: only a person can remove the cause
    STOPPED = "stopped"  # another job is wanted


class TableState(str, Enum):
    STARTING = "starting"  # no batch is complete yet
    RUNNING = "running"
    RETRYING = "retrying"  # a batch failed, or a component does not answer; the driver tries again
    HALTED = "halted"  # invariant 4: only a person can remove the cause


@dataclass(frozen=True)
class Restart:
    """When (ISO 8601) and why the driver began to read at the topic's beginning."""

    at: str
    cause: str

    @classmethod
    def now(cls, cause: str) -> Restart:
        return cls(_now(), cause)

    def to_json(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Restart:
        return cls(**json.loads(text))


@dataclass(frozen=True)
class TableStatus:
    """One table's query. `since` is when the state began, ISO 8601 in UTC. `cause` explains
    RETRYING and HALTED. `restart` is the last time that it began at the topic's beginning."""

    state: TableState
    since: str
    cause: str | None = None
    restart: Restart | None = None

    @classmethod
    def now(
        cls, state: TableState, cause: str | None = None, restart: Restart | None = None
    ) -> TableStatus:
        return cls(state, _now(), cause, restart)


@dataclass(frozen=True)
class DriverStatus:
    """The driver as a whole, and each table's query. `release` is the one whose tables run, `job`
    the hash of the driver's program. `since` and `cause` are as in TableStatus. `tables`: name of a
    table → its status."""

    state: DriverState
    release: str
    driver_id: str
    since: str
    cause: str | None = None
    job: str = ""
    tables: Mapping[str, TableStatus] = field(default_factory=dict)

    @classmethod
    def now(
        cls,
        state: DriverState,
        release: str,
        driver_id: str,
        cause: str | None = None,
        job: str = "",
        tables: Mapping[str, TableStatus] | None = None,
    ) -> DriverStatus:
        return cls(state, release, driver_id, _now(), cause, job, tables or {})

    def to_json(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> DriverStatus:
        """Raises ValueError when the text is not a status. Ignores fields of other releases."""
        try:
            values = json.loads(text)
            return cls(
                DriverState(values["state"]),
                values["release"],
                values["driver_id"],
                values["since"],
                values.get("cause"),
                values.get("job", ""),
                {name: _table(table) for name, table in values.get("tables", {}).items()},
            )
        except (AttributeError, KeyError, TypeError) as error:
            raise ValueError(f"{STATUS} is not a driver's status: {error!r}") from error


def _table(values: Mapping[str, Any]) -> TableStatus:
    restart = values.get("restart")
    return TableStatus(
        TableState(values["state"]),
        values["since"],
        values.get("cause"),
        Restart(restart["at"], restart["cause"]) if restart else None,
    )


def _now() -> str:
    return datetime.now(timezone.utc).isoformat(timespec="seconds")
