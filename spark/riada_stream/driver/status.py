"""What the driver is at, for whoever asks: one JSON object in the artifacts store.

{"state": "starting|running|retrying|halted|stopped", "since": "…Z", "cause": null, "release": "…",
 "driver_id": "…", "restart": null or {"at": "…", "cause": "…"}}; rewritten when it changes, so an
old `since` is no alarm. `restart`: when the driver last began at the topic's beginning, and why.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime, timezone

from riada_stream.checkpoint.continuity import Restart
from riada_stream.settings import Settings


def tell(
    settings: Settings, state: str, cause: str | None = None, restart: Restart | None = None
) -> None:
    told = {
        "state": state,
        "since": datetime.now(timezone.utc).isoformat(timespec="seconds"),
        "cause": cause,
        "release": settings.release,
        "driver_id": settings.driver_id,
        "restart": asdict(restart) if restart else None,
    }
    fresh = settings.status_file.with_suffix(".new")
    fresh.write_text(json.dumps(told))
    fresh.rename(settings.status_file)
