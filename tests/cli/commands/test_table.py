"""make table: the file that it writes, and what it prints."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from cli.commands import table
from cli.commands.table import Options
from cli.host.errors import CliError, SettingError
from cli.installations.local import Installation
from contract.jobs.describe import DescribeResult, RefusedColumn
from tests.cli.server import Answer, JsonServer

TEXT = 'key = ["id"]\n\n[columns]\nid = "int8"\n'
RESULT = DescribeResult(
    "orders.toml",
    TEXT,
    (RefusedColumn("price", "numeric: has no scale. Choose: numeric(p, s)"),),
    ("masked on pages: email",),
)


@pytest.fixture
def root(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    server: JsonServer,
    installation: Installation,
) -> Path:
    """An empty checkout, and a Control Center that describes public.orders."""
    monkeypatch.setattr(table, "ROOT", tmp_path)
    server.answers["POST /api/tables/describe"] = [Answer(RESULT.to_json())]
    return tmp_path


def test_the_file_is_written(
    root: Path, server: JsonServer, capsys: pytest.CaptureFixture[str]
) -> None:
    assert table.run(Options("public.orders")) == 0
    assert (root / "tables/orders.toml").read_text() == TEXT
    assert server.requests[0].body == {"name": "public.orders", "url": None, "files": {}}
    printed = capsys.readouterr().out
    assert printed.startswith("written: tables/orders.toml\n")
    assert "  price: numeric: has no scale. Choose: numeric(p, s)\n" in printed
    assert "  masked on pages: email\n" in printed
    assert printed.endswith("next: review the file, then make deploy-dags\n")


def test_the_url_of_an_api_is_sent(root: Path, server: JsonServer) -> None:
    table.run(Options("orders", "https://api/orders"))
    assert server.requests[0].body == {"name": "orders", "url": "https://api/orders", "files": {}}


def test_a_table_of_another_database(root: Path, server: JsonServer) -> None:
    files = {"shop/database.toml": 'ca = "ca.pem"', "shop/ca.pem": "PEM"}
    (root / "tables/shop").mkdir(parents=True)
    (root / "tables/users.toml").write_text(TEXT)
    for path, text in files.items():
        (root / "tables" / path).write_text(text)
    result = replace(RESULT, file="shop/orders.toml")
    server.answers["POST /api/tables/describe"] = [Answer(result.to_json())]
    assert table.run(Options("shop/public.orders")) == 0
    assert server.requests[0].body == {
        "name": "shop/public.orders",
        "url": None,
        "files": files,
    }
    assert (root / "tables/shop/orders.toml").read_text() == TEXT


def test_a_database_without_its_file(root: Path, server: JsonServer) -> None:
    with pytest.raises(SettingError, match=r"tables/shop/database\.toml is missing"):
        table.run(Options("shop/public.orders"))
    assert not server.requests


def test_json(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("JSON", "1")
    table.run(Options("public.orders"))
    printed = json.loads(capsys.readouterr().out)
    assert (printed["ok"], printed["path"], printed["changed"]) == (
        True,
        "tables/orders.toml",
        True,
    )
    assert printed["refused"][0]["column"] == "price"


def test_another_file_is_not_replaced(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (root / "tables").mkdir()
    (root / "tables/orders.toml").write_text(TEXT.replace("int8", "int4"))
    with pytest.raises(CliError, match="exists already, and was not changed") as raised:
        table.run(Options("public.orders"))
    assert "FORCE=1" in raised.value.remedy
    assert "int4" in (root / "tables/orders.toml").read_text()
    printed = capsys.readouterr().out
    assert '-id = "int4"\n+id = "int8"' in printed


def test_force_replaces_it(root: Path) -> None:
    (root / "tables").mkdir()
    (root / "tables/orders.toml").write_text("# another")
    table.run(Options("public.orders", force=True))
    assert (root / "tables/orders.toml").read_text() == TEXT


def test_the_same_file_stays(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table.run(Options("public.orders"))
    capsys.readouterr()
    table.run(Options("public.orders"))
    assert capsys.readouterr().out.startswith("unchanged: tables/orders.toml")


def test_a_name_is_needed(root: Path) -> None:
    with pytest.raises(SettingError, match="NAME is missing"):
        table.run(Options())


def test_a_refusal_of_the_control_center_writes_nothing(root: Path, server: JsonServer) -> None:
    server.answers["POST /api/tables/describe"] = [
        Answer(
            {
                "code": "invalid",
                "component": "postgres",
                "cause": "public.orders has no primary key",
                "remedy": "Run ALTER TABLE …",
                "detail": "",
            },
            422,
        )
    ]
    with pytest.raises(CliError, match=r"postgres: public\.orders has no primary key"):
        table.run(Options("public.orders"))
    assert not (root / "tables").exists()
