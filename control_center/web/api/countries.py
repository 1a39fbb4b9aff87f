"""People by country, from Cassandra."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query

from contract.errors import NotFoundError
from control_center.config import COMPONENT
from control_center.pipeline import countries
from control_center.web.api.dependencies import Context

router = APIRouter()


@dataclass(frozen=True)
class Countries:
    """Country → number of people, largest first."""

    people: dict[str, int]


@dataclass(frozen=True)
class Country:
    """`people`: the number of people. `newest`: id and registered_at of the people who registered
    last."""

    country: str
    people: int
    newest: list[dict[str, str]]


@router.get("/countries")
def get_countries(context: Context) -> Countries:
    """Takes seconds, because it counts all people."""
    return Countries(countries.counts(context.clients))


@router.get("/countries/{country}")
def get_country(
    country: str, context: Context, limit: Annotated[int, Query(ge=1, le=1000)] = 20
) -> Country:
    people = countries.count(context.clients, country)
    if not people:
        cause = f"no person is from {country}"
        raise NotFoundError(COMPONENT, cause, "GET /api/countries lists the countries.")
    newest = countries.newest(context.clients, country, limit)
    return Country(country, people, [person.to_json() for person in newest])
