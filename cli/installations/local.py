"""One installation of the platform: its name, settings, ports, and its folder `.riada/<project>/`.

A setting is a variable of make or of the environment (`make up BROKERS=3`). `up` keeps what was
chosen in the installation's folder, so that later commands need not be told again.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from cli.host.output import Fault
from cli.host.paths import ROOT

PORTS: Mapping[str, int] = json.loads((ROOT / "infra/ports.json").read_text())

SIZES = {
    "BROKERS": "brokers",
    "ZOOKEEPERS": "zookeepers",
    "WORKERS": "workers",
    "CASSANDRA_NODES": "cassandra_nodes",
}
"""Setting → key of Terraform's `sizes`."""

_PLAIN = ("RANDOMUSER_URL", "TOPIC_PARTITIONS", "ALERT_WEBHOOK_URL")
_RUNNER = "RUNNER"
_KINDS = (
    *PORTS,
    *("zookeeper", "spark-worker", "airflow-scheduler", "airflow-dag-processor"),
    *("alertmanager", "postgres-exporter"),
)


@dataclass(frozen=True)
class Installation:
    project: str
    chosen: Mapping[str, str]
    """Settings that differ from the defaults, by the name of their variable."""

    @classmethod
    def current(cls, environment: Mapping[str, str] = os.environ) -> Installation:
        """The installation that PROJECT names (default riada): kept settings, then today's."""
        if (target := environment.get("TARGET") or "local") != "local":
            raise Fault(
                f"this command does not know TARGET={target}",
                "docs/aws.md tells how it is done on AWS",
            )
        project = environment.get("PROJECT") or "riada"
        if not re.fullmatch(r"[a-z][a-z0-9-]{0,30}", project):
            raise Fault(
                f"PROJECT={project} is no project name",
                "take up to 31 of a-z, 0-9 and '-', beginning with a letter",
            )
        kept: dict[str, str] = {}
        settings = ROOT / ".riada" / project / "settings.json"
        if settings.exists():
            kept = json.loads(settings.read_text())
        given = {name: value for name, value in environment.items() if value and _is_setting(name)}
        return cls(project, kept | given)

    @property
    def folder(self) -> Path:
        return ROOT / ".riada" / self.project

    @property
    def secrets(self) -> Path:
        return self.folder / "secrets"

    def keep(self) -> None:
        """Write the chosen settings down for later commands."""
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / "settings.json").write_text(json.dumps(dict(self.chosen), indent=2) + "\n")

    def secret(self, name: str) -> str:
        """A generated password, e.g. `airflow-admin`."""
        try:
            return (self.secrets / name).read_text().strip()
        except FileNotFoundError:
            raise Fault(
                f"project {self.project} has no secret {name}", "bring it up first: make up"
            ) from None

    def number(self, setting: str, default: int) -> int:
        """A setting that must be a whole number above 0."""
        text = self.chosen.get(setting, str(default))
        if not text.isdigit() or int(text) < 1:
            raise Fault(f"{setting}={text} is no number above 0", f"e.g. {setting}={default}")
        return int(text)

    def size(self, setting: str) -> int:
        """How many nodes, e.g. of BROKERS: 1 unless chosen."""
        return self.number(setting, 1)

    @cached_property
    def ports(self) -> Mapping[str, int]:
        """Kind → first port on 127.0.0.1; a kind's n-th node has the n-th port from there."""
        return {kind: self.number(_variable(kind, "PORT"), port) for kind, port in PORTS.items()}

    def url(self, kind: str) -> str:
        """Where this machine reaches a kind over HTTP, e.g. `airflow-api-server`."""
        return f"http://127.0.0.1:{self.ports[kind]}"

    def published(self) -> dict[str, int]:
        """Every host port this installation takes, by service name."""
        many = {"kafka": self.size("BROKERS"), "cassandra": self.size("CASSANDRA_NODES")}
        taken: dict[str, int] = {}
        for kind, first in self.ports.items():
            for node in range(many.get(kind, 1)):
                taken[f"{kind}-{node + 1}" if kind in many else kind] = first + node
        return taken

    def terraform_variables(self) -> list[str]:
        """Arguments for terraform: `-var` and its value for the project and what was chosen."""
        maps: dict[str, dict[str, int]] = {"sizes": {}, "publish": {}, "memory_mib": {}}
        maps["heap_mib"] = {}
        for setting, key in SIZES.items():
            if setting in self.chosen:
                maps["sizes"][key] = self.size(setting)
        for kind in _KINDS:
            for suffix, variable in _SUFFIXES.items():
                if (setting := _variable(kind, suffix)) in self.chosen:
                    maps[variable][kind] = self.number(setting, 1)
        values = {name: json.dumps(value) for name, value in maps.items() if value}
        values |= {name.lower(): self.chosen[name] for name in _PLAIN if name in self.chosen}
        values["project"] = self.project
        return [part for name, value in values.items() for part in ("-var", f"{name}={value}")]


_SUFFIXES = {"PORT": "publish", "MEMORY_MIB": "memory_mib", "HEAP_MIB": "heap_mib"}
"""End of a setting's name → Terraform's variable, a map by kind."""


def _variable(kind: str, suffix: str) -> str:
    return f"{kind.upper().replace('-', '_')}_{suffix}"


def _is_setting(name: str) -> bool:
    if name in SIZES or name in _PLAIN or name == _RUNNER:
        return True
    return any(_variable(kind, suffix) == name for kind in _KINDS for suffix in _SUFFIXES)
