"""The health of the platform as the Control Center reports it: probe results, diagnosis, report.

GET /api/status answers a HealthReport, GET /api/probes/NAME a ProbeResult.
"""
