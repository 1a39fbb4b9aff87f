"""The commands in the documents, so that tests run what a reader types."""

from __future__ import annotations

import re
from collections.abc import Iterator

_BLOCK = re.compile(
    r"^```(\w*)\n(.*?)^```$|((?:^ {4}[^\n]*\n|^\n(?= {4}))+)", re.MULTILINE | re.DOTALL
)
_COMMENT = re.compile(r"(?:^|\s)#\s.*$")


def blocks(text: str) -> Iterator[tuple[str, str]]:
    """Language and text of each block of code; a block that is indented by four spaces has no
    language."""
    for language, fenced_text, indented in _BLOCK.findall(text):
        yield language, fenced_text or re.sub("(?m)^ {4}", "", indented).lstrip("\n")


def fenced(text: str, language: str) -> list[str]:
    """The fenced blocks of a language, in their order."""
    return [block for name, block in blocks(text) if name == language]


def commands(block: str) -> list[str]:
    """The commands of a block without their comments. A line that ends with | or \\ continues."""
    typed: list[str] = []
    continues = False
    for line in block.splitlines():
        text = _COMMENT.sub("", line.removeprefix("$ ")).rstrip()
        if continues:
            typed[-1] += f"\n{text}"
        elif text:
            typed.append(text)
        continues = text.endswith(("|", "\\"))
    return typed
