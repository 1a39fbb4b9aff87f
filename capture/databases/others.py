"""The databases beside the platform's own: a thread for each, which never ends the process."""

from __future__ import annotations

import threading
import time
import traceback
from collections.abc import Callable, Collection
from dataclasses import dataclass, field

from capture.clients.source import UnavailableError
from capture.manager import TopicsMissingError

ROUND_S = 2.0
# A server that does not answer, or refuses the password, is not asked more often.
RETRY_S = 15.0
Report = Callable[[str], None]


@dataclass
class Others:
    """`follow`: makes the step of a database, which returns whether every component answered, and
    whether its capture has ended. `names`: of the databases of the release; `captured`: of those
    that were captured before, asked once."""

    follow: Callable[[str, Report], Callable[[], tuple[bool, bool]]]
    names: Callable[[], Collection[str]]
    captured: Callable[[], Collection[str]]
    report: Report
    sleep: Callable[[float], None] = time.sleep
    _threads: dict[str, threading.Thread] = field(default_factory=dict)
    _missing: list[TopicsMissingError] = field(default_factory=list)
    _asked: bool = False

    def start(self) -> None:
        """Starts the threads that are missing. Raises TopicsMissingError from any of them."""
        if self._missing:
            raise self._missing[0]
        wanted = {*self.names()}
        if not self._asked:
            try:
                wanted |= {*self.captured()}
                self._asked = True
            except UnavailableError:
                pass  # the own database's round reports it
        for name in sorted(wanted):
            if name not in self._threads or not self._threads[name].is_alive():
                thread = threading.Thread(target=self._run, args=(name,), daemon=True)
                self._threads[name] = thread
                thread.start()

    def _run(self, name: str) -> None:
        def report(message: str) -> None:
            self.report(f"{name}: {message}")

        while True:
            try:
                step = self.follow(name, report)
                while True:
                    has_answered, has_ended = step()
                    if has_ended:
                        return
                    self.sleep(ROUND_S if has_answered else RETRY_S)
            except TopicsMissingError as error:
                self._missing.append(error)
                return
            except Exception:  # invariant 4: a fault of one database stops no other, and is seen
                report(traceback.format_exc())
            self.sleep(RETRY_S)
