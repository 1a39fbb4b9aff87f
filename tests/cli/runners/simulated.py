"""An installation of which a rolling change replaces the containers, without an engine."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection

from cli.host.errors import CliError
from cli.installations.containers import Container, kind


class Installation:
    """A runner and an engine. A replaced container is healthy at the next await_healthy, unless it
    is `broken`; its cluster is in sync after `lag` further questions. `changes`: the services that
    were replaced together, in order."""

    def __init__(self, *services: str, pending: Collection[str] = ()) -> None:
        self.present = {service: container(service) for service in services}
        self.wanted = set(services)
        self.outdated = set(pending)
        self.broken: set[str] = set()
        self.lag, self._behind = 2, 0
        self.changes: list[list[str]] = []
        self.leader = ""
        self.fails_at = -1
        # What the probes find, one after another; then nothing fails.
        self.findings: list[dict[str, str] | None] = []

    def pending(self) -> set[str]:
        return self.outdated | (self.wanted - self.present.keys())

    def apply(self, services: Collection[str] = ()) -> None:
        if len(self.changes) == self.fails_at:
            raise KeyboardInterrupt
        replaced = sorted(services or self.pending())
        for service in replaced:
            self._assert_others_serve(service, replaced)
            self.present[service] = dataclasses.replace(container(service), healthy=False)
            self.outdated.discard(service)
            self._behind = self.lag
        self.changes += [replaced] if replaced else []

    def _assert_others_serve(self, service: str, together: Collection[str]) -> None:
        others = {each for each in self.present if kind(each) == kind(service)} - set(together)
        if service in self.present and self.present[service].healthy and others:
            assert not self._behind, f"{service} goes while its cluster is not in sync"
            assert all(self.present[other].healthy for other in others), service

    def read(self) -> dict[str, Container]:
        return dict(self.present)

    def out_of_sync(self, container: Container) -> str:
        self._behind = max(0, self._behind - 1)
        return "a replica is behind" if self._behind else ""

    def leads(self, container: Container) -> bool:
        return container.service == self.leader

    def failing(self) -> dict[str, str] | None:
        return self.findings.pop(0) if self.findings else {}

    def await_healthy(self, services: Collection[str]) -> None:
        if broken := self.broken & set(services):
            raise CliError(f"{broken} not healthy", "")
        for service in services:
            self.present[service] = container(service)


def container(service: str) -> Container:
    after = {"kafka": {"zookeeper-1"}, "connect": {"kafka-1"}, "spark-worker": {"spark-master"}}
    in_sync = () if kind(service) == "connect" else ("replicas-in-sync",)
    leads = ("leads",) if in_sync else ()
    waits_for = frozenset(after.get(kind(service), ()))
    secret = "spark-rpc" if service.startswith("spark-") else ""
    return Container(service, f"riada-{service}", True, waits_for, in_sync, leads, secret)
