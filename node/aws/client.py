"""Signed requests to AWS services."""

from __future__ import annotations

import json
import os
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timezone
from http.client import HTTPException, HTTPResponse

from node.aws import metadata
from node.aws.sigv4 import Credentials, Scope, signed_headers
from node.errors import AwsError

TIMEOUT_S = 120  # the longest wait for a byte from the service


class Aws:
    """Signed requests to the services of one region.

    `endpoint` replaces the address of each service; "" means AWS itself.
    """

    def __init__(self, region: str, credentials: Credentials, endpoint: str = "") -> None:
        self._region = region
        self._credentials = credentials
        self._endpoint = endpoint

    @contextmanager
    def request(
        self,
        service: str,
        path: str = "/",
        method: str = "POST",
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
    ) -> Iterator[HTTPResponse]:
        """The open response. Raises AwsError for an error, also while the response is read."""
        base = self._endpoint or f"https://{service}.{self._region}.amazonaws.com"
        url, scope = f"{base}{path}", Scope(self._region, service)
        signed = signed_headers(
            method, url, headers or {}, body, self._credentials, scope, datetime.now(timezone.utc)
        )
        request = urllib.request.Request(url, body or None, signed, method=method)
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT_S) as response:
                yield response
        except urllib.error.HTTPError as error:
            with error:
                raise AwsError(service, error.code, f"{method} {path}: {error}") from error
        except (urllib.error.URLError, TimeoutError, ConnectionError, HTTPException) as error:
            raise AwsError(service, 0, f"{method} {path}: {error!r}") from error

    def call(self, service: str, target: str, parameters: Mapping[str, object]) -> bytes:
        """An operation of a service that speaks JSON, e.g. "secretsmanager.GetSecretValue"."""
        headers = {"Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": target}
        body = json.dumps(parameters).encode()
        with self.request(service, body=body, headers=headers) as response:
            return response.read()


def from_environment(region: str) -> Aws:
    """A client with the credentials of the node's role. The environment may replace the addresses
    of the metadata service and of AWS. Raises OSError when the metadata service does not answer."""
    endpoint = os.environ.get("AWS_EC2_METADATA_SERVICE_ENDPOINT", metadata.ENDPOINT)
    return Aws(region, metadata.credentials(endpoint), os.environ.get("AWS_ENDPOINT_URL", ""))
