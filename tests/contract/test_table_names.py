"""A table's name is written in tables/, in its tests and in documents alone.

So a table is added by its file and removed with it, and no other file changes.
"""

from __future__ import annotations

import re

from cli.host.paths import ROOT
from contract.table import folder
from contract.table.paths import FOLDER
from tests.contract.test_one_definition import tracked

FREE = (f"{FOLDER}/", "docs/", "tests/", "CHANGELOG.md")


def lines_with(names: list[str]) -> list[str]:
    """FILE:LINE: TEXT of every line outside FREE that has such a name, also inside a longer name
    such as users_topic."""
    pattern = re.compile(
        rf"(?<![A-Za-z0-9])(?:{'|'.join(map(re.escape, names))})(?![A-Za-z0-9])", re.IGNORECASE
    )
    lines = []
    for file in tracked():
        if file.startswith(FREE) or file.endswith(".md"):
            continue
        try:
            text = (ROOT / file).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # a picture or an archive
        lines += [
            f"{file}:{number}: {line.strip()}"
            for number, line in enumerate(text.splitlines(), 1)
            if pattern.search(line)
        ]
    return lines


def test_no_table_is_named_outside_its_file() -> None:
    names = sorted(folder.load(ROOT / FOLDER).tables)
    assert names
    assert not lines_with(names), "name it in tables/ alone, or choose another word"


def test_the_search_finds_names() -> None:
    assert lines_with(["def lines_with"]) == []
    assert any(line.startswith("contract/__main__.py:") for line in lines_with(["contract"]))
