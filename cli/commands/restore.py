"""Take PostgreSQL back to an earlier time, or restore a lost volume.

make restore TIME=5m                           five minutes ago (s, m, h, d)
make restore TIME=2026-11-27T14:03:20+01:00    UTC without an offset
make restore                                   to the end of the archive: a lost or damaged volume

A time that the archive cannot restore is refused before anything stops. Only PostgreSQL is stopped;
its writers wait for it. Everything up to then is archived first, so that the printed command can
undo the restore. Afterwards capture begins a new epoch by itself, and `make repair` makes all
stores equal. An interrupted restore continues when PostgreSQL starts.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from cli.clients import backups
from cli.host import docker, output
from cli.host.errors import CliError
from cli.host.options import flag, integer, text
from cli.host.output import progress
from cli.host.poll import poll_until
from cli.installations.local import Installation

SUMMARY = "Take PostgreSQL back to an earlier time: make restore TIME=5m (all: docs/operations.md)"
STOP_S = "60"
# The container ends when the recovery fails, and the engine starts it again.
FAILURES = 3


@dataclass(frozen=True)
class Options:
    time: str = text("", "an age such as 5m, or ISO 8601; by default the end of the archive")
    timeline: int = integer(0, "history that an earlier restore replaced", minimum=0)
    discard: bool = flag("restore although changes that are not archived yet are lost")


def run(options: Options) -> int:
    container = backups.container(Installation.current())
    arguments = ["request"]
    arguments += ["--time", options.time] if options.time else []
    arguments += ["--timeline", str(options.timeline)] if options.timeline else []
    arguments += ["--discard"] if options.discard else []
    request = _request(container, arguments)
    to = request["target"] or "the end of the archive"
    try:
        progress(f"PostgreSQL restarts from backup {request['label']}, and recovers to {to}")
    finally:
        _restart(container)
    _await(container, request["id"])
    output.emit({"ok": True, **request}, report(request))
    return 0


def _request(container: str, arguments: list[str]) -> dict[str, Any]:
    """Refuses or requests the restore, also if PostgreSQL does not serve. Raises CliError."""
    if backups.is_serving(container):
        answer = backups.ask(container, *arguments)
    else:
        try:
            docker.ask("stop", "-t", STOP_S, container)
            answer = backups.ask_stopped(container, *arguments)
        except BaseException:
            _restart(container)
            raise
    request: dict[str, Any] = json.loads(answer)
    return request


def _restart(container: str) -> None:
    """Restarts PostgreSQL, whether it runs or not. Ctrl-C also ends docker's client, which may have
    stopped the container only."""
    try:
        docker.ask("restart", "-t", STOP_S, container)
    except KeyboardInterrupt:
        docker.ask("restart", "-t", STOP_S, container)
        raise


def _await(container: str, identifier: str) -> None:
    """Waits until the restore has ended and PostgreSQL serves. Raises CliError if it fails."""

    def attempt() -> dict[str, Any] | None:
        state = backups.state(container)
        if state["RestartCount"] >= FAILURES:
            last = docker.tail(container, 15)
            raise CliError(
                f"the restore fails:\n{last}",
                "make restore with another TIME begins again",
                backups.SERVICE,
            )
        if not backups.is_serving(container):
            return None
        ended = json.loads(backups.ask(container, "restored", identifier))
        return ended[0] if ended else None

    def line() -> str:
        lines = docker.tail(container, 1).splitlines() or ["starts"]
        return f"postgres: {lines[-1]}"

    ended = poll_until(attempt, backups.DAY_S, 1.0, line)
    if ended is None:
        raise CliError("the restore has not ended within a day", "make logs S=postgres", "postgres")
    if ended["problem"]:
        raise CliError(
            f"the restore was not carried out: {ended['problem']}", "make status", "postgres"
        )


def report(request: dict[str, Any]) -> str:
    to = request["target"] or "the end of the archive"
    lines = [
        f"PostgreSQL holds the state of {to}",
        "capture notices it within 30 s and begins a new epoch by itself; make status names it",
        "then run: make erase AGAIN=1, if status asks for it: who was erased since then is back",
        "then run: make repair   (it makes Cassandra equal, and removes rows of the replaced time)",
        "or make rebuild, if a release with other columns was deployed since then",
    ]
    if request["left"]:
        undo = f"make restore TIMELINE={request['left']}"
        lines.append(f"to undo it: {undo}   (returns to the last change before this restore)")
    return "\n".join(lines)
