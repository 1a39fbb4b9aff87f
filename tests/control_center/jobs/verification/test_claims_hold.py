"""Whatever happens in which order, the verification reports no row that is only on its way, claims
no time through which a change is missing, and finds what was lost."""

from __future__ import annotations

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from contract.errors import UnreachableError
from control_center.jobs.verification.position import Position
from control_center.jobs.verification.verifier import TableVerifier
from tests.control_center.jobs.verification.in_memory_stores import Change, Clock, InMemoryStores

KEYS = st.sampled_from([f"k{number}" for number in range(6)])
CITIES = st.sampled_from(["Bern", "Oslo", "Rome", None])


class Verification(RuleBasedStateMachine):
    """`is_corrupt`: capture has lost a change. `unproven`: rows whose delete was lost while an
    earlier change was on its way: until that arrives no store has the row. `through`: of the newest
    claim."""

    @initialize()
    def begin(self) -> None:
        self.clock = Clock()
        self.stores = InMemoryStores(self.clock)
        self.verifier = TableVerifier(self.stores, self.clock)
        self.is_corrupt = False
        self.unproven: set[str] = set()
        self.opened: list[int] = []
        self.through: float | None = None

    @rule(key=KEYS, city=CITIES)
    def change(self, key: str, city: str | None) -> None:
        self.stores.change(key, city)

    @rule(key=KEYS, city=CITIES)
    def lose(self, key: str, city: str | None) -> None:
        if city is None and any(change.key == key for change in self.stores.undelivered):
            self.unproven.add(key)
        self.stores.change(key, city, lost=True)
        self.is_corrupt = True

    @rule(key=KEYS, city=CITIES)
    def open(self, key: str, city: str | None) -> None:
        self.opened.append(self.stores.begin(key, city))

    @precondition(lambda self: self.opened)
    @rule(data=st.data())
    def commit(self, data: st.DataObject) -> None:
        number = data.draw(st.integers(0, len(self.opened) - 1))
        self.stores.commit(self.opened.pop(number))

    @rule(count=st.integers(1, 5))
    def deliver(self, count: int) -> None:
        self.stores.deliver(count)

    @rule(steps=st.integers(1, 12), pause=st.sampled_from([0.1, 2.0, 9.0]))
    def work(self, steps: int, pause: float) -> None:
        for _ in range(steps):
            self.verifier.step()
            self.clock.sleep(pause)

    @rule()
    def fail(self) -> None:
        self.stores.cause = "no answer"
        try:
            self.verifier.step()
        except UnreachableError:
            self.verifier.close()
        self.stores.cause = ""

    @rule()
    def restart(self) -> None:
        claims = self.verifier.claims
        position = Position.from_json(claims.position.to_json()) if claims else None
        self.verifier = TableVerifier(self.stores, self.clock, position)

    @rule()
    def rewrite(self) -> None:
        self.stores.rewrite()

    @invariant()
    def holds(self) -> None:
        """A claim is about what Cassandra holds when it is made: an older change of a row whose
        newest change was lost may still be on its way, and is found later."""
        report = self.verifier.report() if hasattr(self, "verifier") else None
        if report is None:
            return
        assert self.is_corrupt or report.differences == 0, report.first
        if report.through is not None and report.through != self.through:
            self.through = report.through
            late = [change for change in self.absent() if change.at <= report.through]
            late = [change for change in late if change.city or change.key not in self.unproven]
            assert not late, (report.through, late)

    def absent(self) -> list[Change]:
        """The newest committed change of each row for which Cassandra holds something else, unless
        it is a delete of a row that Cassandra never had."""
        newest = {change.key: change for change in self.stores.history}
        absent = []
        for key, change in newest.items():
            held = self.stores.cassandra.get(key)
            city = (
                dict(zip(self.stores.table.names, held.row, strict=True))["city"] if held else None
            )
            if city != change.city:
                absent.append(change)
        return absent

    def teardown(self) -> None:
        if not hasattr(self, "stores"):
            return
        for xid in self.opened:
            self.stores.commit(xid)
        self.stores.deliver()
        differing = {change.key for change in self.absent()}
        for _ in range(400):
            self.verifier.step()
            self.clock.sleep(1)
        report = self.verifier.report()
        assert report is not None
        assert {known.key for known in report.first} == differing
        assert report.in_flight == 0
        if not differing:
            assert report.through is not None and report.through > self.clock.now - 90
        self.holds()


Verification.TestCase.settings = settings(
    max_examples=150, stateful_step_count=40, deadline=None, database=None
)
TestVerification = Verification.TestCase
