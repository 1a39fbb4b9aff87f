"""An operator restarts the connector and sees the result."""

from __future__ import annotations

import pytest

from tests.browser.conftest import Visit
from tests.browser.test_pages import DESKTOP


@pytest.mark.timeout(300)
def test_an_operator_restarts_the_connector(visit: Visit) -> None:
    visitor = visit("operator", **DESKTOP)
    visitor.open("/stages")
    visitor.confirm("Restart connector and task", "Yes, restart")
    visitor.page.get_by_text("Restarted after").wait_for(timeout=60_000)
    lines = visitor.platform.control_center("GET", "/api/audit")["audit"]
    line = next(line for line in lines if line["action"] == "restart connector")
    assert (line["who"], line["outcome"]) == ("operator", "done")
    visitor.platform.await_run(visitor.platform.ingest(20))
    visitor.platform.assert_equal_everywhere()
