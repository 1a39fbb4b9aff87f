"""Control Center: asks every component of the platform whether rows arrive.

`health` has a probe for each component, and the diagnosis, which finds the root cause in their
results. `web` serves pages and an HTTP API. `jobs` are long jobs, such as smoke test, compare and
bench, which run as child processes.
"""
