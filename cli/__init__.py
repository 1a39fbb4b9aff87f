"""The operator's commands: `python3 -m cli.<command>`. Standard library only, Python 3.10+."""
