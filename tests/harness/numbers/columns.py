"""The columns of the tables on the pages, from the source of the pages: a column that somebody adds
is known here without a browser."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from functools import cache

from cli.host.paths import ROOT

PAGES = ROOT / "control_center/web/ui/pages"


@cache
def columns() -> dict[str, dict[str, str]]:
    """Table → field → heading. "stages/cassandra/tables" is stages.py's TABLES["cassandra"]
    ["tables"]; "home/TABLES" a constant; "alerts/Alerts" the table with that label."""
    return {
        f"{path.stem}/{name}": headings
        for path in sorted(PAGES.glob("*.py"))
        for name, headings in _dictionaries(ast.parse(path.read_text()))
    }


@cache
def titles() -> dict[str, str]:
    """Stage → title of its section on the page Stages."""
    return columns()["stages/TITLES"]


def _dictionaries(tree: ast.AST) -> Iterator[tuple[str, dict[str, str]]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(node.value, ast.Dict):
            target = node.targets[0] if isinstance(node, ast.Assign) else node.target
            yield from _named(ast.unparse(target), node.value)
        elif isinstance(node, ast.Call) and ast.unparse(node.func) in ("Grid", "Table"):
            texts = _texts(node.args)
            for item in node.args:
                if isinstance(item, ast.Dict):
                    yield from _named(texts[0], item)


def _texts(nodes: Iterable[ast.expr | None]) -> list[str]:
    """The constant texts among these expressions."""
    constants = (node.value for node in nodes if isinstance(node, ast.Constant))
    return [value for value in constants if isinstance(value, str)]


def _named(name: str, node: ast.Dict) -> Iterator[tuple[str, dict[str, str]]]:
    """A dictionary of texts, or those in a dictionary of dictionaries."""
    keys, values = _texts(node.keys), _texts(node.values)
    if len(keys) == len(values) == len(node.keys):
        yield name, dict(zip(keys, values))
    for key, value in zip(node.keys, node.values):
        if key is not None and isinstance(value, ast.Dict):
            [inner] = _texts([key])
            yield from _named(inner if name == "TABLES" else f"{name}/{inner}", value)
