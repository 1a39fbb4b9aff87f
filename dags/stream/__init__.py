"""The parts of stream_users: the Spark cluster, the plan for it, the submission, the loop."""
