"""Set up and run lint, unit tests and the end-to-end tests on the real engines.

The tests start their own installation (project riada-test, host ports + 21,000). They remove the
remains of an earlier run first, and the installation at the end, also after a failure.
"""

from __future__ import annotations

import shlex

from cli.dev import session
from cli.dev.session import Options
from cli.host.errors import CliError
from cli.host.machine import setup
from cli.host.output import stage
from cli.host.paths import ROOT

SUMMARY = "Set up and run lint, unit tests and the end-to-end tests on the real engines"
# Folders of tests/: the quick ones first; then the one whose rows slow later comparisons, the one
# that ends the platform, and other sizes.
ORDER = (
    "lint",
    "harness",
    "cli",
    "contract",
    "capture",
    "backup",
    "node",
    "infra",
    "localstack",
    "docker",
    "prometheus",
    "in_image",
    "e2e",
    "tables",
    "faults",
    "large",
    "teardown",
    "scaling",
)
# Folders with sessions of their own: `make test-aws`, `test-platform`, `test-browser`; `by_name` as
# docs/development.md shows.
SEPARATE = ("aws", "browser", "by_name")
# Folders that tests/in_image runs, each inside the image whose libraries it needs.
IN_IMAGE = ("dags", "spark", "control_center", "randomuser")


def run(options: Options) -> int:
    session.end_on_sigterm()
    with stage("this machine"):
        setup.ensure()
    arguments = ["--durations=15", *folders(options.pytest)]
    return session.on_own_platform(lambda: session.run_pytest(arguments, options), options.keep)


def folders(extra: str) -> list[str]:
    """All folders in order; none when the arguments for pytest name a file or a folder.

    Raises CliError for a folder with tests that no session runs.
    """
    present = {path.name for path in (ROOT / "tests").iterdir() if list(path.glob("**/test_*.py"))}
    unknown = present - {*ORDER, *SEPARATE, *IN_IMAGE}
    if unknown:
        names = ", ".join(sorted(unknown))
        raise CliError(f"no session runs these folders of tests/: {names}", "add them to ORDER")
    if any((ROOT / word.split("::")[0]).exists() for word in shlex.split(extra)):
        return []
    return [f"tests/{name}" for name in ORDER]
