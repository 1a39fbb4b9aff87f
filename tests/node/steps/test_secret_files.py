"""Secrets are written once, closed to everybody but root and the containers that mount them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from node.errors import NotReadyError
from node.steps.secret_files import REFRESH_S, write_secrets
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


def test_a_certificate_is_read_again_every_hour(run: Path) -> None:
    store = MemorySecrets({"demo/a": "1", "demo/tls-postgres": "old"})
    names, file = ["a", "tls-postgres"], run / "secrets/tls-postgres"
    write_secrets(run / "secrets", names, "demo", store)
    mounted = file.open()
    store.values = {"demo/a": "2", "demo/tls-postgres": "new"}
    write_secrets(run / "secrets", names, "demo", store)
    assert file.read_text() == "old"
    for path in (file, file.with_name("a")):
        before = path.stat().st_mtime - REFRESH_S
        os.utime(path, (before, before))
    for _ in range(2):
        write_secrets(run / "secrets", names, "demo", store)
    assert (file.read_text(), file.with_name("a").read_text()) == ("new", "1")
    with mounted:
        assert mounted.read() == "new", "a container mounts the file, not its name"
    assert file.stat().st_mode & 0o777 == 0o444
    assert store.read.count("demo/tls-postgres") == 2


def test_a_renewal_may_wait(run: Path) -> None:
    store = MemorySecrets({"demo/tls-postgres": "old"})
    write_secrets(run / "secrets", ["tls-postgres"], "demo", store)
    os.utime(run / "secrets/tls-postgres", (0, 0))
    write_secrets(run / "secrets", ["tls-postgres"], "demo", MemorySecrets({}))
    assert (run / "secrets/tls-postgres").read_text() == "old"


def test_secret_that_the_role_may_not_read(run: Path) -> None:
    folder = run / "secrets"
    with pytest.raises(NotReadyError, match="secret demo/a cannot be read: AccessDenied"):
        write_secrets(folder, ["a"], "demo", MemorySecrets({}))
    assert not (folder / "a").exists()
