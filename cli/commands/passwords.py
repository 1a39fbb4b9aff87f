"""Print the installation's generated passwords: the only command that shows them."""

from __future__ import annotations

import argparse

from cli.host import output
from cli.host.output import Fault
from cli.installations.local import Installation


def main() -> None:
    argparse.ArgumentParser(prog="make passwords", description=__doc__).parse_args()
    here = Installation.current()
    names = sorted(path.name for path in here.secrets.glob("*")) if here.secrets.is_dir() else []
    if not names:
        raise Fault(f"project {here.project} has no passwords", "bring it up first: make up")
    secrets = {name: here.secret(name) for name in names}
    output.emit(secrets, output.table(list(secrets.items()), ("name", "password")))
