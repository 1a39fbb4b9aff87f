"""A reading beyond the limit is refused at once, and one that ends makes room."""

from __future__ import annotations

import pytest

from contract.errors import ErrorCode
from control_center.pipeline.at_most import AtMost, TooManyReadingsError


def test_a_reading_beyond_the_limit_is_refused() -> None:
    limit = AtMost(2, "searches")
    with limit.permit(), limit.permit():
        with pytest.raises(TooManyReadingsError, match="2 searches are running") as refused:
            limit.permit().__enter__()
        assert refused.value.code is ErrorCode.BUSY
        assert refused.value.remedy
    with limit.permit():
        pass


def test_a_reading_that_fails_makes_room() -> None:
    limit = AtMost(1, "searches")
    with pytest.raises(ValueError, match="why"), limit.permit():
        raise ValueError("why")
    with limit.permit():
        pass
