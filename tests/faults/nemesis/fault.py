"""What a fault is: how it begins and ends, and what the platform promises about it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import ClassVar

from tests.harness.platform import Platform

# Longer than every session, lease and heartbeat of the platform.
LONG_S = 60


class Promise(str, Enum):
    """Each fault has one of two."""

    RECOVERS = "recovers"
    HALTS = "halts loudly"


@dataclass(frozen=True)
class Service:
    """A container of the platform. `connects_to`: services to which it opens connections."""

    name: str
    connects_to: tuple[str, ...] = ()


@dataclass(frozen=True)
class Fault(ABC):
    """`heal` may be called at any time, also without `inject` before it and more than once.

    `cause`: a part of the sentence of `make status` when the platform halts, and `remedy` the
    command in it. `hold_s`: between inject and heal.
    """

    family: ClassVar[str]
    not_proven: ClassVar[str]
    # In `make test` too.
    quick_targets: ClassVar[frozenset[str]] = frozenset()
    target: str = ""
    hold_s: float = 0
    promise: Promise = Promise.RECOVERS
    cause: str = ""
    remedy: str = ""

    @property
    def name(self) -> str:
        return f"{self.family}:{self.target}" if self.target else self.family

    @property
    def is_quick(self) -> bool:
        return self.target in self.quick_targets

    @property
    @abstractmethod
    def effect(self) -> str:
        """What it does, as a sentence without its subject."""

    @abstractmethod
    def inject(self, platform: Platform) -> None: ...

    @abstractmethod
    def heal(self, platform: Platform) -> None: ...

    def after(self, platform: Platform) -> None:  # noqa: B027 (most faults need no more checks)
        """Checks beyond those of the workload's table, once rows flow again."""

    def clean(self, platform: Platform) -> None:  # noqa: B027 (most faults leave nothing)
        """Remove what `heal` leaves, after the platform has recovered with it."""

    def unsupported(self, platform: Platform) -> str:
        """Why the fault cannot be caused on this machine; "" if it can."""
        return ""


Services = Sequence[Service]
