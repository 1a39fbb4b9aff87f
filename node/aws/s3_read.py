"""An object of the artifacts bucket, read: all that node.bootstrap needs of S3."""

from __future__ import annotations

from urllib.parse import quote

from node.aws.client import Aws


class S3Read:
    """Each method raises AwsError."""

    def __init__(self, aws: Aws, name: str) -> None:
        self._aws = aws
        self._name = name

    def read(self, key: str) -> bytes:
        with self._aws.request("s3", self._path(key), "GET") as response:
            return response.read()

    def _path(self, key: str) -> str:
        return f"/{self._name}/{quote(key)}"
