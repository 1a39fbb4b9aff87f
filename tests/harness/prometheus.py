"""The platform's Prometheus, asked on its published port."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from cli.http import call
from tests.harness.platform import Platform


def query(platform: Platform, expression: str) -> list[dict[str, Any]]:
    """The vector that an expression answers with: [{metric: labels, value: [at, text]}, …]."""
    url = f"{platform.here.url('prometheus')}/api/v1/query?{urlencode({'query': expression})}"
    return call("GET", url)["data"]["result"]


def firing(platform: Platform) -> dict[str, str]:
    """Alert that fires → its summary."""
    found = call("GET", f"{platform.here.url('prometheus')}/api/v1/alerts")["data"]["alerts"]
    return {
        one["labels"]["alertname"]: one["annotations"]["summary"]
        for one in found
        if one["state"] == "firing"
    }
