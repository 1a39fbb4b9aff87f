"""Cause faults one after the other while rows flow, and check what the platform promises.

Each fault of FAULT ("kill:kafka-1", the family "cut", "stop:*"; several with commas; all by
default) ends in one of two ways: rows flow again by themselves, or status names the cause and a
command that works. Every row must then be what the seed gives. MINUTES=m causes faults at random
instead, for m minutes. The results are in docs/reliability.md.

The tests use their own installation, as `make test` does.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass

from cli.dev import session
from cli.host.machine import setup
from cli.host.options import integer, text
from cli.host.output import stage
from cli.host.paths import ROOT

SUMMARY = "Cause faults while rows flow; check that nothing is lost (FAULT=kill SEED=7 MINUTES=30)"
PRINTS_JSON = False
_DEFINITIONS = ROOT / "tests/faults/nemesis"


@dataclass(frozen=True)
class Options(session.Options):
    fault: str = text("*", "names or families of faults, separated by commas")
    seed: str = text("", "of the rows and of random faults; printed, and random by default")
    minutes: int = integer(0, "cause random faults for so long", minimum=0)


def families() -> dict[str, str]:
    """Family of faults → what its file says about it. Read without importing it: the libraries of
    tests are in .venv only."""
    result = {}
    for path in sorted(_DEFINITIONS.glob("*.py")):
        tree = ast.parse(path.read_text())
        sentence = (ast.get_docstring(tree) or "").partition("\n\n")[0].replace("\n", " ")
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.AnnAssign)
                and isinstance(node.target, ast.Name)
                and node.target.id == "family"
                and isinstance(node.value, ast.Constant)
            ):
                result[str(node.value.value)] = sentence
    return result


__doc__ = f"{__doc__}\nFamilies:\n" + "\n".join(
    f"  {family:<12} {sentence}" for family, sentence in families().items()
)


def run(options: Options) -> int:
    session.end_on_sigterm()
    with stage("this machine"):
        setup.ensure()
    variables = {"FAULT": "" if options.minutes and options.fault == "*" else options.fault}
    variables |= {"SEED": options.seed, "MINUTES": str(options.minutes or "")}
    arguments = ["-s", *_tests(options)]
    return session.on_own_platform(
        lambda: session.run_pytest(arguments, options, variables), options.keep
    )


def _tests(options: Options) -> list[str]:
    """The last one destroys the platform."""
    if options.minutes:
        return ["tests/faults/test_random.py"]
    if options.fault != "*":
        return ["tests/faults/test_faults.py"]
    return ["tests/faults/test_faults.py", "tests/teardown/test_destroy.py"]
