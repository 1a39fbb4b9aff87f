"""The replication slot of another PostgreSQL. For programs whose Python cannot read TOML, too."""

from __future__ import annotations

import re

_SLOT = re.compile(r"""^\s*slot\s*=\s*["']([a-z0-9_]+)["']""", re.MULTILINE)


def default(name: str) -> str:
    """The slot of the database of this name, unless its file names another."""
    return f"riada_{name}"


def slot(name: str, text: str) -> str:
    """`text`: of its file database.toml."""
    match = _SLOT.search(text)
    return match[1] if match else default(name)
