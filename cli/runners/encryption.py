"""The end of clear text after an upgrade: all clients have the release that encrypts."""

from __future__ import annotations

from typing import Protocol

from cli.host.output import progress
from cli.installations.containers import kind
from cli.runners import rolling

# What `encryption require` ends with in a container that must restart for it.
RESTART = 75


class Engine(rolling.Engine, Protocol):
    """The containers of one installation."""

    def require_encryption(self, service: str) -> tuple[int, str]:
        """Exit code and output of `encryption require` in the service's container; raises CliError
        for a code other than 0 and RESTART."""

    def restart(self, service: str) -> None:
        """Raises CliError."""


def require(services: list[str], engine: Engine) -> None:
    """Each of these services, which have certificates, refuses clear text from now on. Nodes of a
    cluster restart one at a time. Raises CliError."""
    present = engine.read()
    for service in services:
        if service not in present:  # its node was removed, and its certificate is left
            continue
        code, text = engine.require_encryption(service)
        if text:
            progress(text)
        if code == RESTART:
            rolling.await_in_sync(engine, kind(service))
            engine.restart(service)
            engine.await_healthy([service])
            rolling.await_in_sync(engine, kind(service))
