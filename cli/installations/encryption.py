"""The certificates of an installation, and the end of clear text after an upgrade."""

from __future__ import annotations

from cli.host import docker
from cli.host.output import progress
from cli.host.process import capture
from cli.installations.local import Installation
from contract.stores.postgres.tls import CA

_SERVICE = "postgres"


def is_certificate(name: str) -> bool:
    """Is this file of the secrets one of infra/certificates.sh, and no password?"""
    return name in (CA, f"{CA}-key") or name.startswith("tls-")


def renew(installation: Installation) -> None:
    """Replace the certificates that expire soon. Their services take the new ones into use while
    they run. Before the first start there are none."""
    if not installation.secrets.is_dir():
        return
    renewed = capture(["infra/certificates.sh", "renew", str(installation.secrets)])
    for name in renewed.split():
        progress(f"certificate renewed: {name}")


def require(installation: Installation) -> None:
    """PostgreSQL refuses clear text from now on: all clients have the release that encrypts."""
    if text := docker.ask("exec", f"{installation.project}-{_SERVICE}", "encryption", "require"):
        progress(text)
