"""Follows rows of a table through every stage, field by field."""
