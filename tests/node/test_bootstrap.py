"""The program is installed only with the hash that user-data names."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from node.bootstrap import install

CONTENT = json.dumps({"node/__init__.py": "", "node/a.py": "A = 'Ä'\n"}).encode()
SHA256 = hashlib.sha256(CONTENT).hexdigest()


def test_installs_the_files(tmp_path: Path) -> None:
    install(CONTENT, SHA256, tmp_path / SHA256)
    assert (tmp_path / SHA256 / "node/a.py").read_text(encoding="utf-8") == "A = 'Ä'\n"
    assert [path.name for path in tmp_path.iterdir()] == [SHA256]


def test_refuses_content_with_another_hash(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="SHA-256"):
        install(CONTENT + b" ", SHA256, tmp_path / SHA256)
    assert not list(tmp_path.iterdir())


def test_replaces_what_an_interrupted_run_left(tmp_path: Path) -> None:
    (tmp_path / f"{SHA256}.draft/node").mkdir(parents=True)
    (tmp_path / f"{SHA256}.draft/node/old.py").touch()
    install(CONTENT, SHA256, tmp_path / SHA256)
    assert not (tmp_path / SHA256 / "node/old.py").exists()
