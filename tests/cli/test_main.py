"""`make` and `python3 -m cli` list the same commands with the same sentences, and know --help."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from cli.__main__ import command, names, own_variables
from cli.host import variables
from cli.host.paths import ROOT
from cli.installations import settings

MAKEFILE = (ROOT / "Makefile").read_text()


def made_by_make() -> dict[str, str]:
    """Target → its sentence, for those that run a command of cli."""
    rule = r"^([a-z-]+):.*## (.*)\n\t@python3 -m cli \$@$"
    return dict(re.findall(rule, MAKEFILE, re.MULTILINE))


def cli(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "cli", *arguments],
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", "COLUMNS": "200", **variables},
        text=True,
        capture_output=True,
    )


def test_make_lists_every_target() -> None:
    targets = set(re.findall(r"^([a-z][a-z-]*):", MAKEFILE, re.MULTILINE))
    printed = subprocess.run(["make"], cwd=ROOT, text=True, capture_output=True, check=True).stdout
    listed = dict(re.findall(r"^ *make ([a-z-]+) +(\S.*)$", printed, re.MULTILINE))
    assert listed.keys() == targets
    phony = MAKEFILE.split(".PHONY:")[1].replace("\\\n", " ").split()
    assert set(phony) == targets


def test_every_command_is_a_target_with_the_same_sentence() -> None:
    assert {name: command(name).SUMMARY for name in names()} == made_by_make()


def test_help_lists_every_command_with_its_sentence() -> None:
    printed = " ".join(cli("--help").stdout.split())
    for name, sentence in made_by_make().items():
        assert f"{name} {sentence}" in printed


@pytest.mark.parametrize("name", names())
def test_help(name: str) -> None:
    done = cli(name, "--help")
    assert done.returncode == 0, done.stderr
    assert f"usage: python3 -m cli {name}" in done.stdout


def test_help_names_option_variable_and_default() -> None:
    printed = cli("smoke-test", "--help").stdout
    assert re.search(r"--rows N .*ROWS=…, default 5000", printed)


@pytest.mark.parametrize("arguments", [("nonesuch",), ("status", "--nonesuch"), ()])
def test_a_wrong_command_line_ends_with_1_and_a_remedy(arguments: tuple[str, ...]) -> None:
    done = cli(*arguments)
    assert done.returncode == 1
    assert "error: " in done.stderr
    assert "--help" in done.stderr


def test_a_common_option_is_the_variable() -> None:
    """--project reaches the command as PROJECT, --json as JSON."""
    for done in (
        cli("passwords", "--project", "riada-nobody", "--json"),
        cli("passwords", PROJECT="riada-nobody", JSON="1"),
    ):
        assert '"ok": false' in done.stdout
        assert "project riada-nobody has no passwords" in done.stdout


def test_every_command_of_the_documents_has_its_variables() -> None:
    """`make COMMAND NAME=…` and `NAME=… make COMMAND`."""
    checked = 0
    for document in [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]:
        lines = re.findall(
            r"((?:[A-Z_]+=\S+ )*)make ([a-z-]+)((?: [A-Z_]+=)?.*)", document.read_text()
        )
        for before, name, after in lines:
            if name in names():
                given = re.findall(r"(?:^| )([A-Z_]+)=", before + after.split("`")[0])
                variables.check(name, given, own_variables(command(name)), settings.names())
                checked += len(given)
    assert checked > 20


def test_the_commands_run_on_python_3_10_which_has_no_tomllib() -> None:
    program = (
        "import sys; sys.modules['tomllib'] = None\n"
        "from cli.__main__ import command, names\n"
        "from cli.deploy.release import Release\n"
        "print(len([command(name) for name in names()]), Release.of().dags)"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, text=True, capture_output=True)
    assert done.returncode == 0, done.stderr
    assert "ingest_users" in done.stdout
