"""The settings of an installation: their variables, and the variables of Terraform behind them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from cli.host.errors import SettingError
from cli.host.options import Choice, Integer, OneOf
from cli.host.paths import ROOT
from contract.stores.postgres import server
from contract.stores.postgres.server import Address

PORTS: Mapping[str, int] = json.loads((ROOT / "infra/ports.json").read_text())

# Setting → key of Terraform's `sizes`.
SIZES = {
    "BROKERS": "brokers",
    "ZOOKEEPERS": "zookeepers",
    "WORKERS": "workers",
    "CASSANDRA_NODES": "cassandra_nodes",
}
# The values of infra/modules: two nodes would not continue while one of them is down.
_ALLOWED: Mapping[str, Integer | OneOf] = {
    "BROKERS": OneOf((1, 3)),
    "ZOOKEEPERS": OneOf((1, 3, 5)),
    "WORKERS": Integer(1, 32),
    "CASSANDRA_NODES": OneOf((1, *range(3, 13))),
    "TOPIC_PARTITIONS": Integer(1, 64, 4),
    "KAFKA_TABLE_GIB": Integer(example=16),
    "BACKUP_RETENTION_DAYS": Integer(7, 365, 14),  # as in infra/modules/postgres
    "VERIFICATION_PERCENT": Integer(0, 100, 15),  # as in control_center/config.py
    "AUTO_REPAIR_ROWS": Integer(0, example=1000),
}
# Terraform's variable has the same name in lower case.
_URLS = ("RANDOMUSER_URL", "ALERT_WEBHOOK_URL")
_NUMBERS = (
    *("TOPIC_PARTITIONS", "KAFKA_TABLE_GIB", "BACKUP_RETENTION_DAYS"),
    *("VERIFICATION_PERCENT", "AUTO_REPAIR_ROWS"),
)
_SECRETS = "SOURCE_SECRETS"  # names with commas between them
_DATABASES = server.VARIABLE
_RUNNER = "RUNNER"
_RUNNERS = Choice(("provider", "compose"))
# End of a setting's name → Terraform's variable, a map by kind.
_SUFFIXES = {"PORT": "publish", "MEMORY_MIB": "memory_mib", "HEAP_MIB": "heap_mib"}
_KINDS = (
    *PORTS,
    *("zookeeper", "spark-worker", "airflow-scheduler", "airflow-dag-processor"),
    *("alertmanager", "postgres-exporter"),
)


def variable(kind: str, suffix: str) -> str:
    """The setting of one kind: `postgres`, `PORT` → POSTGRES_PORT."""
    return f"{kind.upper().replace('-', '_')}_{suffix}"


def names() -> tuple[str, ...]:
    """Every setting."""
    of_kinds = (variable(kind, suffix) for kind in _KINDS for suffix in _SUFFIXES)
    return (*SIZES, *_URLS, *_NUMBERS, _SECRETS, _DATABASES, _RUNNER, *of_kinds)


def is_known(name: str) -> bool:
    return name in names()


def number(settings: Mapping[str, str], name: str, default: int) -> int:
    """A size, a port or another positive integer; raises SettingError for any other value."""
    kind = _ALLOWED.get(name) or Integer(example=default)
    if name.endswith("_PORT"):  # the same limits as in infra/local/variables.tf
        kind = Integer(1024, 65535, default)
    return kind.parse(name, settings.get(name, str(default)))


def runner(settings: Mapping[str, str]) -> str:
    """The wanted runner, "" for any; raises SettingError."""
    wanted = settings.get(_RUNNER, "")
    return _RUNNERS.parse(_RUNNER, wanted) if wanted else ""


def url(settings: Mapping[str, str], name: str) -> str:
    """A URL; raises SettingError for any other value, with which the Control Center or Alertmanager
    would not start (control_center/config.py has the same pattern)."""
    value = settings[name]
    if not re.fullmatch(r"https?://[^\s/]\S*", value):
        raise SettingError(
            f"{name} must be a URL, got {value}",
            f"for example {name}=http://people.example:8000/api/",
        )
    return value


def source_secrets(settings: Mapping[str, str]) -> list[str]:
    """The secrets that tables name as "secret:NAME"; raises SettingError."""
    names = settings[_SECRETS].split(",")
    for name in names:
        if not re.fullmatch("[a-z0-9][a-z0-9-]{0,40}", name):  # as in infra/local/variables.tf
            raise SettingError(
                f"{_SECRETS}: a name has a-z, 0-9 and '-', got {name!r}",
                f"for example {_SECRETS}=orders-api,events",
            )
    return names


def databases(settings: Mapping[str, str]) -> Mapping[str, Address]:
    """The addresses of other PostgreSQL servers; raises SettingError."""
    try:
        addresses = server.addresses(settings.get(_DATABASES, ""))
    except ValueError as error:
        raise SettingError(
            str(error), f"for example {_DATABASES}=shop=db.example:5432,crm=10.0.0.5"
        ) from None
    for name, address in addresses.items():
        if re.fullmatch(r"localhost|127\..*", address.host):
            raise SettingError(
                f"{_DATABASES}: {name}={address} is the container itself",
                "give an address of this machine that containers reach, such as that of its "
                f"network interface: {_DATABASES}={name}=192.168.1.5:{address.port}",
            )
    return addresses


def terraform_variables(project: str, settings: Mapping[str, str]) -> list[str]:
    """Arguments for terraform: `-var` and its value for the project and each setting."""
    maps: dict[str, dict[str, int]] = {"sizes": {}}
    maps |= {name: {} for name in _SUFFIXES.values()}
    for name, key in SIZES.items():
        if name in settings:
            maps["sizes"][key] = number(settings, name, 1)
    for kind in _KINDS:
        for suffix, terraform in _SUFFIXES.items():
            if (name := variable(kind, suffix)) in settings:
                maps[terraform][kind] = number(settings, name, PORTS.get(kind, 1))
    values = {name: json.dumps(value) for name, value in maps.items() if value}
    values |= {name.lower(): url(settings, name) for name in _URLS if name in settings}
    values |= {
        name.lower(): str(number(settings, name, 1)) for name in _NUMBERS if name in settings
    }
    if _SECRETS in settings:
        values[_SECRETS.lower()] = json.dumps(source_secrets(settings))
    if addresses := databases(settings):
        values[_DATABASES.lower()] = json.dumps(
            {name: str(address) for name, address in addresses.items()}
        )
    values["project"] = project
    return [part for name, value in values.items() for part in ("-var", f"{name}={value}")]
