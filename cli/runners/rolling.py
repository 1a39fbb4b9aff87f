"""A rolling change: the containers of a running installation are replaced one at a time.

Each waits until the one before it is healthy, the replicas of its cluster are in sync and rows
arrive. A change that was interrupted goes on with the containers that are left.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from graphlib import TopologicalSorter
from typing import Protocol

from cli.host.errors import CliError
from cli.host.output import progress
from cli.host.poll import poll_until
from cli.installations.containers import Container, kind
from cli.runners import growth

SYNC_LIMIT_S = 600
DELIVERY_LIMIT_S = 300


class Runner(Protocol):
    """The methods of TerraformRunner that a rolling change needs."""

    def pending(self) -> set[str]: ...
    def apply(self, services: Collection[str] = ()) -> None: ...


class Engine(Protocol):
    """The containers of one installation."""

    def read(self) -> dict[str, Container]:
        """Service → its container, running or not."""

    def out_of_sync(self, container: Container) -> str:
        """What the container's `in_sync` prints if it fails; "" if it succeeds."""

    def leads(self, container: Container) -> bool:
        """Does its command `leads` succeed?"""

    def await_healthy(self, services: Collection[str]) -> None:
        """Raises CliError if a container does not become healthy."""

    def failing(self) -> Mapping[str, str] | None:
        """Name → finding of each probe with which rows do not arrive; None if nothing answers."""


def apply(runner: Runner, engine: Engine) -> None:
    """Bring the installation to the runner's plan. Raises CliError if a container does not become
    healthy or its cluster in sync, or if rows no longer arrive; the containers after it are not
    changed. Probes that fail before the change do not stop it."""
    pending = runner.pending()
    growth.await_complete(engine.read, pending)
    rolled = order(pending, engine.read())
    failed = engine.failing() if rolled else None
    if rolled and (at_once := sorted(pending - set(rolled))):
        progress(f"starting {', '.join(at_once)}")
        runner.apply(at_once)
        engine.await_healthy(at_once)
    total = len(rolled)
    while rolled:
        service = following(rolled, engine)
        await_in_sync(engine, kind(service))
        if failed is not None:
            await_delivery(engine, failed)
        progress(f"rolling change, {total - len(rolled) + 1} of {total}: {service}")
        runner.apply([service])
        engine.await_healthy([service])
        await_in_sync(engine, kind(service))
        rolled.remove(service)
        if refused := cut_off(rolled, engine.read()):
            progress(f"{service} refuses {', '.join(refused)} as they are: replacing them at once")
            runner.apply(refused)
            engine.await_healthy(refused)
            rolled = [each for each in rolled if each not in refused]
    runner.apply()


def order(pending: Collection[str], present: Mapping[str, Container]) -> list[str]:
    """The services of `pending` that are replaced one at a time, each after those that it waits
    for, and those for which none waits at the end: such a client may need what the new server has.
    The others may be replaced at once: they do not serve, or their kind gets another node,
    and its members find each other by the new settings only."""
    growing = growth.growing(pending, present)
    graph = {
        service: sorted(container.waits_for & present.keys())
        for service, container in sorted(present.items())
    }
    awaited = {kind(other) for others in graph.values() for other in others}
    sequence = list(TopologicalSorter(graph).static_order())
    return [
        service
        for service in sorted(sequence, key=lambda service: kind(service) not in awaited)
        if service in pending and present[service].healthy and kind(service) not in growing
    ]


def following(remaining: Sequence[str], engine: Engine) -> str:
    """The service of `remaining` that is replaced next. Of the kind whose turn it is, the one that
    leads is the last: its work then moves once, to a new container."""
    present = engine.read()
    group = [
        service
        for service in remaining
        if kind(service) == kind(remaining[0])
        and not present[service].waits_for.intersection(remaining)
    ]
    if len(group) > 1:
        for service in group:
            if not (present[service].leads and engine.leads(present[service])):
                return service
    return remaining[0]


def cut_off(remaining: Sequence[str], present: Mapping[str, Container]) -> list[str]:
    """The services of `remaining` that a service refuses for which they wait: it has another secret
    of the cluster than they, such as a new Spark master than workers of a release without one. They
    cannot deliver, and are not healthy, until they are replaced too."""
    return [
        service
        for service in remaining
        if any(
            present[other].cluster_secret not in ("", present[service].cluster_secret)
            for other in present[service].waits_for & present.keys()
        )
    ]


def await_delivery(engine: Engine, failed: Collection[str]) -> None:
    """Return once no probe fails but those in `failed`. Raises CliError with the others after
    DELIVERY_LIMIT_S."""
    findings: Mapping[str, str] | None = None

    def delivers() -> bool | None:
        nonlocal findings
        findings = engine.failing()
        return True if findings is not None and not findings.keys() - set(failed) else None

    def report() -> str:
        return f"waiting until rows arrive: {_text(findings, failed)}"

    if poll_until(delivers, DELIVERY_LIMIT_S, report=report) is None:
        raise CliError(
            f"rows do not arrive after {DELIVERY_LIMIT_S} s: {_text(findings, failed)}; no further "
            "container was changed",
            "make status shows the cause; then run make up again, which continues",
        )


def _text(findings: Mapping[str, str] | None, failed: Collection[str]) -> str:
    if findings is None:
        return "the Control Center does not answer"
    return "; ".join(f"{name}: {text}" for name, text in findings.items() if name not in failed)


def await_in_sync(engine: Engine, cluster: str) -> None:
    """Return once every container of the kind `cluster` is healthy, and its replicas are in sync.
    Raises CliError with what is missing after SYNC_LIMIT_S."""
    missing = ""

    def complete() -> bool | None:
        nonlocal missing
        members = [each for each in engine.read().values() if kind(each.service) == cluster]
        missing = _missing(engine, members)
        return None if missing else True

    if poll_until(complete, SYNC_LIMIT_S, report=lambda: f"waiting: {missing}") is None:
        raise CliError(
            f"not in sync after {SYNC_LIMIT_S} s: {missing}; no further container was changed",
            "make status and make logs show the cause; then run make up again, which continues",
            component=cluster,
        )


def _missing(engine: Engine, members: Sequence[Container]) -> str:
    """What the members of a cluster lack; "" if nothing."""
    unhealthy = sorted(member.service for member in members if not member.healthy)
    if unhealthy:
        return f"{', '.join(unhealthy)} not healthy"
    for member in members:
        if member.in_sync and (lack := engine.out_of_sync(member)):
            return f"{member.service}: {lack}"
    return ""
