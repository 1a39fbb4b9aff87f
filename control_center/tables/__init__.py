"""Plans the changes of a release to the tables, and describes new tables."""
