"""The parts of stream_tables: the Spark cluster, the plan for it, the loop."""
