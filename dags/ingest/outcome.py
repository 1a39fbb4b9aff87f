"""What a run comes to when every page was fetched."""

from __future__ import annotations

from collections.abc import Mapping


def failure(done: Mapping[str, int], url: str, reason: str) -> str:
    """Why the run failed all the same, "" if it did not. `reason`: of the newest reject."""
    if not done["fetched"] or done["stored"]:
        return ""
    return (
        f"all {done['fetched']:,} people of {url} were rejected, the last one for: {reason}. "
        "Has the source changed its format, or is RANDOMUSER_URL another API? "
        "public.rejects holds them"
    )
