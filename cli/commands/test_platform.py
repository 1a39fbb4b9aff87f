"""Apply infra/aws to LocalStack, boot its instances as machines, and send rows through them.

All machines become ready; one of Cassandra, one of Kafka, Spark's master and the driver's worker
are replaced; at the end nothing is left. The first test that fails ends the session. With --keep
LocalStack and its machines stay; .riada/test-platform/environment has the variables to reach them.
"""

from __future__ import annotations

from dataclasses import dataclass

from cli.dev import session
from cli.host.machine import setup
from cli.host.options import choice

SUMMARY = "Apply infra/aws to LocalStack, boot its machines, and send rows through them"


@dataclass(frozen=True)
class Options(session.Options):
    nodes: str = choice(
        ("1", "3"), "number of brokers, ZooKeeper and Cassandra nodes; with 3 there are two workers"
    )


def run(options: Options) -> int:
    setup.ensure()
    return session.run_aws_tests(["-x", "tests/aws/platform"], options, {"NODES": options.nodes})
