#!/bin/bash
# Runs the tests that need no platform and prints which lines they cover. Fails if a test fails, or if
# they cover less than 90 % of the core. Arguments go to pytest.
set -euo pipefail
cd "$(dirname "$0")/.."

needs_platform=(e2e tables faults teardown aws browser scaling by_name)
core='contract/*,spark/*,dags/*,control_center/jobs/compare/*,control_center/pipeline/dead_letter_*'

export COVERAGE_DIR=$PWD/.riada/coverage
rm -rf "$COVERAGE_DIR"
mkdir -p "$COVERAGE_DIR"
chmod 777 "$COVERAGE_DIR" # the images' user writes there too

COVERAGE_FILE=$COVERAGE_DIR/.coverage.host .venv/bin/python -m pytest tests \
    "${needs_platform[@]/#/--ignore=tests/}" --cov --cov-report= "$@"

export COVERAGE_FILE=$COVERAGE_DIR/.coverage
.venv/bin/coverage combine --quiet "$COVERAGE_DIR"
.venv/bin/coverage report
echo "core: $core"
.venv/bin/coverage report --include="$core" --fail-under=90
