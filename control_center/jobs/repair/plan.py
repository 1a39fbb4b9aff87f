"""The action of a repair for each key that differs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class RepairPlan:
    """`republish`: capture sends the row again. `outside_domain`: PostgreSQL stored the row before
    it had constraints, and the row does not arrive until its values are corrected. `erase`:
    PostgreSQL does not hold the row."""

    republish: tuple[str, ...]
    outside_domain: tuple[str, ...]
    erase: tuple[str, ...]


def plan(keys: Sequence[str], inside_domain: Mapping[str, bool]) -> RepairPlan:
    """`inside_domain`: key → whether the row satisfies every constraint, of those of the keys that
    PostgreSQL holds."""
    return RepairPlan(
        republish=tuple(key for key in keys if inside_domain.get(key)),
        outside_domain=tuple(
            key for key in keys if key in inside_domain and not inside_domain[key]
        ),
        erase=tuple(key for key in keys if key not in inside_domain),
    )
