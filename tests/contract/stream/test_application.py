"""The names of the streaming job on the cluster, and the drivers that count."""

from __future__ import annotations

import pytest

from contract.stream.application import application_name, is_application, is_live_driver


def test_the_application_is_named_by_its_job() -> None:
    assert application_name("3f2a9c01d2e4") == "stream-3f2a9c01d2e4"


def test_applications_of_every_job_are_recognised() -> None:
    assert is_application("stream-old")
    assert not is_application("stream")
    assert not is_application("other-stream-old")


@pytest.mark.parametrize(
    ("state", "live"),
    [
        ("SUBMITTED", True),
        ("RUNNING", True),
        ("UNKNOWN", True),
        ("RELAUNCHING", False),
        ("FINISHED", False),
        ("FAILED", False),
        ("KILLED", False),
        ("ERROR", False),
    ],
)
def test_live_drivers(state: str, live: bool) -> None:
    assert is_live_driver(state) is live
