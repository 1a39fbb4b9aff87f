"""Shell scripts, recognised by their first line."""

from __future__ import annotations

from tests.lint.tools import check, shell_scripts


def test_shellcheck() -> None:
    check("shellcheck", "--external-sources", "--source-path=SCRIPTDIR", *shell_scripts())


def test_shfmt() -> None:
    check("shfmt", "--diff", "-i", "4", "-ci", "-bn", *shell_scripts())
