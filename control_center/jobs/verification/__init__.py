"""Compares PostgreSQL and Cassandra continuously, within a bounded share of a core.

docs/decisions/0012-continuous-verification.md has the method and its reasons.
"""
