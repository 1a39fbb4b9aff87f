"""The operator's commands: `python3 -m cli COMMAND`. Standard library only, Python 3.10+."""
