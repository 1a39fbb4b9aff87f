"""Python: style, types, and which package imports which."""

from __future__ import annotations

import ast
import sys

from cli.host.paths import ROOT
from tests.lint.tools import check, python_files, tracked

PACKAGES = (
    "backup", "capture", "cli", "contract", "control_center", "dags", "localstack", "node",
    "randomuser", "spark", "tests",
)  # fmt: skip


def test_ruff_check() -> None:
    check("ruff", "check", ".", *python_files())


def test_ruff_format() -> None:
    check("ruff", "format", "--check", ".", *python_files())


def test_types() -> None:
    """`mypy --strict` over every package and the tests; pyproject.toml has the settings."""
    check("mypy", *PACKAGES)


def test_types_of_the_oldest_python_that_runs_commands() -> None:
    check("mypy", "--python-version", "3.10", "cli", "contract")


def test_imports_point_in_one_direction() -> None:
    """The contracts are in pyproject.toml, [tool.importlinter]."""
    check("lint-imports", "--no-cache")


def test_contract_needs_the_standard_library_only() -> None:
    imported = {
        (name, module.split(".")[0])
        for name in tracked("contract/*.py")
        for module in _imports((ROOT / name).read_text())
    }
    assert imported
    allowed = sys.stdlib_module_names | {"contract"}
    assert not {(name, module) for name, module in imported if module not in allowed}


def _imports(source: str) -> list[str]:
    """The modules that a file imports, by their full names."""
    modules: list[str] = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            modules += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            modules.append(node.module or "contract")
    return modules
