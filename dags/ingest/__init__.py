"""The parts of ingest_users: the API, one page of people, the table, and the run over all pages."""
