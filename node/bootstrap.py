"""Fetches the node's program from the bucket: `python3 -m node.bootstrap FOLDER`.

FOLDER/current is then the version that the bucket names. User-data holds this module and those that
it imports; keep them few and small. /etc/riada/node is the environment.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

from node.aws import logs
from node.aws.client import Aws, from_environment
from node.aws.s3_read import S3Read
from node.errors import AwsError

LAST = Path("/run/riada/message")  # node.report continues it
CURRENT = "current"


def main() -> int:
    """Exit status: 0 if there is a program, also an earlier one while AWS does not answer."""
    environment, versions, aws = os.environ, Path(sys.argv[1]), None
    try:
        aws = from_environment(environment["REGION"])
        update(S3Read(aws, environment["BUCKET"]).read, environment["PROGRAM_KEY"], versions)
    except (AwsError, OSError, ValueError, KeyError) as error:
        if (versions / CURRENT).exists():
            return 0
        report(environment, aws, f"not ready: the program is missing: {error}")
        return 1
    return 0


def update(read: Callable[[str], bytes], key: str, versions: Path) -> None:
    """Install the version that the object `key` names: {"key": …, "sha256": …}; delete the others.

    Raises AwsError, and ValueError or KeyError for objects that are not as described.
    """
    described: Mapping[str, str] = json.loads(read(key))
    sha256 = described["sha256"]
    if not re.fullmatch("[0-9a-f]{64}", sha256):
        raise ValueError(f"{key} has no SHA-256 but {sha256!r}")
    if not (versions / sha256).exists():
        install(read(described["key"]), sha256, versions / sha256)
    link = versions / f"{CURRENT}.draft"
    link.unlink(missing_ok=True)
    link.symlink_to(sha256)
    link.replace(versions / CURRENT)
    for folder in versions.iterdir():
        if folder.name not in (sha256, CURRENT):
            shutil.rmtree(folder)


def report(environment: Mapping[str, str], aws: Aws | None, message: str) -> None:
    """Reports on the console and, with credentials, in CloudWatch: once, until the message
    changes."""
    if LAST.exists() and LAST.read_text() == f"{message}\n":
        return
    print(f"riada-node: {environment['NODE']}: {message}", flush=True)
    LAST.parent.mkdir(parents=True, exist_ok=True)
    LAST.write_text(f"{message}\n")
    if aws:
        with suppress(AwsError):
            logs.append(aws, environment["LOG_GROUP"], environment["NODE"], message)


def install(content: bytes, sha256: str, folder: Path) -> None:
    """Write the files of the program, a JSON object of path → text, below a new folder.

    Raises ValueError if the content does not have the hash. The folder appears only when it is
    complete.
    """
    if (actual := hashlib.sha256(content).hexdigest()) != sha256:
        raise ValueError(f"its SHA-256 is {actual}, not {sha256}")
    files: Mapping[str, str] = json.loads(content)
    draft = folder.with_name(f"{folder.name}.draft")
    shutil.rmtree(draft, ignore_errors=True)
    for name, text in files.items():
        file = draft / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    draft.rename(folder)


if __name__ == "__main__":
    sys.exit(main())
