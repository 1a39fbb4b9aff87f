"""One database from its first release to the release without it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from capture.clients.server import Server
from capture.clients.source import Member
from capture.databases.follower import Follower
from contract.kafka.capture import State
from tests.capture.in_memory import SETTINGS, Memory

TABLE = 'key = ["id"]\n[columns]\nid = "int4"\n'
SHOP = {"shop/database.toml": 'tls = false\nslot = "riada_shop"\n', "shop/lines.toml": TABLE}


@pytest.fixture
def artifacts(tmp_path: Path) -> Path:
    return tmp_path


@pytest.fixture
def follower(memory: Memory, artifacts: Path) -> Follower:
    settings = replace(
        SETTINGS,
        databases="shop=db.example",
        artifacts=artifacts,
    )
    memory.source = replace(memory.source, members={"public.lines": Member(3)})

    def postgres(server: Server) -> Memory:
        assert server.name == "shop" and server.host == "db.example"
        return memory

    return Follower(settings, "shop", memory, memory, postgres, memory.reports.append)


def deploy(artifacts: Path, release: str, files: dict[str, str]) -> None:
    for path, text in files.items():
        file = artifacts / "releases" / release / "tables" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    (artifacts / "releases" / release / "job").write_text("j")
    (artifacts / "streaming-release").write_text(release)


def test_a_database_is_captured_while_the_release_has_it(
    follower: Follower, memory: Memory, artifacts: Path
) -> None:
    deploy(artifacts, "one", SHOP)
    assert follower.step() and not follower.has_ended
    assert memory.config is not None and memory.config["name"] == "riada-shop"
    assert memory.records[-1].tables.keys() == {"lines"}
    assert "riada.shop.public.lines" in memory.topics
    deploy(artifacts, "two", {"orders.toml": TABLE})
    assert follower.step() and follower.has_ended
    assert memory.config is None and memory.records[-1].state is State.ENDED
    assert "the release does not have this database: its capture has ended" in memory.reports


def test_a_release_that_cannot_be_read_ends_nothing(
    follower: Follower, memory: Memory, artifacts: Path
) -> None:
    """Its slot would be gone, and every row would come again."""
    assert not follower.step() and not follower.has_ended
    deploy(artifacts, "one", SHOP | {"shop/lines.toml": "broken"})
    assert not follower.step() and not follower.has_ended
    assert memory.calls == []


def test_a_server_without_an_address_is_reported_once(
    follower: Follower, memory: Memory, artifacts: Path
) -> None:
    deploy(artifacts, "one", SHOP)
    follower.settings = replace(follower.settings, databases="")
    assert [follower.step() for _ in range(3)] == [False] * 3
    [line] = memory.reports
    assert line.startswith("waits: no address of database shop is known: make up DATABASES=shop=")
