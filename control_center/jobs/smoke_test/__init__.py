"""Follows the people of one DAG run from the source through every stage, field by field."""
