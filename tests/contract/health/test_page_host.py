"""The name of the pages is the installation's own and a host name that browsers know."""

from __future__ import annotations

import re

from contract.health.page_host import page_host


def test_each_token_has_its_own_name() -> None:
    assert re.fullmatch(r"riada-[0-9a-f]{16}\.localhost", page_host("a"))
    assert page_host("a") == page_host("a") != page_host("b")
