"""AWS's own command line. It takes credentials, region and endpoint from the environment, as
Terraform does."""

from __future__ import annotations

import json
import subprocess

from cli.host.errors import CliError
from cli.host.process import program

INSTALL = "https://docs.aws.amazon.com/cli/latest/userguide/getting-started-install.html"


def command() -> str:
    """Path of the aws command."""
    return program("aws", INSTALL)


def aws(*arguments: str, content: bytes = b"") -> str:
    """Output of an aws command that reads `content`; raises CliError with the command's message if
    it fails."""
    done = subprocess.run([command(), *arguments], input=content, capture_output=True)
    if done.returncode:
        message = done.stderr.decode(errors="replace").strip()
        raise CliError(
            f"{' '.join(arguments[:2])} failed: {message}",
            "check the credentials: aws sts get-caller-identity",
            component="aws",
        )
    return done.stdout.decode()


def list_keys(bucket: str, prefix: str) -> list[str]:
    """Keys of the bucket that begin with the prefix."""
    query = ("--bucket", bucket, "--prefix", prefix, "--query", "Contents[].Key")
    keys: list[str] | None = json.loads(aws("s3api", "list-objects-v2", *query) or "null")
    return keys or []


def object_metadata(bucket: str, key: str, name: str) -> str:
    """A value of the metadata that an object was put with; empty if there is none."""
    head = json.loads(aws("s3api", "head-object", "--bucket", bucket, "--key", key))
    return str(head.get("Metadata", {}).get(name, ""))
