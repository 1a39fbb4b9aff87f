"""POST /api/tables/plan: the changes that a release would make to each table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from contract.json_record import JsonRecord


@dataclass(frozen=True)
class PlanRequest(JsonRecord):
    """`files`: path of each file in tables/ → its text. `remove`: the tables (orders) and columns
    (orders.note) that the operator allows to remove."""

    files: Mapping[str, str]
    remove: tuple[str, ...] = ()


class Action(str, Enum):
    ADD = "add"
    ALTER = "alter"
    UNCHANGED = "unchanged"
    REMOVE = "remove"
    REFUSE = "refuse"


@dataclass(frozen=True)
class TablePlan(JsonRecord):
    """`lines`: what changes, and what remains where, in sentences. `cause` and `remedy`: why the
    change is refused, and what to do."""

    action: Action
    lines: tuple[str, ...] = ()
    cause: str = ""
    remedy: str = ""


@dataclass(frozen=True)
class Plan(JsonRecord):
    """`ok`: no change is refused. `tables`: by name, also those that are removed."""

    ok: bool
    tables: Mapping[str, TablePlan] = field(default_factory=dict)
