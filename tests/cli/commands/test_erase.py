"""make erase: its arguments, what it prints, and its exit codes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from cli.commands import erase
from cli.commands.erase import Options
from cli.host.errors import SettingError
from cli.installations.local import Installation
from contract.jobs.erase import EraseResult, Trace
from tests.cli.server import Answer, JsonServer

RESULT = EraseResult(
    table="orders",
    ok=True,
    erased_at="2026-11-22T12:00:00Z",
    erasures=1,
    postgres=1,
    rejects=2,
    dead_letters=1003,
    cassandra=1,
    remains=(),
    traces=(
        Trace("kafka", "changes on the topic", "2026-11-30T12:10Z"),
        Trace("postgres", "free space", remedy="VACUUM FULL orders."),
    ),
    took_s=1.5,
)


def answer(server: JsonServer, result: EraseResult) -> None:
    table: dict[str, Any] = {
        "name": "orders",
        "schema": "public",
        "relation": "orders",
        "key": ["id"],
    }
    table |= {"columns": [], "has_source": False, "indexes": [], "queries": {}}
    server.answers["GET /api/tables"] = [Answer({"tables": [table]})]
    server.answers["POST /api/erase"] = [Answer({"id": "j1"}, 202)]
    status: dict[str, Any] = {
        "id": "j1",
        "kind": "erase",
        "table": "orders",
        "state": "done",
        "next": 1,
    }
    status |= {"started_at": "2026-11-22T12:00:00+00:00", "elapsed_s": 1.5}
    status |= {"progress": ["[ 0.1 s] deleted"], "result": result.to_json()}
    server.answers["GET /api/erase/j1"] = [Answer(status)]


def test_it_prints_what_was_erased_and_what_remains_until_when(
    server: JsonServer, installation: Installation, capsys: pytest.CaptureFixture[str]
) -> None:
    answer(server, RESULT)
    assert erase.run(Options("orders", "[7,1]")) == 0
    printed = capsys.readouterr().out
    expected = "erased: 1 rows in PostgreSQL, 1 in Cassandra, 2 rejected items, 1,003 dead letters"
    assert expected in printed
    assert "kafka     2026-11-30T12:10Z    changes on the topic\n" in printed
    assert "postgres  no date              free space. VACUUM FULL orders.\n" in printed
    [request] = [request for request in server.requests if request.method == "POST"]
    assert request.body == {"table": "orders", "key": "[7,1]", "again": False}


def test_what_is_not_erased_ends_with_1(
    server: JsonServer, installation: Installation, capsys: pytest.CaptureFixture[str]
) -> None:
    answer(server, replace(RESULT, ok=False, remains=("Cassandra holds 1 rows",)))
    assert erase.run(Options("orders", "7")) == 1
    assert "NOT ERASED: Cassandra holds 1 rows.\n" in capsys.readouterr().out


def test_again_acts_on_every_table(
    server: JsonServer, installation: Installation, capsys: pytest.CaptureFixture[str]
) -> None:
    answer(server, RESULT)
    assert erase.run(Options(again=True)) == 0
    assert "orders  ok      erased: 1 rows in PostgreSQL" in capsys.readouterr().out
    [request] = [request for request in server.requests if request.method == "POST"]
    assert request.body == {"table": "orders", "key": "", "again": True}


@pytest.mark.parametrize("options", [Options(), Options("orders"), Options(key="7")])
def test_table_and_key_are_needed(options: Options) -> None:
    with pytest.raises(SettingError, match="TABLE and KEY, or AGAIN=1, are needed"):
        erase.run(options)


def test_again_takes_no_key() -> None:
    with pytest.raises(SettingError, match="AGAIN=1 takes no KEY"):
        erase.run(Options("orders", "7", True))
