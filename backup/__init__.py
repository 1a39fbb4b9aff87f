"""Backups of PostgreSQL: the schedule, the archive of WAL, restores and their tests. It runs in the
container postgres, and pgBackRest does the work.
"""
