"""Errors of a node."""

from __future__ import annotations


class NotReadyError(Exception):
    """The node cannot become ready now. The message names the cause; the operator sees it."""


class AwsError(Exception):
    """A call of an AWS service failed.

    `status` is the HTTP status of the answer, or 0 when there was no complete answer.
    """

    def __init__(self, service: str, status: int, cause: str) -> None:
        super().__init__(f"{service}: {cause}")
        self.service = service
        self.status = status
        self.cause = cause

    @property
    def refused(self) -> bool:
        """The service answered with an error. S3 answers 403, not 404, for a missing object when
        the role may not list the bucket, so the two cannot be told apart."""
        return self.status >= 400
