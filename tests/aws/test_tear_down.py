"""`terraform destroy` leaves the account as it was."""

from __future__ import annotations

import time
from typing import Any

from tests.aws.account import Account
from tests.aws.conftest import Root


def test_destroy_leaves_nothing(
    root: Root, account: Account, before: set[str], figures: dict[str, Any]
) -> None:
    figures["account_before"] = len(before)
    figures["account_applied"] = len(account.resources())
    assert len(account.resources() - before) > 200
    began = time.monotonic()
    root.destroy()
    figures["destroy_s"] = round(time.monotonic() - began, 1)
    figures["account_after"] = len(account.resources())
    assert account.resources() == before
