"""make dead-letter copies a message under an unknown schema id; FIX=1 registers the schema."""

from __future__ import annotations

import ast
import json
import os
import sys
from pathlib import Path

import pytest

from cli.commands import dead_letter
from cli.commands.dead_letter import Options
from cli.dev import unknown_schema
from cli.host.errors import CliError, SettingError
from cli.installations import services
from cli.installations.local import Installation
from contract.jobs.tables import TableEntry, TableList
from tests.cli.deploy.test_first_row import COMPLETE
from tests.cli.server import Answer, JsonServer

ENTRY = TableEntry("lines", "public", "lines", ("id",), (), False, (), {})
SCHEMAS = "/apis/ccompat/v7/schemas/ids/6"
KEY, VALUE = b"\0\0\0\0\5Hkey\n", b"\0\0\0\0\6\n\0body"
# Stands for docker exec … kcat: prints a message in the format of -f, or keeps what it is given.
KCAT = f"""#!{sys.executable}
import sys
arguments = sys.argv[1:]
open({{calls!r}}, "a").write(" ".join(arguments) + "\\n")
if "-C" in arguments:
    end = arguments[arguments.index("-f") + 1].removeprefix("%k").removesuffix("%s")
    sys.stdout.buffer.write({KEY!r} + end.encode() + {VALUE!r})
else:
    end = arguments[arguments.index("-K") + 1]
    key, value = sys.stdin.buffer.read().split(end.encode())
    open({{calls!r}} + ".sent", "w").write(repr((key, value)))
"""


@pytest.fixture
def calls(
    tmp_path: Path, server: JsonServer, installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """The file with the arguments of docker. The registry's next id is 9."""
    calls, program = tmp_path / "calls", tmp_path / "docker"
    program.write_text(KCAT.replace("{calls!r}", repr(os.fspath(calls))))
    program.chmod(0o755)
    monkeypatch.setattr(unknown_schema, "docker", lambda: os.fspath(program))
    monkeypatch.setattr(services, "containers", lambda _: {"kafka-1": "riada-unit-kafka-1"})
    monkeypatch.setattr(Installation, "folder", tmp_path)
    monkeypatch.setattr(unknown_schema, "_subject", lambda: "example-value")
    server.answers |= {
        "GET /api/tables": [Answer(TableList((ENTRY,)).to_json())],
        "GET /api/tables/lines/rows/7": [Answer(COMPLETE.to_json())],
        f"GET {SCHEMAS}": [Answer({"schema": '{"type": "record", "name": "Value"}'})],
        "POST /apis/ccompat/v7/subjects/example-value/versions": [
            Answer({"id": 8}),
            Answer({"id": 9}),
        ],
        "GET /api/tables/lines/dead-letters": [
            Answer({"dead_letters": [{"schema_id": 9, "partition": 0, "offset": 12}]})
        ],
    }
    return calls


def test_a_copy_has_the_next_schema_id(calls: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert dead_letter.run(Options("lines", "7")) == 0
    key, value = ast.literal_eval(calls.with_suffix(".sent").read_text())
    assert (key, value) == (KEY, b"\0\0\0\0\x09" + VALUE[5:])
    read, sent = calls.read_text().splitlines()
    assert "-t riada.public.lines -C -q -p 3 -o 12 -c 1" in read
    assert "-t riada.public.lines -P -p 3 " in sent
    assert "unknown schema id 9" in capsys.readouterr().out


def test_fix_registers_the_schema_under_this_id(
    calls: Path, server: JsonServer, capsys: pytest.CaptureFixture[str]
) -> None:
    dead_letter.run(Options("lines", "7"))
    assert dead_letter.run(Options(fix=True)) == 0
    body = server.requests[-1].body
    assert isinstance(body, dict)
    assert json.loads(body["schema"])["name"] == "Value"
    assert "schema id 9" in capsys.readouterr().out.splitlines()[-1]
    with pytest.raises(CliError, match="no dead letter"):
        dead_letter.run(Options(fix=True))


def test_an_id_that_is_taken_is_an_error(calls: Path, server: JsonServer) -> None:
    dead_letter.run(Options("lines", "7"))
    server.answers["POST /apis/ccompat/v7/subjects/example-value/versions"] = [Answer({"id": 10})]
    with pytest.raises(CliError, match="gave the schema id 10, because 9 is taken"):
        dead_letter.run(Options(fix=True))


@pytest.mark.parametrize("options", [Options(), Options("lines"), Options(key="7")])
def test_table_and_key_or_fix_are_needed(
    options: Options, calls: Path, installation: Installation
) -> None:
    with pytest.raises(SettingError, match="TABLE and KEY, or FIX=1"):
        dead_letter.run(options)
