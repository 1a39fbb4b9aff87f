"""The progress of a run. A task that died continues after the last stored page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Protocol


@dataclass(frozen=True)
class Progress:
    """`page` is the last page that is stored (from 1). The counts are people."""

    page: int = 0
    fetched: int = 0
    stored: int = 0
    rejected: int = 0
    repeated: int = 0

    @classmethod
    def from_dict(cls, values: Mapping[str, int]) -> Progress:
        return cls(**values)

    def to_dict(self) -> dict[str, int]:
        return asdict(self)

    def after_page(self, fetched: int, stored: int, rejected: int, repeated: int) -> Progress:
        """The progress when the next page is stored, with that page's counts."""
        return Progress(
            self.page + 1,
            self.fetched + fetched,
            self.stored + stored,
            self.rejected + rejected,
            self.repeated + repeated,
        )

    def failure(self, url: str, reason: str) -> str:
        """Why the run fails although every page was fetched; "" if it does not fail.

        `reason` is that of the newest reject.
        """
        if self.stored or not self.fetched:
            return ""
        return (
            f"all {self.fetched:,} people of {url} were rejected, the last one for: {reason}. "
            "Has the source changed its format, or is RANDOMUSER_URL another API? "
            "public.rejects holds them"
        )


class ProgressStore(Protocol):
    """Keeps the progress of a task from one attempt to the next."""

    def load(self) -> Progress: ...

    def save(self, progress: Progress) -> None: ...


class KeyValueStore(Protocol):
    """Airflow's task_state_store."""

    def get(self, key: str, default: dict[str, int]) -> dict[str, int]: ...

    def set(self, key: str, value: dict[str, int]) -> None: ...


class TaskProgress:
    """The progress in Airflow's task_state_store."""

    KEY = "done"

    def __init__(self, store: KeyValueStore) -> None:
        self._store = store

    def load(self) -> Progress:
        return Progress.from_dict(self._store.get(self.KEY, {}))

    def save(self, progress: Progress) -> None:
        self._store.set(self.KEY, progress.to_dict())
