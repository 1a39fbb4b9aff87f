"""Runs all probes at once, and waits for each until a deadline at most."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from threading import Lock, Thread

from contract.errors import ComponentError
from contract.health.result import ProbeResult
from control_center.health.outcome import Outcome

DEADLINE_S = 5.0

Probe = Callable[[], ProbeResult]


class _Run(Thread):
    """One run of one probe. A run that hangs is abandoned: its thread is a daemon and holds no
    lock."""

    def __init__(self, outcome: Outcome, probe: Probe) -> None:
        super().__init__(name=f"probe-{outcome.name}", daemon=True)
        self.result: ProbeResult | None = None
        self._outcome, self._probe = outcome, probe

    def run(self) -> None:
        began = time.monotonic()
        try:
            result = self._probe()
        except ComponentError as error:
            result = self._outcome.error(error)
        except Exception as error:  # a bug in the probe is reported as well
            cause = str(error).strip() or type(error).__name__
            result = self._outcome.error(ComponentError(self._outcome.component, cause))
        self.result = replace(result, took_ms=round((time.monotonic() - began) * 1000))


class Runner:
    """Runs each probe at most once at a time: requests that come during a run share its result.

    `probes`: name → probe, in the order of dependency. `components`: name → the service to act on
    when the probe raises or does not end, if it differs from the name.
    """

    def __init__(
        self,
        probes: Mapping[str, Probe],
        components: Mapping[str, str] | None = None,
        deadline_s: float = DEADLINE_S,
    ) -> None:
        self.deadline_s = deadline_s
        self._probes, self._components = probes, components or {}
        self._runs: dict[str, _Run] = {}
        self._lock = Lock()

    def run(self, *names: str) -> list[ProbeResult]:
        """The results of the probes of these names (all by default), in the order of dependency."""
        wanted = [name for name in self._probes if not names or name in names]
        with self._lock:
            runs = {name: self._current_run(name) for name in wanted}
        until = time.monotonic() + self.deadline_s
        return [self._await(name, run, until) for name, run in runs.items()]

    def _current_run(self, name: str) -> _Run:
        run = self._runs.get(name)
        if run is None or not run.is_alive():
            run = _Run(self._outcome(name), self._probes[name])
            run.start()
            self._runs[name] = run
        return run

    def _await(self, name: str, run: _Run, until: float) -> ProbeResult:
        run.join(max(0.0, until - time.monotonic()))
        if run.result is not None:
            return run.result
        outcome = self._outcome(name)
        cause = f"the probe {name} got no answer within {self.deadline_s:g} s"
        timeout = outcome.error(ComponentError(outcome.component, cause))
        return replace(timeout, took_ms=round(self.deadline_s * 1000))

    def _outcome(self, name: str) -> Outcome:
        return Outcome(name, self._components.get(name, name))
