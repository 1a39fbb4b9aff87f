"""Captures every row again, into fresh topics: all stores behind PostgreSQL follow from it."""
