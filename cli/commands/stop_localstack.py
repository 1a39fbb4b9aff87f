"""Stop LocalStack with its machines, and delete its data."""

from __future__ import annotations

from dataclasses import dataclass

from cli.dev import localstack
from cli.host import output
from cli.host.options import text

SUMMARY = "Stop LocalStack with its machines, and delete its data"


@dataclass(frozen=True)
class Options:
    name: str = text(
        localstack.NAME, "name of its container, e.g. of an interrupted run", "LOCALSTACK"
    )


def run(options: Options) -> int:
    localstack.stop(options.name)
    output.emit({"ok": True}, "LocalStack and its data are removed")
    return 0
