"""One run: fetches page after page and stores each, at the planned rate."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Protocol

from contract.table.source_pages import Page
from contract.table.table import Table
from ingest.api import ApiRejectedError, ApiUnavailableError
from ingest.page import SortedPage, sort_page
from ingest.plan import Plan
from ingest.progress import Progress, ProgressStore
from ingest.rate_limiter import RateLimiter
from ingest.store import StoredPage

log = logging.getLogger(__name__)

# The task fails when the API or PostgreSQL is unavailable for this long.
RETRY_TIMEOUT_S = 3_600.0
MIN_RETRY_TIMEOUT_S = 60.0  # for the API, near the end of a run


class IngestError(Exception):
    """The run cannot continue. A retry does not help."""


class Api(Protocol):
    """The part of ingest/api.py that a run uses."""

    def page(self, cursor: str, size: int | None, timeout_s: float) -> Page: ...


class Store(Protocol):
    """The part of ingest/store.py that a run uses."""

    def store(self, page: SortedPage, number: int, timeout_s: float) -> StoredPage: ...


class IngestRun:
    """`now` is Unix time in s."""

    def __init__(
        self,
        table: Table,
        plan: Plan,
        api: Api,
        store: Store,
        progress: ProgressStore,
        limiter: RateLimiter | None = None,
        now: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._table = table
        self._plan = plan
        self._api = api
        self._store = store
        self._progress = progress
        self._limiter = limiter or RateLimiter(plan.rate)
        self._now = now
        self._sleep = sleep
        self._last_reason = "see the log of an earlier attempt"

    def run(self, url: str) -> Progress:
        """Continues after the last page that an earlier attempt has stored.

        Raises IngestError when the API does not deliver, or when every item was rejected; and
        psycopg2.OperationalError when PostgreSQL stays unavailable.
        """
        progress = self._progress.load()
        plan = self._plan
        log.info(
            "%s, pages of %s after page %d, %s",
            plan.run,
            plan.page_size or "the API's size",
            progress.page,
            f"{plan.rate} items/s" if plan.rate else "as fast as possible",
        )
        while progress.cursor is not None and not self._is_complete(progress):
            self._sleep(self._limiter.wait_s())
            self._limiter.start()
            progress = self._ingest_page(progress, progress.cursor)
            self._progress.save(progress)
        if cause := progress.failure(url, self._last_reason):
            raise IngestError(cause)
        return progress

    def _is_complete(self, progress: Progress) -> bool:
        """A run with an end time fetches at least one page."""
        if self._plan.count is not None:
            return progress.fetched >= self._plan.count
        if self._plan.until is None or progress.page == 0:
            return False
        return self._now() + self._limiter.wait_s() > self._plan.until

    def _ingest_page(self, progress: Progress, cursor: str) -> Progress:
        number = progress.page + 1
        began = time.monotonic()
        fetched = self._fetch(number, cursor)
        self._limiter.spend(len(fetched.items))
        items = fetched.items
        if self._plan.count is not None:
            # The last page may hold more items than the run asks for.
            items = items[: self._plan.count - progress.fetched]
        page = sort_page(self._table, items)
        result = self._store.store(page, number, RETRY_TIMEOUT_S)
        rejected = len(result.reject_reasons)
        if rejected:
            self._last_reason = result.reject_reasons[-1]
        log.info(
            "%s page %d: %d fetched, %d stored, %d rejected, %.0f rows/s",
            self._plan.run,
            number,
            len(items),
            result.stored,
            rejected,
            result.stored / max(time.monotonic() - began, 1e-9),
        )
        return progress.after_page(
            len(items), result.stored, rejected, page.repeated, fetched.cursor
        )

    def _fetch(self, page: int, cursor: str) -> Page:
        try:
            return self._api.page(cursor, self._plan.page_size, self._api_timeout_s())
        except (ApiUnavailableError, ApiRejectedError) as error:
            raise IngestError(f"page {page} of {self._plan.run}: {error}") from None

    def _api_timeout_s(self) -> float:
        if self._plan.until is None:
            return RETRY_TIMEOUT_S
        return max(self._plan.until - self._now(), MIN_RETRY_TIMEOUT_S)
