"""Erases a row from every store, and lists where traces of it remain and until when.

The row disappears in PostgreSQL, and its delete travels through the pipeline as every other change.
What the pipeline does not carry is removed here: rejected items and dead letters.
"""
