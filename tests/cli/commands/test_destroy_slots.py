"""destroy names the slots that other PostgreSQL servers keep."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.commands import destroy
from cli.host.options import NoOptions
from cli.installations.local import Installation


def test_the_statement_that_drops_a_slot_is_printed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    installation = Installation("riada-unit", {"DATABASES": "shop=db.example,crm=10.0.0.5"})
    monkeypatch.setattr(Installation, "current", lambda: installation)
    monkeypatch.setattr(destroy, "ROOT", tmp_path)
    monkeypatch.setattr(destroy, "remove", lambda installation: {})
    (tmp_path / "tables/crm").mkdir(parents=True)
    (tmp_path / "tables/crm/database.toml").write_text('tls = false\nslot = "ours"\n')
    assert destroy.run(NoOptions()) == 0
    printed = capsys.readouterr().out
    assert "shop keeps its replication slot, and WAL for it, until you run there:\n" in printed
    assert "WHERE slot_name = 'riada_shop';\n" in printed
    assert printed.endswith("WHERE slot_name = 'ours';\n")
