"""Print where everything of the installation can be reached from this machine."""

from __future__ import annotations

import argparse

from cli.host import output
from cli.installations.local import Installation

PAGES = {
    "airflow-api-server": "Airflow: DAGs and their runs (user admin)",
    "control-center": "Control Center: pages (users reader, operator) and API",
    "prometheus": "Prometheus: history and alerts of all components",
    "spark-master": "Spark master: workers, drivers, applications",
    "schema-registry": "Schema Registry: Confluent's API",
    "connect": "Kafka Connect's REST API",
    "randomuser": "randomuser API 1.4",
}
_PATHS = {"schema-registry": "/apis/ccompat/v7"}
"""Where clients find the API that PAGES names, if not at the root."""
_ADDRESSES = {"postgres": "database people", "kafka": "brokers", "cassandra": "keyspace people"}


def text(here: Installation) -> str:
    rows = [(address(here, kind), what) for kind, what in PAGES.items()]
    published = here.published()
    for kind, what in _ADDRESSES.items():
        ports = [port for name, port in published.items() if name.rsplit("-", 1)[0] == kind]
        ports = ports or [published[kind]]
        rows.append((",".join(f"127.0.0.1:{port}" for port in ports), f"{kind}: {what}"))
    rows.append(("make passwords", f"their passwords, from {here.secrets}"))
    return output.table(rows, ("address", "what"))


def address(here: Installation, kind: str) -> str:
    return here.url(kind) + _PATHS.get(kind, "")


def main() -> None:
    argparse.ArgumentParser(prog="make urls", description=__doc__).parse_args()
    here = Installation.current()
    reached = dict(here.published()) | {kind: address(here, kind) for kind in PAGES}
    output.emit(reached, text(here))
