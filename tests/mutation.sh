#!/bin/bash
# Changes one thing after another in contract/ and runs the tests of each change: a test must fail.
# Prints the score of each module. 20 min on two cores; interrupted, it continues where it stopped.
#   tests/mutation.sh [MUTANT…]   e.g. 'contract.trace*'
# The settings are in pyproject.toml, [tool.mutmut]; to see a mutant: .venv/bin/python -m mutmut show NAME
set -euo pipefail
cd "$(dirname "$0")/.."

.venv/bin/python -m mutmut run "$@" >/dev/null || true # it ends with an error when mutants survive
.venv/bin/python -m mutmut results --all true | .venv/bin/python -m tests.mutation_score
