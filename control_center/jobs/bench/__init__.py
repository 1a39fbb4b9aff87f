"""Rows per second from PostgreSQL to Cassandra, and the time from commit to readable."""
