"""Signature Version 4 of AWS requests.

https://docs.aws.amazon.com/IAM/latest/UserGuide/create-signed-request.html
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote, urlsplit

ALGORITHM = "AWS4-HMAC-SHA256"


@dataclass(frozen=True)
class Credentials:
    access_key: str
    secret_key: str
    token: str  # session token of the role; "": none


@dataclass(frozen=True)
class Scope:
    """The scope of a signature."""

    region: str
    service: str  # e.g. "s3"


def signed_headers(
    method: str,
    url: str,
    headers: Mapping[str, str],
    body: bytes,
    credentials: Credentials,
    scope: Scope,
    now: datetime,
) -> dict[str, str]:
    """`headers` and those that authenticate the request, by name. `now` is in UTC."""
    complete = {
        **headers,
        "Host": urlsplit(url).netloc,
        "X-Amz-Date": f"{now:%Y%m%dT%H%M%SZ}",
        "X-Amz-Content-Sha256": hashlib.sha256(body).hexdigest(),
    }
    if credentials.token:
        complete["X-Amz-Security-Token"] = credentials.token
    complete["Authorization"] = authorization(method, url, complete, credentials, scope)
    return complete


def authorization(
    method: str, url: str, headers: Mapping[str, str], credentials: Credentials, scope: Scope
) -> str:
    """The Authorization header. It covers all `headers`, which must include Host, X-Amz-Date and
    X-Amz-Content-Sha256. The URL has neither a query nor characters that need escaping twice."""
    lower = {name.lower(): " ".join(value.split()) for name, value in sorted(headers.items())}
    names = ";".join(sorted(lower))
    canonical = "\n".join(
        (
            method,
            quote(urlsplit(url).path or "/", safe="/-_.~%"),
            "",
            *(f"{name}:{lower[name]}" for name in sorted(lower)),
            "",
            names,
            lower["x-amz-content-sha256"],
        )
    )
    timestamp = lower["x-amz-date"]
    day = timestamp[:8]
    path = f"{day}/{scope.region}/{scope.service}/aws4_request"
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    to_sign = "\n".join((ALGORITHM, timestamp, path, digest))
    key = f"AWS4{credentials.secret_key}".encode()
    for part in (day, scope.region, scope.service, "aws4_request"):
        key = _hmac(key, part)
    return (
        f"{ALGORITHM} Credential={credentials.access_key}/{path}, "
        f"SignedHeaders={names}, Signature={_hmac(key, to_sign).hex()}"
    )


def _hmac(key: bytes, text: str) -> bytes:
    return hmac.new(key, text.encode(), hashlib.sha256).digest()
