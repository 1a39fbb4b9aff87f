"""One person: the path of the newest version through the stages, and all versions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter

from control_center.pipeline import trace, versions
from control_center.web.api.dependencies import Context
from control_center.web.inputs import PersonId, PersonKey

router = APIRouter()


@dataclass(frozen=True)
class PersonVersions:
    """`read`: how many messages of the topic were read for them; newest version first."""

    read: int
    versions: list[dict[str, Any]]


@router.get("/person/{key}", name="find person")
def get_person(key: PersonKey, context: Context) -> dict[str, Any]:
    """By id or email address."""
    return trace.way(context.clients, key)


@router.get("/versions/{key}", name="find versions")
def get_versions(key: PersonId) -> PersonVersions:
    """Takes seconds, as it reads the topic. People's data is masked for every caller."""
    found = versions.versions(key, None)
    return PersonVersions(found.read, found.versions)
