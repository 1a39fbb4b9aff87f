"""Reports the driver's status to the artifacts store: contract/stream/driver_status.py."""

from __future__ import annotations

from contract.stream.driver_status import DriverState, DriverStatus, Restart
from riada_stream.settings import Settings


class StatusReporter:
    """`restart` is when the driver last began at the topic's beginning, and why."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.restart: Restart | None = None

    def report(self, state: DriverState, cause: str | None = None) -> None:
        """Replaces the file of the status. Readers see the old or the new one, never a part."""
        release, driver_id = self._settings.release, self._settings.driver_id
        status = DriverStatus.now(state, release, driver_id, cause, self.restart)
        draft = self._settings.status_file.with_suffix(".new")
        draft.write_text(status.to_json())
        draft.replace(self._settings.status_file)
