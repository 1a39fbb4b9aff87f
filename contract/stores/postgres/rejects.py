"""riada.rejects: the items of sources that could not become rows."""

from __future__ import annotations

from contract.kafka import retention

# For psycopg2.extras.execute_values: the table's name, the URL of the source, what names the pages
# of the run, page, position in the page (from 0), reason, and Json(rejected_item(table, item)).
INSERT = """\
INSERT INTO riada.rejects (table_name, source, run, page, position, reason, item) VALUES %s
ON CONFLICT (table_name, source, run, page, position) DO NOTHING"""

# The rejected items of a table, and their removal by a list of ids.
OF_TABLE = "SELECT id, item, at FROM riada.rejects WHERE table_name = %s"
DELETE = "DELETE FROM riada.rejects WHERE id = ANY(%s)"
# The newest items of all tables that are kept, however fast a source delivers bad ones.
MOST = 100_000
# For the superuser: docker/postgres/follow_tables.py.
EXPIRE = f"""\
DELETE FROM riada.rejects
WHERE at < now() - interval '{retention.REJECTS.days} days'
OR id <= (SELECT max(id) - {MOST} FROM riada.rejects);
"""
