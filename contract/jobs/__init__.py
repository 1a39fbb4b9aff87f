"""The Control Center's long jobs: their requests, results and states, as API and CLI exchange them.

One module for each job. Every class reads and writes JSON (`to_json`, `from_json`).
"""
