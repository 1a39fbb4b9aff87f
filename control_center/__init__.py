"""Control Center: asks every component of the platform whether people's data is arriving.

`probes` ask one component each, `diagnosis` finds the root cause among their answers, `api` serves
both over HTTP; `smoke_test`, `compare` and `bench` are jobs that it starts as child processes.
"""
