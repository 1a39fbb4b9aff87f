"""Writes the driver's status into the artifacts store: contract/stream/driver_status.py."""

from __future__ import annotations

from contract.stream.driver_status import DriverState, DriverStatus, Restart
from riada_stream.settings import Settings


def write_status(
    settings: Settings,
    state: DriverState,
    cause: str | None = None,
    restart: Restart | None = None,
) -> None:
    status = DriverStatus.now(state, settings.release, settings.driver_id, cause, restart)
    fresh = settings.status_file.with_suffix(".new")
    fresh.write_text(status.to_json())
    fresh.rename(settings.status_file)
