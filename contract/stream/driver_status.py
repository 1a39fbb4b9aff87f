"""streaming-status.json in the artifacts store: the streaming driver writes it, others read it.

The driver replaces the file when its state changes. An old `since` is therefore not an alarm.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime, timezone
from enum import Enum

from contract.stream.releases import STATUS


class DriverState(str, Enum):
    STARTING = "starting"
    RUNNING = "running"
    RETRYING = "retrying"  # a batch failed, the driver tries again
    HALTED = "halted"  # invariant 4: only a person can remove the cause
    STOPPED = "stopped"  # another release is wanted


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
class DriverStatus:
    """`since` is when the state began, ISO 8601 in UTC. `cause` explains RETRYING and HALTED.
    `restart` is the last time that the driver began at the topic's beginning."""

    state: DriverState
    release: str
    driver_id: str
    since: str
    cause: str | None = None
    restart: Restart | None = None

    @classmethod
    def now(
        cls,
        state: DriverState,
        release: str,
        driver_id: str,
        cause: str | None = None,
        restart: Restart | None = None,
    ) -> DriverStatus:
        return cls(state, release, driver_id, _now(), cause, restart)

    def to_json(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> DriverStatus:
        """Raises ValueError when the text is not a status. Ignores fields of other releases."""
        try:
            values = json.loads(text)
            restart = values.get("restart")
            return cls(
                DriverState(values["state"]),
                values["release"],
                values["driver_id"],
                values["since"],
                values.get("cause"),
                Restart(restart["at"], restart["cause"]) if restart else None,
            )
        except (AttributeError, KeyError, TypeError) as error:
            raise ValueError(f"{STATUS} is not a driver's status: {error!r}") from error


def _now() -> str:
    return datetime.now(timezone.utc).isoformat(timespec="seconds")
