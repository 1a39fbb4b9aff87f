"""The artifacts volume: the deployed release, the release that is to stream, its job, and its
driver."""

from __future__ import annotations

import os
from pathlib import Path

from contract.stream import deployed, releases

SUBMITTED_DRIVER = "streaming-driver"


class Artifacts:
    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder or Path(os.environ.get("ARTIFACTS", "/artifacts"))

    def current_release(self) -> str:
        """The deployed release; "" before the first deploy."""
        try:
            return (self._folder / releases.CURRENT).readlink().name
        except OSError:
            return ""

    def streaming_release(self) -> str:
        """The release whose driver is to run; "" before the first.

        `make deploy-dags` writes it when Airflow has parsed the release. A driver reads it too: it
        takes over the tables of a release with the same job, and stops for another job.
        """
        try:
            return deployed.streaming_release(self._folder)
        except OSError:
            return ""

    def job(self, release: str) -> str:
        """The job of a release. Raises FileNotFoundError if the release or its job is missing."""
        return deployed.job_of(self._folder, release)

    def submitted_driver(self, job: str) -> str:
        """The id of the driver that was submitted for this job last; "" if there is none."""
        try:
            submitted_job, driver = (self._folder / SUBMITTED_DRIVER).read_text().split()
        except (OSError, ValueError):
            return ""
        return driver if submitted_job == job else ""

    def save_submitted_driver(self, job: str, driver: str) -> None:
        """Readers see the new text or the one before, never a part."""
        draft = self._folder / f".{SUBMITTED_DRIVER}"
        draft.write_text(f"{job} {driver}")
        draft.replace(self._folder / SUBMITTED_DRIVER)
