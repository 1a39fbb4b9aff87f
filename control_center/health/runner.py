"""Runs all probes at once, and waits for none longer than DEADLINE_S times the patience."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace
from threading import Lock, Thread

from contract.errors import ComponentError
from control_center.clients.clients import Clients
from control_center.health.probes import COMPONENTS, PROBES, Probe
from control_center.health.result import ProbeResult, ProbeState

DEADLINE_S = 5.0


class _Flight(Thread):
    """One run of one probe. A hung one is left behind: it is a daemon and holds no lock."""

    def __init__(self, name: str, probe: Probe, clients: Clients) -> None:
        super().__init__(name=f"probe-{name}", daemon=True)
        self.result: ProbeResult | None = None
        self._probe_name, self._probe, self._clients = name, probe, clients
        self.start()

    def run(self) -> None:
        began = time.monotonic()
        try:
            result = self._probe(self._clients)
        except Exception as error:  # a probe's own mistake is a finding too
            if not isinstance(error, ComponentError):
                component = COMPONENTS.get(self._probe_name, self._probe_name)
                error = ComponentError(component, str(error).strip() or type(error).__name__)
            result = ProbeResult(
                self._probe_name, ProbeState.FAIL, str(error).splitlines()[0], error.component
            )
        self.result = replace(result, took_ms=round((time.monotonic() - began) * 1000))


class Runner:
    """At most one flight for each probe: questions that come meanwhile share its answer."""

    def __init__(
        self,
        clients: Clients,
        probes: Mapping[str, Probe] = PROBES,
        deadline_s: float | None = None,
    ) -> None:
        self._clients, self._probes = clients, probes
        self.deadline_s = deadline_s or DEADLINE_S * clients.settings.patience
        self._flights: dict[str, _Flight] = {}
        self._lock = Lock()

    def run(self, *names: str) -> list[ProbeResult]:
        """The results of the probes of these names (all by default), in the order of dependency."""
        wanted = [name for name in self._probes if not names or name in names]
        with self._lock:
            flights = {name: self._flight(name) for name in wanted}
        until = time.monotonic() + self.deadline_s
        return [self._land(name, flight, until) for name, flight in flights.items()]

    def _flight(self, name: str) -> _Flight:
        flight = self._flights.get(name)
        if flight is None or not flight.is_alive():
            flight = _Flight(name, self._probes[name], self._clients)
            self._flights[name] = flight
        return flight

    def _land(self, name: str, flight: _Flight, until: float) -> ProbeResult:
        flight.join(max(0.0, until - time.monotonic()))
        return flight.result or ProbeResult(
            name,
            ProbeState.FAIL,
            f"{name} does not answer within {self.deadline_s:g} s",
            COMPONENTS.get(name, name),
            {"deadline_s": self.deadline_s},
            round(self.deadline_s * 1000),
        )
