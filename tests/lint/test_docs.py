"""Links and paths in the documents lead to files that exist."""

from __future__ import annotations

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


def test_the_changelog_begins_with_the_version_of_the_project() -> None:
    version = re.search(r'(?m)^version = "(.+)"$', (ROOT / "pyproject.toml").read_text())
    newest = re.search(r"(?m)^## (\S+?)(?:,.*)?$", (ROOT / "CHANGELOG.md").read_text())
    assert version and newest
    assert newest[1] == version[1]
