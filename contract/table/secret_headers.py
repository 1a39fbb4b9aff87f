"""Headers of requests to a source, with their secrets. Invariant 5: the table's file has only their
names, and no log, XCom or error shows a value."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path

from contract.table.source import Source

# "secret:shop" stands for the secret source-shop. The prefix keeps the platform's own secrets out
# of reach of a table's file.
SECRET = re.compile(r"secret:([a-z][a-z0-9-]{0,40})")
PREFIX = "source-"
FOLDER = Path("/run/secrets")


def headers(
    source: Source, folder: Path = FOLDER, environ: Mapping[str, str] = os.environ
) -> dict[str, str]:
    """The headers with the values that the secrets have now: a file of `folder`, or an environment
    variable such as SOURCE_SHOP. Raises ValueError, which names the missing secret."""

    def value(match: re.Match[str]) -> str:
        return _secret(PREFIX + match[1], folder, environ)

    return {name: SECRET.sub(value, text) for name, text in source.headers.items()}


def secrets(source: Source) -> tuple[str, ...]:
    """The names of the secrets that the headers need."""
    names = {PREFIX + name for text in source.headers.values() for name in SECRET.findall(text)}
    return tuple(sorted(names))


def _secret(name: str, folder: Path, environ: Mapping[str, str]) -> str:
    variable = name.upper().replace("-", "_")
    try:
        text = (folder / name).read_text("utf-8").strip()
    except FileNotFoundError:
        text = environ.get(variable, "")
    if not text:
        raise ValueError(f"the secret {name} is missing: neither {folder / name} nor {variable}")
    if not text.isprintable() or not text.isascii():
        raise ValueError(f"the secret {name} holds a character that a header cannot hold")
    return text
