"""The parts of ingest_<table>: the API, one page of items, the table, and the run over pages."""
