"""The comparison of a large table: Spark reads all rows, and this process the rows that differ."""
