"""One installation of the platform: its name, settings, ports, and its folder `.riada/<project>/`.

A setting is a variable of make or of the environment (`make up BROKERS=3`). `up` saves the settings
in the installation's folder, so that later commands know them.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from cli.host.errors import CliError, SettingError
from cli.host.machine.ports import PublishedPort
from cli.host.paths import ROOT
from cli.host.typed import DEFAULT_PROJECT
from cli.installations import settings
from contract.health.page_host import SECRET, page_host

PORTS = settings.PORTS


@dataclass(frozen=True)
class Installation:
    """`settings`: variable → value, of the settings that differ from the defaults."""

    project: str
    settings: Mapping[str, str]

    @classmethod
    def current(cls, environment: Mapping[str, str] = os.environ) -> Installation:
        """The installation that PROJECT names (default riada), with its saved settings. Settings of
        the environment override them."""
        if (target := environment.get("TARGET") or "local") != "local":
            raise SettingError(
                f"this command acts on this machine only, got TARGET={target}",
                "docs/aws.md shows the commands for AWS",
            )
        project = environment.get("PROJECT") or DEFAULT_PROJECT
        if not re.fullmatch(r"[a-z][a-z0-9-]{0,30}", project):
            raise SettingError(
                f"PROJECT must be up to 31 of a-z, 0-9 and '-', and begin with a letter, "
                f"got {project}",
                "for example PROJECT=riada-2",
            )
        saved: dict[str, str] = {}
        path = ROOT / ".riada" / project / "settings.json"
        if path.exists():
            saved = json.loads(path.read_text())
        given = {
            name: value for name, value in environment.items() if value and settings.is_known(name)
        }
        return cls(project, saved | given)

    @property
    def folder(self) -> Path:
        return ROOT / ".riada" / self.project

    @property
    def secrets(self) -> Path:
        return self.folder / "secrets"

    def validate(self) -> None:
        """Raises SettingError if a setting is not acceptable."""
        self.published_ports()
        self.terraform_variables()
        settings.runner(self.settings)

    def save(self) -> None:
        """Write the settings into the installation's folder, for later commands. Raises
        SettingError and writes nothing if one is not acceptable: every later command reads it."""
        self.validate()
        self.folder.mkdir(parents=True, exist_ok=True)
        text = json.dumps(dict(self.settings), indent=2)
        (self.folder / "settings.json").write_text(f"{text}\n")

    def secret(self, name: str) -> str:
        """A generated password, e.g. `airflow-admin`."""
        try:
            return (self.secrets / name).read_text().strip()
        except FileNotFoundError:
            raise CliError(
                f"project {self.project} has no secret {name}", "bring it up first: make up"
            ) from None

    def number(self, setting: str, default: int) -> int:
        """A setting that must be a positive integer."""
        return settings.number(self.settings, setting, default)

    @cached_property
    def ports(self) -> Mapping[str, int]:
        """Kind → first port on 127.0.0.1; a kind's n-th node has the n-th port from there."""
        return {
            kind: self.number(settings.variable(kind, "PORT"), port) for kind, port in PORTS.items()
        }

    def url(self, kind: str) -> str:
        """The HTTP address of a kind on this machine, e.g. `airflow-api-server`."""
        return f"http://127.0.0.1:{self.ports[kind]}"

    def pages_url(self) -> str:
        """The address of the Control Center's pages, whose host name shares no cookies with other
        programs. Programs use `url`: not every resolver knows the name."""
        port = self.ports["control-center"]
        if not (self.secrets / SECRET).exists():  # before the first `make up`
            return self.url("control-center")
        return f"http://{page_host(self.secret(SECRET))}:{port}"

    def published_ports(self) -> list[PublishedPort]:
        """Every host port that this installation takes."""
        many = {
            "kafka": self.number("BROKERS", 1),
            "cassandra": self.number("CASSANDRA_NODES", 1),
        }
        ports = []
        for kind, first in self.ports.items():
            variable = settings.variable(kind, "PORT")
            for node in range(many.get(kind, 1)):
                service = f"{kind}-{node + 1}" if kind in many else kind
                ports.append(PublishedPort(service, first + node, variable))
        return ports

    def published(self) -> dict[str, int]:
        """Service → host port."""
        return {item.service: item.port for item in self.published_ports()}

    def terraform_variables(self) -> list[str]:
        """Arguments for terraform: `-var` and its value for the project and each setting."""
        return settings.terraform_variables(self.project, self.settings)
