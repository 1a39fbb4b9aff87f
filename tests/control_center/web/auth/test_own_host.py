"""Names of this machine are shared with other programs, apart from the installation's own."""

from __future__ import annotations

import pytest

from contract.health.page_host import page_host
from control_center.web.auth.own_host import OwnHost

OWN = page_host("token")
HOST = OwnHost("token")


@pytest.mark.parametrize(
    "host",
    [
        *("127.0.0.1:9021", "127.0.0.1", "127.1.2.3:80", "localhost:9021", "LOCALHOST", "[::1]:80"),
        *("0.0.0.0:9021", "localhost.localdomain:9021", "localhost.:9021"),
        *("riada.localhost:9021", f"{page_host('other')}:9021", f"x.{OWN}:9021"),
    ],
)
def test_shared_with_other_programs(host: str) -> None:
    assert HOST.is_shared(host)


@pytest.mark.parametrize(
    "host",
    [OWN, f"{OWN}:9021", OWN.upper(), "riada.example.com", "control-center:9021", "10.0.0.5"],
)
def test_of_the_pages_alone(host: str) -> None:
    assert not HOST.is_shared(host)


def test_the_pages_are_at_the_same_port() -> None:
    assert HOST.url("127.0.0.1:19021") == f"http://{OWN}:19021"
    assert HOST.url("[::1]:80") == f"http://{OWN}:80"
    assert HOST.url("localhost") == f"http://{OWN}"
