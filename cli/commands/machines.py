"""Boot a machine for each instance of LocalStack, now and as long as LocalStack lists it.

A machine is a container. With KIND=uml it has its own kernel, User-Mode Linux, and is several times
slower.
"""

from __future__ import annotations

from dataclasses import dataclass

from cli.dev import localstack
from cli.host import output
from cli.host.machine import setup
from cli.host.options import choice, text

SUMMARY = "Boot a machine for each instance that LocalStack lists"


@dataclass(frozen=True)
class Options:
    kind: str = choice(localstack.MACHINE_KINDS, "uml: each machine has its own kernel")
    name: str = text(localstack.NAME, "name of LocalStack's container", "LOCALSTACK")


def run(options: Options) -> int:
    setup.ensure()
    output.progress("starting machines; building their image takes about 1 min if it is missing")
    localstack.start_machines(options.name, options.kind)
    runner = localstack.runner(options.name)
    output.emit(
        {"ok": True, "runner": runner},
        f"a machine boots for each instance; docker logs {runner} shows what fails",
    )
    return 0
