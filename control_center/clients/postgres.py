"""Connections to PostgreSQL: a new one for each query, so that none is stale."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import psycopg2
from psycopg2.extensions import connection as Connection

from contract.errors import UnreachableError, first_line
from contract.health.component import component_of
from contract.stores.postgres.roles import DATABASE, SEARCH_PATH, Role
from contract.stores.postgres.tls import verified
from contract.stores.tls import CA
from control_center.config import Settings


def cause(error: psycopg2.Error) -> str:
    """The error as the continuation of "postgres: ", e.g. "is not on the network"."""
    line = first_line(error) or type(error).__name__
    if "could not translate host name" in line:
        return "is not on the network (its name does not resolve)"
    if "Connection refused" in line:
        return "refuses connections"
    if "timeout expired" in line:
        return "does not answer"
    return f"answers no query ({line})"


@contextmanager
def connect(
    settings: Settings, role: Role = Role.OBSERVER, statement_timeout_s: float = 4
) -> Iterator[Connection]:
    """A connection to the database `people` in UTC, closed at the end; commit is the caller's.

    Raises UnreachableError for every error of psycopg2, also in the caller's statements.
    """
    with opened(
        component_of(settings.postgres_host),
        statement_timeout_s,
        SEARCH_PATH if role in (Role.DEBEZIUM, Role.OBSERVER) else "",
        host=settings.postgres_host,
        dbname=DATABASE,
        user=role.value,
        password=settings.secret(role.secret),
        application_name="control-center",
        **verified(settings.secrets / CA),
    ) as connection:
        yield connection


@contextmanager
def opened(
    component: str, statement_timeout_s: float, options: str, **parameters: Any
) -> Iterator[Connection]:
    """A connection in UTC, closed at the end. `options`: of the session, beside time zone and
    timeout; `parameters`: libpq's. Raises UnreachableError of the component for every error of
    psycopg2, also in the caller's statements."""
    common = f"-c timezone=UTC -c statement_timeout={int(statement_timeout_s * 1000)}"
    try:
        with closing(
            psycopg2.connect(
                **parameters,
                connect_timeout=3,
                tcp_user_timeout=4000,
                options=f"{common} {options}".strip(),
            )
        ) as connection:
            yield connection
    except psycopg2.Error as error:
        raise UnreachableError(component, cause(error)) from error
