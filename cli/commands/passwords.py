"""Print the installation's generated passwords. No other command shows them."""

from __future__ import annotations

from cli.commands import urls
from cli.host import output
from cli.host.errors import CliError
from cli.host.options import NoOptions
from cli.installations.encryption import is_certificate
from cli.installations.local import Installation

SUMMARY = "Print the generated passwords"
Options = NoOptions


def run(options: NoOptions) -> int:
    installation = Installation.current()
    files = (path.name for path in installation.secrets.glob("*"))
    names = sorted(name for name in files if not is_certificate(name))
    if not names:
        project = installation.project
        raise CliError(f"project {project} has no passwords", "bring it up first: make up")
    secrets = {name: installation.secret(name) for name in names}
    table = output.table(list(secrets.items()), ("name", "password"))
    output.emit(secrets, f"{table}\n\n{urls.clients(installation)}")
    return 0
