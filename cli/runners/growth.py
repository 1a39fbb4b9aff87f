"""A cluster gets more members only while all its members serve."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from cli.host.errors import CliError
from cli.host.poll import poll_until
from cli.installations.containers import Container, kind, number

LIMIT_S = 600


def growing(pending: Collection[str], present: Mapping[str, Container]) -> set[str]:
    """The kinds of which a pending service has a higher number than every container present."""
    last = _last(present)
    return {kind(each) for each in pending if number(each) > last.get(kind(each), 0)}


def _last(present: Mapping[str, Container]) -> dict[str, int]:
    """Kind → the highest number of its containers."""
    last: dict[str, int] = {}
    for service in present:
        last[kind(service)] = max(number(service), last.get(kind(service), 0))
    return last


def lacking(pending: Collection[str], present: Mapping[str, Container]) -> dict[str, set[str]]:
    """Cluster → its members that must serve before it grows, and do not. With one of three
    ZooKeeper members away, no majority of five is sure to hold the data. A cluster of which a
    member has the new settings is not here: its growth was interrupted, and it serves once that
    ends."""
    lacks: dict[str, set[str]] = {}
    clusters = {kind(service) for service, each in present.items() if each.in_sync}
    last = _last(present)
    for cluster in clusters & growing(pending, present):
        members = {service for service in present if kind(service) == cluster}
        if members <= set(pending):
            former = {f"{cluster}-{position}" for position in range(1, last[cluster] + 1)}
            lacks[cluster] = {
                each for each in former if each not in present or not present[each].healthy
            }
    return {cluster: missing for cluster, missing in lacks.items() if missing}


def await_complete(read: Callable[[], Mapping[str, Container]], pending: Collection[str]) -> None:
    """Return once every cluster that grows serves with all its former members. Raises CliError
    with those that do not after LIMIT_S."""
    lacks: dict[str, set[str]] = {}

    def complete() -> bool | None:
        nonlocal lacks
        lacks = lacking(pending, read())
        return None if lacks else True

    def text() -> str:
        return ", ".join(sorted(set().union(*lacks.values())))

    if poll_until(complete, LIMIT_S, report=lambda: f"waiting: {text()} not healthy") is None:
        raise CliError(
            f"{text()} not healthy after {LIMIT_S} s; a cluster grows only while all its members "
            "serve; nothing was changed",
            "make status and make logs show the cause; make up with the present size starts them",
            component=", ".join(sorted(lacks)),
        )
