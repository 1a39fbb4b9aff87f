"""Plain English: no vague names, and no words that a reader of English must guess.

A name says what a thing is: `message`, `settings`, `rows`. docs/development.md has the rules.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from cli.host.paths import ROOT
from tests.lint.tools import python_files, tracked

# Vague names, with the names to use instead.
NAMES = {
    "told": "settings, message, status, answer",
    "said": "message, output, answer",
    "says": "sentence, text",
    "found": "the thing: rows, probe, match",
    "one": "the thing: row, message, key",
    "there": "present, existing, installation",
    "here": "installation, local",
    "way": "trace, path, method",
    "look": "poll, refresh, snapshot",
    "letter": "dead_letter",
    "letters": "dead_letters",
    "sides": "stores",
    "desk": "context",
    "keeper": "manager",
    "tally": "batch_stats",
    "mended": "repaired",
    "anew": "again",
}
# Names of which no part may be such a word: told_at.
PARTS = {"told", "tally", "keeper", "desk", "mended", "anew"}
# Words of the documents, docstrings and comments, with the words to use instead.
WORDS = {
    "anew": "again",
    "mend": "fix, repair, correct",
    "mends": "fixes, repairs, corrects",
    "mended": "fixed, repaired",
}


def python_names(source: str) -> Iterator[tuple[int, str]]:
    """(line, name) of each variable, attribute, argument, function and class of a file."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.lineno, node.id
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node.lineno, node.attr
        elif isinstance(node, ast.arg):
            yield node.lineno, node.arg
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            yield node.lineno, node.name


@pytest.mark.parametrize("name", ["told", "_told", "TOLD", "_told_at"])
def test_a_name_that_says_nothing_is_reported(name: str) -> None:
    assert reported(f"{name} = 1") == [f"1: {name} → settings, message, status, answer"]


def test_such_a_word_may_be_a_part_of_a_name() -> None:
    assert reported("not_found = dead_letters = 1") == []


def reported(source: str) -> list[str]:
    return [
        f"{line}: {name} → {NAMES[word]}"
        for line, name in python_names(source)
        for word in sorted({name.strip("_").lower(), *(PARTS & {*name.lower().split("_")})})
        if word in NAMES
    ]


def test_names_say_what_a_thing_is() -> None:
    lines = [
        f"{file}:{line}" for file in python_files() for line in reported((ROOT / file).read_text())
    ]
    assert not lines, "\n".join(lines)


def test_text_has_no_word_that_a_reader_has_to_guess() -> None:
    word = re.compile(rf"\b({'|'.join(WORDS)})\b", re.IGNORECASE)
    files = [*python_files(), *tracked("*.md", "*.tf", "*.sh", "*.java")]
    lines = [
        f"{file}:{number}: {match[1]} → {WORDS[match[1].lower()]}"
        for file in files
        if file != "tests/lint/test_language.py"
        for number, line in enumerate((ROOT / file).read_text().splitlines(), 1)
        if (match := word.search(line))
    ]
    assert not lines, "\n".join(lines)
