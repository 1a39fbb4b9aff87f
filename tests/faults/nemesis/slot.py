"""PostgreSQL loses the replication slot, or the WAL that it needs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from tests.faults.nemesis.fault import Fault, Promise, Services
from tests.harness.platform import Platform
from tests.harness.superuser import execute
from tests.harness.wait import eventually

SLOT = "riada"
_MIB = 1 << 20
KEPT_MIB, WRITTEN_MIB = 32, 200


@dataclass(frozen=True)
class SlotDropped(Fault):
    """The connector is stopped meanwhile: a slot with a reader cannot be dropped. Only a repair
    finds deletes that nobody captured."""

    target: str = "dropped"
    family: ClassVar[str] = "slot"
    promise: Promise = Promise.HALTS
    cause: str = "the replication slot is gone"
    remedy: str = "make repair"
    not_proven: ClassVar[str] = "a slot that another reader has taken over"
    quick_targets: ClassVar[frozenset[str]] = frozenset({"dropped"})

    @property
    def effect(self) -> str:
        return "drops the replication slot while rows are changed and deleted"

    def inject(self, platform: Platform) -> None:
        platform.connector("stop")
        drop = f"SELECT pg_drop_replication_slot('{SLOT}')"
        eventually(lambda: execute(platform, drop) == "", "the slot has no reader", 30)

    def heal(self, platform: Platform) -> None:
        platform.connector("resume")


@dataclass(frozen=True)
class SlotInvalidated(SlotDropped):
    target: str = "invalidated"

    @property
    def effect(self) -> str:
        return f"removes WAL that the slot needs: {WRITTEN_MIB} MiB while {KEPT_MIB} may be kept"

    def inject(self, platform: Platform) -> None:
        platform.connector("stop")
        execute(platform, f"ALTER SYSTEM SET max_slot_wal_keep_size = '{KEPT_MIB}MB'")
        execute(platform, "SELECT pg_reload_conf()")
        fill = f"pg_logical_emit_message(false, 'filling', repeat('x', {_MIB}))"
        execute(platform, f"SELECT count({fill}) FROM generate_series(1, {WRITTEN_MIB})")
        query = f"SELECT wal_status FROM pg_replication_slots WHERE slot_name = '{SLOT}'"

        def lost() -> bool:
            execute(platform, "CHECKPOINT")
            return execute(platform, query) == "lost"

        eventually(lost, "the slot is lost", 60)

    def heal(self, platform: Platform) -> None:
        execute(platform, "ALTER SYSTEM RESET max_slot_wal_keep_size")
        execute(platform, "SELECT pg_reload_conf()")
        super().heal(platform)


def faults(services: Services) -> Iterator[Fault]:
    yield SlotDropped()
    yield SlotInvalidated()
