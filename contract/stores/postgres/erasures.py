"""riada.erasures: the erasures of rows. A mark names a row and does not tell its key."""

from __future__ import annotations

SELECT = "SELECT mark, table_name, erased_at, ended_at FROM riada.erasures"

# Takes mark, name of the table, erased_at, ended_at (NULL while the erasure runs). An older record
# changes nothing.
UPSERT = """\
INSERT INTO riada.erasures AS known (mark, table_name, erased_at, ended_at) VALUES (%s, %s, %s, %s)
ON CONFLICT (mark) DO UPDATE SET erased_at = excluded.erased_at, ended_at = excluded.ended_at
WHERE excluded.erased_at >= known.erased_at"""
