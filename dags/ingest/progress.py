"""The progress of a run. A task that died continues after the last stored page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Protocol

from contract.table.source_pages import FIRST


@dataclass(frozen=True)
class Progress:
    """`page` is the last page that is stored (from 1), `cursor` names the next one; None after the
    last page of the source. The counts are items."""

    page: int = 0
    fetched: int = 0
    stored: int = 0
    rejected: int = 0
    repeated: int = 0
    cursor: str | None = FIRST

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Progress:
        return cls(**values)

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    def counts(self) -> dict[str, int]:
        """What may be shown: a cursor may hold a part of an item."""
        return {name: value for name, value in asdict(self).items() if name != "cursor"}

    def after_page(
        self, fetched: int, stored: int, rejected: int, repeated: int, cursor: str | None
    ) -> Progress:
        """The progress when the next page is stored, with that page's counts."""
        return Progress(
            self.page + 1,
            self.fetched + fetched,
            self.stored + stored,
            self.rejected + rejected,
            self.repeated + repeated,
            cursor,
        )

    def failure(self, url: str, reason: str) -> str:
        """Why the run fails although every page was fetched; "" if it does not fail.

        `reason` is that of the newest reject.
        """
        if self.stored or not self.fetched:
            return ""
        return (
            f"all {self.fetched:,} items of {url} were rejected, the last one for: {reason}. "
            "Has the source changed its format, or does the URL lead to another API? "
            "riada.rejects holds them"
        )


class ProgressStore(Protocol):
    """Keeps the progress of a task from one attempt to the next."""

    def load(self) -> Progress: ...

    def save(self, progress: Progress) -> None: ...


class KeyValueStore(Protocol):
    """Airflow's task_state_store."""

    def get(self, key: str, default: dict[str, Any]) -> dict[str, Any]: ...

    def set(self, key: str, value: dict[str, Any]) -> None: ...


class TaskProgress:
    """The progress in Airflow's task_state_store."""

    KEY = "done"

    def __init__(self, store: KeyValueStore) -> None:
        self._store = store

    def load(self) -> Progress:
        return Progress.from_dict(self._store.get(self.KEY, {}))

    def save(self, progress: Progress) -> None:
        self._store.set(self.KEY, progress.to_dict())
