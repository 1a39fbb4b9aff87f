"""A release that cannot read the data of the one before it is refused."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from cli.host import docker
from cli.host.errors import CliError
from cli.host.paths import ROOT
from cli.installations import versions
from cli.installations.local import Installation
from cli.installations.versions import Versions, compare, unreadable

WRITTEN = Versions("0.3.0", 2, {"airflow": "3.3.2", "kafka": "3.9.2", "postgres": "15"})


def test_versions_of_this_checkout() -> None:
    current = versions.current()
    assert current.engines.keys() == {
        *("airflow", "cassandra", "kafka", "postgres", "schema-registry", "zookeeper"),
    }
    assert current.engines["zookeeper"].startswith("3.")
    assert Versions.from_json(current.to_json()) == current


@pytest.mark.parametrize(
    ("changed", "causes"),
    [
        ({}, []),
        ({"kafka": "3.9.1"}, []),
        ({"kafka": "3.10.0"}, []),
        ({"kafka": "3.8.9"}, ["kafka 3.9.2, and this is 3.8.9"]),
        ({"airflow": "3.3.1"}, ["airflow 3.3.2, and this is 3.3.1"]),
        ({"airflow": "3.4.0"}, []),
        ({"postgres": "14"}, ["postgres 15, and this is 14"]),
        ({"postgres": "16"}, ["postgres 15, and this is 16"]),
        ({"postgres": "17"}, []),
        ({"postgres": "18"}, ["postgres 15, and this is 18"]),
        ({"cassandra": "5.0.9"}, []),
    ],
)
def test_engines(changed: dict[str, str], causes: list[str]) -> None:
    """A new major of PostgreSQL does not read the files of another one, either: the image upgrades
    those of 15 to 17."""
    present = replace(WRITTEN, engines={**WRITTEN.engines, **changed})
    assert unreadable(WRITTEN, present) == causes


def test_postgresql_does_not_go_back() -> None:
    written = replace(WRITTEN, engines={"postgres": "17"})
    for earlier in ("15", "16"):
        causes = unreadable(written, replace(WRITTEN, engines={"postgres": earlier}))
        assert causes == [f"postgres 17, and this is {earlier}"]


def test_the_image_has_the_programs_of_what_it_upgrades() -> None:
    earlier = replace(versions.current(), engines={"postgres": "15"})
    assert unreadable(earlier, versions.current()) == []
    installed = re.findall(r"postgresql-(\d+)", (ROOT / "docker/postgres/Dockerfile").read_text())
    assert installed == ["15", versions.current().engines["postgres"]]


def test_an_engine_that_this_release_does_not_have() -> None:
    assert unreadable(WRITTEN, replace(WRITTEN, engines={})) == []


def test_riadas_own_data() -> None:
    assert unreadable(WRITTEN, replace(WRITTEN, format=3)) == []
    older = replace(WRITTEN, riada="0.2.0", format=1)
    with pytest.raises(CliError) as refused:
        compare(WRITTEN.to_json(), older, "project mine")
    assert refused.value.cause == (
        "project mine has data of Riada 0.3.0, which this checkout of Riada 0.2.0 cannot read: "
        "format 2 of Riada's own data, and this is 1; nothing was changed"
    )


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"riada": "1", "format": "x", "engines": {}}'])
def test_a_damaged_record(text: str) -> None:
    with pytest.raises(CliError, match="damaged"):
        compare(text, WRITTEN, "project mine")


def test_an_installation_records_its_versions(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(Installation, "folder", tmp_path / "mine")
    installation = Installation("mine", {})
    monkeypatch.setattr(docker, "identified", lambda kind, project: {})
    versions.check(installation)  # of a release without records
    with versions.recorded(installation):
        pass
    versions.check(installation)
    monkeypatch.setattr(versions, "FORMAT", versions.FORMAT - 1)
    with pytest.raises(CliError, match="project mine has data of Riada"):
        versions.check(installation)


@pytest.mark.parametrize("former", [None, '{"riada": "0.2.0", "format": 1, "engines": {}}\n'])
@pytest.mark.parametrize("has_started", [False, True])
def test_a_start_that_fails(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, former: str | None, has_started: bool
) -> None:
    """The release before may go on if no container of this one has started."""
    monkeypatch.setattr(Installation, "folder", tmp_path)
    containers = {"mine-kafka-1": "id-1"}
    monkeypatch.setattr(docker, "identified", lambda kind, project: dict(containers))
    record = tmp_path / "versions.json"
    if former:
        record.write_text(former)
    with pytest.raises(CliError, match="no disk"), versions.recorded(Installation("mine", {})):
        assert record.read_text() == versions.current().to_json(), "before anything starts"
        containers.clear()  # terraform removes a container before its successor starts
        if has_started:
            containers["mine-kafka-1"] = "id-2"
        raise CliError("no disk")
    after = record.read_text() if record.exists() else None
    assert after == (versions.current().to_json() if has_started else former)
