"""Links and paths in the documents lead to files that exist."""

from __future__ import annotations

import json
import re

import pytest

from cli.host.paths import ROOT
from tests.lint.tools import tracked

LINK = re.compile(r"\]\(([^)#:]+)(?:#[^)]*)?\)")
PATH = re.compile(
    r"(?<![\w./<-])((?:capture|cli|contract|control_center|dags|docker|docs|infra|localstack"
    r"|randomuser|spark|tests)/[\w./-]+\.(?:py|sh|tf|yml|yaml|md|java|json|txt))\b"
)


@pytest.mark.parametrize("name", tracked("*.md"))
def test_links_and_paths_exist(name: str) -> None:
    document = ROOT / name
    text = document.read_text()
    missing = [link for link in LINK.findall(text) if not (document.parent / link).exists()]
    missing += [path for path in PATH.findall(text) if not (ROOT / path).exists()]
    assert not missing


def test_the_readme_is_short_and_answers_its_readers() -> None:
    """For whom, where it runs, what it costs, the first login, what is proven, in Spanish too."""
    text = (ROOT / "README.md").read_text()
    assert len(text.splitlines()) <= 150
    headings = re.findall(r"(?m)^## (.+)$", text)
    assert headings[:3] == ["For whom, and for what", "What it needs and costs", "Two commands"]
    assert {"First login", "Your own tables", "Proof", "En español"} <= {*headings}
    for word in ("Windows", "WSL 2", "macOS", "USD", "GiB", "make passwords", "(docs/proof.md)"):
        assert word in text, word
    ports = json.loads((ROOT / "infra/ports.json").read_text())
    for kind in ("control-center", "airflow-api-server"):
        assert f"http://127.0.0.1:{ports[kind]} " in text
    secrets = re.findall(r"`((?:control-center|airflow)-\w+)`", text)
    records = "".join(path.read_text() for path in ROOT.glob("infra/modules/*/main.tf"))
    assert len(secrets) == 3
    assert [name for name in secrets if f'"{name}"' not in records] == []


def test_the_changelog_begins_with_the_version_of_the_project() -> None:
    version = re.search(r'(?m)^version = "(.+)"$', (ROOT / "pyproject.toml").read_text())
    newest = re.search(r"(?m)^## (\S+?)(?:,.*)?$", (ROOT / "CHANGELOG.md").read_text())
    assert version and newest
    assert newest[1] == version[1]
