"""Fetches the node's program from the bucket: `python3 -m node.bootstrap FOLDER`.

User-data holds this module and those that it imports; keep them few and small. The environment has
NODE, REGION, BUCKET, LOG_GROUP, PROGRAM_KEY and PROGRAM_SHA256 of /etc/riada/node.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from node.aws import logs
from node.aws.client import Aws, from_environment
from node.aws.s3_read import S3Read
from node.errors import AwsError

LAST = Path("/run/riada/message")  # node.report continues it


def main() -> int:
    environment, folder, aws = os.environ, Path(sys.argv[1]), None
    try:
        aws = from_environment(environment["REGION"])
        content = S3Read(aws, environment["BUCKET"]).read(environment["PROGRAM_KEY"])
        install(content, environment["PROGRAM_SHA256"], folder)
    except (AwsError, OSError, ValueError) as error:
        report(environment, aws, f"not ready: the program is missing: {error}")
        return 1
    return 0


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
