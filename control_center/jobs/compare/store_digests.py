"""PostgreSQL, topic and Cassandra as digests by key, and where they differ."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from control_center.jobs.compare.digest import Digest


@dataclass
class StoreDigests:
    """Key → digest in each store."""

    postgres: dict[str, Digest]
    topic: dict[str, Digest]
    cassandra: dict[str, Digest]

    def by_name(self) -> dict[str, dict[str, Digest]]:
        """Store name → digests, in the order of the pipeline."""
        return {"postgres": self.postgres, "topic": self.topic, "cassandra": self.cassandra}

    def mismatches(self) -> set[str]:
        """Keys that differ between stores, or that a store does not hold."""
        keys = self.postgres.keys() | self.topic.keys() | self.cassandra.keys()
        return {key for key in keys if not self.matches(key)}

    def matches(self, key: str) -> bool:
        """True if all three stores hold the same row, or none holds one."""
        value = self.postgres.get(key)
        return value == self.topic.get(key) and value == self.cassandra.get(key)

    def missing_in(self, key: str) -> list[str]:
        """Names of the stores without this key."""
        return [name for name, digests in self.by_name().items() if key not in digests]

    def refresh(self, keys: Collection[str], latest: StoreDigests) -> None:
        """Replaces the digests of these keys by those in `latest`, and removes keys that `latest`
        lacks."""
        for digests, values in zip(self.by_name().values(), latest.by_name().values(), strict=True):
            for key in keys:
                if key in values:
                    digests[key] = values[key]
                else:
                    digests.pop(key, None)

    def replace(self, rows: Mapping[str, Digest]) -> None:
        """Every store gets these digests."""
        for digests in self.by_name().values():
            digests.update(rows)

    def exclude(self, keys: Iterable[str]) -> None:
        """Removes these keys from every store."""
        for key in keys:
            for digests in self.by_name().values():
                digests.pop(key, None)
