"""The images that the compose file names: loaded from the bucket into the engine."""

from __future__ import annotations

import gzip
import shutil
import subprocess
import tempfile
import zlib
from collections.abc import Iterable
from typing import IO

from node.commands import last_line, succeeds
from node.errors import AwsError, NotReadyError
from node.report import Reporter
from node.steps.bucket import Bucket
from node.steps.compose_file import image_key


def load_images(tags: Iterable[str], bucket: Bucket, bucket_name: str, reporter: Reporter) -> None:
    """Load the images that the engine does not have."""
    for tag in tags:
        if succeeds("docker", "image", "inspect", tag):
            continue
        key = image_key(tag)
        reporter.report(f"loading {tag}")
        try:
            with bucket.open(key) as archive:
                cause = load(archive)
        except AwsError as error:
            if error.refused:
                raise NotReadyError(
                    f"no {key} in {bucket_name} yet: docs/aws.md describes make upload"
                ) from error
            cause = error.cause
        if cause:
            raise NotReadyError(f"{key} cannot be loaded: {cause}")


def load(archive: IO[bytes]) -> str:
    """Give a gzip archive to `docker load`. Returns the cause of a failure, or "".

    The archive is a stream: it may be larger than the memory, and /run lies in memory.
    """
    command = ("docker", "load", "--quiet")
    with tempfile.TemporaryFile("w+") as errors:
        child = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=errors
        )
        cause = _copy(archive, child)
        status = child.wait()
        errors.seek(0)
        return cause or (last_line(errors.read()) if status else "")


def _copy(archive: IO[bytes], child: subprocess.Popen[bytes]) -> str:
    """Unpack the archive into the child's input. Returns the cause if the archive is damaged."""
    assert child.stdin
    try:
        with child.stdin, gzip.GzipFile(fileobj=archive) as content:
            shutil.copyfileobj(content, child.stdin, 1 << 20)
    except BrokenPipeError:
        pass  # the engine ended first; its status and its errors give the cause
    except (OSError, EOFError, zlib.error) as error:
        child.kill()
        return f"its archive cannot be read: {error}"
    return ""
