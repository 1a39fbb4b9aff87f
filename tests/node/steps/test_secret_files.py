"""Secrets are written once, closed to everybody but root and the containers that mount them."""

from __future__ import annotations

from pathlib import Path

import pytest

from node.errors import NotReadyError
from node.steps.secret_files import write_secrets
from tests.node.in_memory import MemorySecrets


def test_writes_the_missing_secrets(run: Path) -> None:
    store = MemorySecrets({"demo/a": "1", "demo/b": "2"})
    folder = run / "secrets"
    write_secrets(folder, ["a"], "demo", store)
    write_secrets(folder, ["a", "b"], "demo", store)
    assert store.read == ["demo/a", "demo/b"]
    assert {path.name: path.read_text() for path in folder.iterdir()} == {"a": "1", "b": "2"}
    assert folder.stat().st_mode & 0o777 == 0o700
    assert (folder / "a").stat().st_mode & 0o777 == 0o444


def test_secret_that_the_role_may_not_read(run: Path) -> None:
    folder = run / "secrets"
    with pytest.raises(NotReadyError, match="secret demo/a cannot be read: AccessDenied"):
        write_secrets(folder, ["a"], "demo", MemorySecrets({}))
    assert not (folder / "a").exists()
