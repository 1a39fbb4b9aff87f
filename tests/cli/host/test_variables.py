"""A variable of make that nothing reads is refused, with the nearest one that exists."""

from __future__ import annotations

import os
import subprocess

import pytest

from cli.host import variables
from cli.host.errors import SettingError
from cli.host.paths import ROOT

OWN = ("TABLE", "ROWS", "JSON", "PROJECT")
SETTINGS = ("BROKERS", "KAFKA_PORT")


@pytest.mark.parametrize(
    ("flags", "names"),
    [
        ("", []),
        ("k --no-print-directory", []),
        (" --no-print-directory -- ROWS=5", ["ROWS"]),
        ("-- ROWS=5 A:=b", ["ROWS", "A"]),
        (r" -- PYTEST=-k\ poison\ X=1 ROWS=a=b", ["PYTEST", "ROWS"]),
    ],
)
def test_the_variables_of_make_s_command_line(flags: str, names: list[str]) -> None:
    environment = {"MAKEFLAGS": flags, "MFLAGS": "-k", "ROWS": "5"}
    assert variables.taken_from_make(environment) == names
    assert environment == {"ROWS": "5"}, "programs of the command do not see them as make's"


def test_variables_that_something_reads() -> None:
    names = ["TABLE", "BROKERS", "https_proxy", "SSL_CERT_FILE", "AWS_PROFILE", "LONG"]
    variables.check("compare", names, OWN, SETTINGS)


@pytest.mark.parametrize(
    ("name", "remedy"),
    [
        ("TABEL", "did you mean TABLE?"),
        ("table", "did you mean TABLE?"),
        ("BROKER", "did you mean BROKERS?"),
        ("KAFKAPORT", "did you mean KAFKA_PORT?"),
        ("NOPE", "its variables are TABLE, ROWS, JSON, PROJECT and the settings of docs/"),
    ],
)
def test_an_unknown_variable_is_refused(name: str, remedy: str) -> None:
    with pytest.raises(SettingError, match=f"^compare has no variable {name}$") as raised:
        variables.check("compare", ["ROWS", name], OWN, SETTINGS)
    assert raised.value.remedy.startswith(remedy)


def make(*arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PROJECT": "riada-nobody"}
    return subprocess.run(
        ["make", *arguments], cwd=ROOT, env=environment, text=True, capture_output=True
    )


@pytest.mark.parametrize(
    ("arguments", "error", "remedy"),
    [
        (("status", "NOPE=1"), "status has no variable NOPE", "its variables are JSON, PROJECT"),
        (("repair", "TABEL=x y"), "repair has no variable TABEL", "did you mean TABLE?"),
        (("logs", "JSON=1"), "logs has no output in JSON", "leave out JSON=1"),
    ],
)
def test_make_refuses_it(arguments: tuple[str, ...], error: str, remedy: str) -> None:
    done = make(*arguments)
    assert done.returncode == 2
    assert f"error: {error}\n" in done.stderr
    assert remedy in done.stderr


def test_make_with_known_variables() -> None:
    done = make("urls", "KAFKA_PORT=19092", "JSON=1")
    assert done.returncode == 0, done.stderr
    assert '"kafka-1": 19092' in done.stdout
