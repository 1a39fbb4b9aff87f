"""Five failures a minute, for each name that exists and for all others together."""

from __future__ import annotations

from control_center.web.auth.rate_limit import FAILURES, WINDOW_S, Throttle


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_the_wait_ends_with_the_oldest_failure() -> None:
    clock = Clock()
    throttle = Throttle({"reader", "operator"}, clock)
    for _ in range(FAILURES):
        assert throttle.wait_s("reader") == 0
        throttle.failed("reader")
        clock.now += 1
    assert throttle.wait_s("reader") == WINDOW_S - FAILURES
    assert throttle.wait_s("operator") == 0
    clock.now += WINDOW_S - FAILURES
    assert throttle.wait_s("reader") == 0


def test_a_login_forgets_the_failures() -> None:
    throttle = Throttle({"reader"})
    for _ in range(FAILURES):
        throttle.failed("reader")
    throttle.succeeded("reader")
    assert throttle.wait_s("reader") == 0


def test_names_that_do_not_exist_share_one_count() -> None:
    throttle = Throttle({"reader"})
    for number in range(FAILURES):
        throttle.failed(f"nobody-{number}")
    assert throttle.wait_s("somebody else") > 0
    assert throttle.wait_s("reader") == 0
