"""The health of the platform as the Control Center reports it: probe results, diagnosis, report.

GET /api/status returns a HealthReport, GET /api/probes/NAME returns a ProbeResult.
"""
