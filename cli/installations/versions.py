"""The versions that wrote an installation's data. A release that cannot read them is refused."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass

from cli.host import docker
from cli.host.errors import CliError
from cli.host.paths import ROOT
from cli.installations.local import Installation

# Raise it with a change after which an earlier release cannot read what Riada stores: schema riada,
# topic riada.capture, the checkpoint, Riada's own tables in Cassandra.
FORMAT = 1
# Engine → its file with the version, and the pattern of the version there.
_SOURCES = {
    "airflow": ("docker/airflow/requirements.in", r"^apache-airflow==([\d.]+)$"),
    "cassandra": ("docker/cassandra/pom.xml", r"cassandra-all</artifactId>\s*<version>([\d.]+)"),
    "kafka": ("docker/kafka/pom.xml", r"kafka_2\.13</artifactId>\s*<version>([\d.]+)"),
    "postgres": ("docker/postgres/Dockerfile", r"postgresql-(\d+);"),
    "schema-registry": (
        "docker/schema-registry/pom.xml",
        r"apicurio-registry-app</artifactId>\s*<version>([\d.]+)",
    ),
    "zookeeper": (
        "docker/zookeeper/pom.xml",
        r"zookeeper</groupId>\s*<artifactId>zookeeper</artifactId>\s*<version>([\d.]+)",
    ),
}
# How many numbers of a version decide whether the engine reads the data of another version. Airflow
# and the registry may change their schemas of PostgreSQL in every version.
_DEPTH = {"airflow": 3, "schema-registry": 3, "postgres": 1}
_USUAL_DEPTH = 2
# The image of PostgreSQL upgrades the data of this earlier major version, and of no other.
_UPGRADED = {"17": "15"}


@dataclass(frozen=True)
class Versions:
    """`riada`: of the release, for people. `format`: FORMAT. `engines`: name → version."""

    riada: str
    format: int
    engines: Mapping[str, str]

    @classmethod
    def from_json(cls, text: str) -> Versions:
        """Raises ValueError, TypeError and KeyError for other text."""
        values = json.loads(text)
        return cls(str(values["riada"]), int(values["format"]), dict(values["engines"]))

    def to_json(self) -> str:
        return json.dumps(asdict(self), indent=2) + "\n"


def current() -> Versions:
    """The versions of this checkout."""
    riada = _match("pyproject.toml", r'^version = "([^"]+)"$')
    engines = {name: _match(*source) for name, source in _SOURCES.items()}
    return Versions(riada, FORMAT, engines)


def check(installation: Installation) -> None:
    """Raises CliError if this checkout cannot read the installation's data."""
    path = installation.folder / "versions.json"
    if path.exists():
        compare(path.read_text(), current(), f"project {installation.project}")


@contextmanager
def recorded(installation: Installation) -> Iterator[None]:
    """Writes the versions of this checkout into the installation's folder before its containers
    start. If the block fails and none has started, no data is newer: the former record is back."""
    path = installation.folder / "versions.json"
    former = path.read_text() if path.exists() else None
    before = _containers(installation)
    installation.folder.mkdir(parents=True, exist_ok=True)
    path.write_text(current().to_json())
    try:
        yield
    except BaseException:
        if _has_none_but(before, installation):
            path.unlink() if former is None else path.write_text(former)
        raise


def _has_none_but(before: set[str], installation: Installation) -> bool:
    """False also if the engine does not answer: then one may have started."""
    try:
        return _containers(installation) <= before
    except CliError:
        return False


def _containers(installation: Installation) -> set[str]:
    return set(docker.identified("container", installation.project).values())


def compare(recorded: str, present: Versions, installation: str) -> None:
    """`recorded`: the text of the record; `installation`: its name for the error. Raises CliError
    if `present` cannot read the data."""
    try:
        written = Versions.from_json(recorded)
    except (ValueError, TypeError, KeyError) as error:
        raise CliError(
            f"the record of {installation}'s versions is damaged: {error!r}",
            "if a release older than this one wrote its data, remove the record: versions.json",
        ) from None
    if causes := unreadable(written, present):
        raise CliError(
            f"{installation} has data of Riada {written.riada}, which this checkout of Riada "
            f"{present.riada} cannot read: {'; '.join(causes)}; nothing was changed",
            'use the newer release; docs/operations.md, "Versions", has the steps to another one',
        )


def unreadable(written: Versions, present: Versions) -> list[str]:
    """Why `present` cannot read what `written` wrote; empty if it can."""
    causes = []
    if present.format < written.format:
        causes.append(f"format {written.format} of Riada's own data, and this is {present.format}")
    for engine, version in written.engines.items():
        other = present.engines.get(engine)
        if other is None:
            continue
        depth = _DEPTH.get(engine, _USUAL_DEPTH)
        before, now = _numbers(version)[:depth], _numbers(other)[:depth]
        is_upgraded = engine != "postgres" or now == before or _UPGRADED.get(other) == version
        if now < before or not is_upgraded:
            causes.append(f"{engine} {version}, and this is {other}")
    return causes


def _numbers(version: str) -> tuple[int, ...]:
    """ "3.9.2" → (3, 9, 2)."""
    return tuple(int(number) for number in version.split("."))


def _match(file: str, pattern: str) -> str:
    match = re.search(pattern, (ROOT / file).read_text(), re.MULTILINE)
    if match is None:
        raise ValueError(f"{file} has no version: {pattern}")
    return match[1]
