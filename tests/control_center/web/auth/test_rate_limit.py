"""Five failed logins a minute, for each name that exists and for all other names together."""

from __future__ import annotations

from control_center.web.auth.rate_limit import FAILURES, GUESSABLE, WINDOW_S, LoginRateLimit

PASSWORD = "x" * GUESSABLE


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_the_wait_ends_with_the_oldest_failure() -> None:
    clock = Clock()
    rate_limit = LoginRateLimit({"reader": PASSWORD, "operator": PASSWORD}, clock)
    for _ in range(FAILURES):
        assert rate_limit.wait_s("reader") == 0
        rate_limit.failed("reader")
        clock.now += 1
    assert rate_limit.wait_s("reader") == WINDOW_S - FAILURES
    assert rate_limit.wait_s("operator") == 0
    clock.now += WINDOW_S - FAILURES
    assert rate_limit.wait_s("reader") == 0


def test_a_login_forgets_the_failures() -> None:
    rate_limit = LoginRateLimit({"reader": PASSWORD})
    for _ in range(FAILURES):
        rate_limit.failed("reader")
    rate_limit.succeeded("reader")
    assert rate_limit.wait_s("reader") == 0


def test_names_that_do_not_exist_share_one_count() -> None:
    rate_limit = LoginRateLimit({"reader": PASSWORD})
    for number in range(FAILURES):
        rate_limit.failed(f"nobody-{number}")
    assert rate_limit.wait_s("somebody else") > 0
    assert rate_limit.wait_s("reader") == 0


def test_failures_of_others_do_not_lock_a_user_out() -> None:
    rate_limit = LoginRateLimit({"operator": PASSWORD})
    for _ in range(FAILURES):
        rate_limit.failed("operator")
    assert rate_limit.wait_s("operator") > 0
    assert rate_limit.wait_s("operator", right=True) == 0


def test_a_password_that_could_be_found_by_trying_is_refused_too() -> None:
    rate_limit = LoginRateLimit({"operator": PASSWORD[:-1]})
    for _ in range(FAILURES):
        rate_limit.failed("operator")
    assert rate_limit.wait_s("operator", right=True) > 0
