"""Start LocalStack, an AWS account on this machine: it costs nothing and keeps no data.

It listens on 127.0.0.1 alone. Its EC2 machines do not really run until `make machines` boots them.
"""

from __future__ import annotations

from dataclasses import dataclass

from cli.dev import localstack
from cli.host import output
from cli.host.machine import setup
from cli.host.options import integer, text

SUMMARY = "Start LocalStack, an AWS account on this machine that costs nothing"


@dataclass(frozen=True)
class Options:
    port: int = integer(4566, "port of 127.0.0.1", maximum=65535, variable="LOCALSTACK_PORT")
    name: str = text(localstack.NAME, "name of its container", "LOCALSTACK")


def run(options: Options) -> int:
    setup.ensure()
    output.progress("starting LocalStack; building its image takes about 5 min if it is missing")
    localstack.start(options.port, options.name)
    settings = localstack.environment(options.port)
    lines = [f"export {name}={value}" for name, value in settings.items()]
    lines += [
        "",
        "with these variables terraform -chdir=infra/aws … acts on LocalStack: docs/aws.md",
    ]
    output.emit({"ok": True, "environment": settings}, "\n".join(lines))
    return 0
