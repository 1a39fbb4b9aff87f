"""Compares all rows of a table on the executors, for the Control Center: contract/jobs/
spark_comparison.py."""
