#!/bin/bash
# Changes one expression after another in contract/, in the diagnosis and in the comparison of the
# stores, and runs the tests of each change: a test must fail.
# Prints the score of each module, then of contract, diagnosis and compare, and fails if one of these
# is below 85 %. Takes 11 min on one core; after an interruption it continues where it stopped.
#   tests/mutation.sh [OPTION of mutmut run…] [MUTANT…]   e.g. --max-children 1 'contract.errors*'
# The settings are in pyproject.toml, [tool.mutmut]; to see a mutant: .venv/bin/python -m mutmut show NAME
set -euo pipefail
cd "$(dirname "$0")/.."

if ! .venv/bin/python -c 'import pydantic_settings' 2>/dev/null; then
    echo "mutation: .venv lacks pydantic-settings, which needs Python 3.11 or newer." \
        "Remove .venv and run make mutation again, with such a python3" >&2
    exit 2
fi
mkdir -p mutants
log=mutants/run.log
if ! .venv/bin/python -m mutmut run "$@" >"$log" 2>&1; then
    tail -n 15 "$log" >&2
    echo "mutation: mutmut did not run the changes; its output is in $log" >&2
    exit 2
fi
.venv/bin/python -m mutmut results --all true | .venv/bin/python -m tests.mutation_score
