"""Print the address of each service of the installation on this machine."""

from __future__ import annotations

from cli.host import output
from cli.host.options import NoOptions
from cli.installations import containers
from cli.installations.local import Installation
from contract.kafka.schemas import CONFLUENT_API
from contract.stores.cassandra.roles import Role as CassandraRole
from contract.stores.postgres.roles import Role
from contract.stores.postgres.tls import conninfo
from contract.stores.tls import CA

SUMMARY = "Print the address of every service"
Options = NoOptions
PAGES = {
    "airflow-api-server": "Airflow: DAGs and their runs (user admin)",
    "control-center": "Control Center: pages (accounts reader, operator) and API",
    "prometheus": "Prometheus: history and alerts of all components",
    "spark-master": "Spark master: workers, drivers, applications",
    "schema-registry": "Schema Registry: Confluent's API",
    "connect": "Kafka Connect's REST API",
    "randomuser": "randomuser API 1.4",
}
# Kind → path of the API that PAGES names, if it is not the root.
_PATHS = {"schema-registry": CONFLUENT_API}
_ADDRESSES = {"postgres": "database people", "kafka": "brokers", "cassandra": "keyspace people"}


def run(options: NoOptions) -> int:
    installation = Installation.current()
    addresses: dict[str, object] = dict(installation.published())
    addresses |= {kind: address(installation, kind) for kind in PAGES}
    output.emit(addresses, text(installation))
    return 0


def text(installation: Installation) -> str:
    rows = [(address(installation, kind), content) for kind, content in PAGES.items()]
    published = installation.published()
    for kind, content in _ADDRESSES.items():
        ports = [port for name, port in published.items() if containers.kind(name) == kind]
        ports = ports or [published[kind]]
        rows.append((",".join(f"127.0.0.1:{port}" for port in ports), f"{kind}: {content}"))
    rows.append(("make passwords", f"the passwords, from {installation.secrets}"))
    return f"{output.table(rows, ('address', 'what'))}\n\n{clients(installation)}"


def clients(installation: Installation) -> str:
    """The commands with which clients on this machine verify the certificates of the databases."""
    ca, ports = installation.secrets / CA, installation.ports
    psql = f'psql "{conninfo(Role.APPLICATION, ca, "localhost", ports["postgres"])}"'
    cqlsh = f"cqlsh --ssl -u {CassandraRole.OBSERVER.value} localhost {ports['cassandra']}"
    return f"{psql}\nSSL_CERTFILE={ca} {cqlsh}"


def address(installation: Installation, kind: str) -> str:
    """The address of the kind's API or page for a client on this machine."""
    url = installation.pages_url() if kind == "control-center" else installation.url(kind)
    return url + _PATHS.get(kind, "")
