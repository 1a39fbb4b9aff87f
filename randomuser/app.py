"""The randomuser API 1.4: GET /api/ or /api/1.4/ with results, seed, page, nat, gender, inc, exc,
format and noinfo.

With RANDOMUSER_FAULTS=1, PUT, GET and DELETE /faults set, show and clear a fault.
"""

from __future__ import annotations

import csv
import io
import os
import secrets
from typing import Any

import orjson
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from randomuser.faults import Fault, before, spoil_body, spoil_people
from randomuser.generate import FIELDS, Person, people
from randomuser.nationalities import NATIONALITIES

MAX_RESULTS = 5000
MAX_PAGE = 10_000_000
FORMATS = {"json": "application/json", "pretty": "application/json", "csv": "text/csv"}


def api(request: Request) -> Response:
    """The function is not async, so Starlette runs it in a thread, and a large page does not block
    other requests."""
    fault = _fault(request)
    if fault and (instead := before(fault)):
        return _error(f"fault: answers {instead[0]}", *instead)
    query = request.query_params
    fmt = query.get("format", query.get("fmt", "json")).lower().replace("prettyjson", "pretty")
    if fmt not in FORMATS:
        return _error(f"format: {fmt} is not one of {', '.join(FORMATS)}")
    try:
        results = _number(query.get("results"), "results", MAX_RESULTS)
        page = _number(query.get("page"), "page", MAX_PAGE)
        nats = _nats(query.get("nat", ""))
    except ValueError as error:
        return _error(str(error))
    seed = query.get("seed") or secrets.token_hex(8)
    gender = query.get("gender")
    batch = people(seed, page, results, nats, gender if gender in ("male", "female") else None)
    if fault:
        spoil_people(fault, batch)
    batch = _select(batch, query.get("inc", ""), query.get("exc", ""))
    answer: dict[str, Any] = {"results": batch}
    if "noinfo" not in query:
        answer["info"] = {"seed": seed, "results": results, "page": page, "version": "1.4"}
    body = _csv(batch) if fmt == "csv" else _json(answer, pretty=fmt == "pretty")
    return Response(spoil_body(fault, body) if fault else body, media_type=FORMATS[fmt])


async def faults(request: Request) -> Response:
    """PUT {"kind": "status_429", "times": 3, "retry_after": 2}, GET or DELETE; returns it."""
    if request.method == "DELETE":
        request.app.state.fault = None
    if request.method == "PUT":
        try:
            request.app.state.fault = Fault(**orjson.loads(await request.body()))
        except (ValueError, TypeError) as error:
            return _error(str(error))
    return Response(_json({"fault": request.app.state.fault}), media_type="application/json")


def _fault(request: Request) -> Fault | None:
    """The fault for this answer. The health check, which asks from 127.0.0.1, gets no fault."""
    fault = request.app.state.fault
    local = request.client is not None and request.client.host == "127.0.0.1"
    return fault if fault and not local and fault.take() else None


def _number(text: str | None, name: str, limit: int) -> int:
    if text is None:
        return 1
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= limit:
        raise ValueError(f"{name}: must be an integer from 1 to {limit}")
    return int(text)


def _nats(text: str) -> list[str]:
    nats = [nat.strip().upper() for nat in text.split(",") if nat.strip()]
    if unknown := [nat for nat in nats if nat not in NATIONALITIES]:
        raise ValueError(f"nat: {', '.join(unknown)} not among {', '.join(NATIONALITIES)}")
    return nats or list(NATIONALITIES)


def _select(batch: list[Person], included: str, excluded: str) -> list[Person]:
    """The people of a batch with the fields of `inc` without those of `exc`."""
    inc, exc = _names(included), _names(excluded)
    fields = [field for field in FIELDS if (not inc or field in inc) and field not in exc]
    if len(fields) == len(FIELDS):
        return batch
    return [{field: person[field] for field in fields if field in person} for person in batch]


def _names(text: str) -> set[str]:
    return {name.strip().lower() for name in text.split(",")} - {""}


def _json(value: Any, pretty: bool = False) -> bytes:
    encoded: bytes = orjson.dumps(value, option=orjson.OPT_INDENT_2 if pretty else None)
    return encoded


def _csv(batch: list[Person]) -> bytes:
    rows = [_flat(person) for person in batch]
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, rows[0])
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def _flat(value: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    """Nested names joined by dots: {"name": {"first": …}} → {"name.first": …}."""
    flat: dict[str, Any] = {}
    for key, item in value.items():
        flat |= _flat(item, f"{prefix}{key}.") if isinstance(item, dict) else {prefix + key: item}
    return flat


def _error(cause: str, status: int = 400, headers: dict[str, str] | None = None) -> Response:
    return Response(_json({"error": cause}), status, headers, media_type="application/json")


app = Starlette(routes=[Route("/api/", api), Route("/api", api), Route("/api/1.4/", api)])
app.state.fault = None
if os.environ.get("RANDOMUSER_FAULTS") == "1":
    app.router.routes.append(Route("/faults", faults, methods=["GET", "PUT", "DELETE"]))
