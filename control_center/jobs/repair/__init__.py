"""Brings Cassandra back to what PostgreSQL holds, through the pipeline itself."""
