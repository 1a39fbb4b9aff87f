"""Dockerfiles, YAML and GitHub's workflows."""

from __future__ import annotations

from tests.lint.tools import BIN, check, tracked

WORKFLOWS = ".github/workflows/*.yml"


def test_dockerfiles() -> None:
    check("hadolint", "--config", "tests/lint/hadolint.yaml", *tracked("*Dockerfile"))


def test_yaml() -> None:
    files = tracked("*.yaml", "*.yml")
    assert files
    check("yamllint", "--strict", "--config-file", "tests/lint/yamllint.yaml", *files)


def test_workflows() -> None:
    """Syntax, expressions and the shell in `run`; actionlint is built by tests/venv.sh."""
    workflows = tracked(WORKFLOWS)
    assert workflows
    check("actionlint", "-shellcheck", str(BIN / "shellcheck"), "-pyflakes=", *workflows)


def test_workflows_are_safe() -> None:
    """Permissions, pinned actions, injected expressions, credentials left behind."""
    check("zizmor", "--offline", "--no-progress", "--persona=pedantic", ".github")
