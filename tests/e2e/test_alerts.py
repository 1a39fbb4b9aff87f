"""Every alert fires and ends by itself, in Prometheus and at the webhook, when a test causes it.

The tests print how long both took; each must be seen within 30 s. UnderReplicated: tests/scaling.
"""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from tests.harness.fault_injection import ALERTS, dead_letter
from tests.harness.platform import Platform
from tests.harness.prometheus import firing
from tests.harness.settings import long
from tests.harness.wait import eventually
from tests.harness.webhook import Webhook, receiver

pytestmark = pytest.mark.timeout(900)
DEAD_LETTERS = {"DeadLetters"}
# The causes without LONG: of the source and of a component.
ALWAYS = ("source has no rows", "Connect stopped")
FIRES_S = 200  # NoNewRows needs two minutes without a row
SLOW_S = 360  # longer than the range of any rule


@pytest.fixture(scope="module", autouse=True)
def _restored(platform: Platform) -> Iterator[None]:
    """Afterwards send the rows that were not published."""
    yield
    platform.restore()


@pytest.fixture(scope="module")
def webhook(platform: Platform) -> Iterator[Webhook]:
    with receiver(platform) as running:
        yield running


def await_alerts(
    platform: Platform, webhook: Webhook, alerts: set[str], fire: bool, limit_s: float
) -> None:
    """Wait until all alerts fire, or none, in Prometheus and by the last call to the webhook."""
    description = f"{alerts} {'fire' if fire else 'end'}"
    expected = alerts if fire else set()
    eventually(lambda: alerts & firing(platform).keys() == expected, description, limit_s, 0.5)
    eventually(
        lambda: alerts & webhook.firing() == expected, f"{description}, at the webhook", 60, 0.5
    )


@long
def test_a_dead_letter_fires_its_alert(platform: Platform, webhook: Webhook) -> None:
    eventually(lambda: not DEAD_LETTERS & firing(platform).keys(), "no dead letter", SLOW_S)
    with dead_letter(platform):
        await_alerts(platform, webhook, DEAD_LETTERS, True, FIRES_S)


@pytest.mark.parametrize(
    "cause", [pytest.param(cause, marks=() if cause in ALWAYS else long) for cause in ALERTS]
)
def test_an_alert_fires_and_ends(platform: Platform, webhook: Webhook, cause: str) -> None:
    fault, alerts = ALERTS[cause]
    eventually(lambda: not alerts & firing(platform).keys(), "none of the alerts", 240)
    with fault(platform):
        broken = time.monotonic()
        await_alerts(platform, webhook, alerts, True, FIRES_S)
        fired = time.monotonic()
    repaired = time.monotonic()
    await_alerts(platform, webhook, alerts, False, 240)
    print(f"\n{cause}: {', '.join(sorted(alerts))}")
    print(f"  at the webhook {fired - broken:.1f} s after the fault began, ", end="")
    print(f"its end {time.monotonic() - repaired:.1f} s after the repair")


@long
def test_the_alert_of_a_dead_letter_ends(platform: Platform, webhook: Webhook) -> None:
    """The rule covers the last minutes; the tests above took nearly as long."""
    await_alerts(platform, webhook, DEAD_LETTERS, False, SLOW_S)
