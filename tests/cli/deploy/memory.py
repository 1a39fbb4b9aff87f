"""An artifacts store and an Airflow in memory, for tests of decisions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from cli.deploy.release import Release
from contract.stream.releases import ReleaseState


@dataclass
class MemoryArtifacts:
    """`activations`: every release that was activated, in order; "" for none."""

    releases: ReleaseState = field(default_factory=ReleaseState)
    activations: list[str] = field(default_factory=list)
    on_activate: Callable[[str], None] = lambda name: None

    def state(self) -> ReleaseState:
        return self.releases

    def put(self, release: Release) -> None:
        others = tuple(name for name in self.releases.releases if name != release.name)
        self.releases = replace(self.releases, releases=(release.name, *others))

    def activate(self, name: str) -> None:
        self.releases = self.releases.activated(name)
        self.activations.append(name)
        self.on_activate(name)

    def stream(self, name: str) -> None:
        self.releases = self.releases.streamed(name)

    def prune(self) -> list[str]:
        self.releases, removed = self.releases.pruned()
        return removed


@dataclass
class MemoryAirflow:
    """`tags`: release → DAG → is it paused? `errors`: file → timestamp and stack trace."""

    tags: dict[str, dict[str, bool]] = field(default_factory=dict)
    errors: dict[str, tuple[str, str]] = field(default_factory=dict)
    requests: list[tuple[str, str]] = field(default_factory=list)

    def parse(self, release: Release, paused: bool = False) -> None:
        """The reaction of Airflow to the active release."""
        self.tags[release.name] = dict.fromkeys(release.dags, paused)

    def ask(self, method: str, path: str, body: object = None) -> Any:
        self.requests.append((method, path))
        if path.startswith("/importErrors"):
            return {
                "import_errors": [
                    {"filename": file, "timestamp": when, "stack_trace": trace}
                    for file, (when, trace) in self.errors.items()
                ]
            }
        if method == "PATCH":
            dag = path.removeprefix("/dags/").partition("?")[0]
            for dags in self.tags.values():
                if dag in dags:
                    dags[dag] = False
            return {}
        dags = self.tags.get(path.rpartition("tags=release:")[2], {})
        return {"dags": [{"dag_id": dag, "is_paused": paused} for dag, paused in dags.items()]}
