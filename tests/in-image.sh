#!/bin/bash
# Runs tests inside the image whose libraries they need: tests/in-image.sh IMAGE PATH…
# The repository is mounted read-only at /repo. pytest comes from .venv, since it is pure Python, and
# coverage and hypothesis too: the images have the same version of Python as .venv.
#   tests/in-image.sh airflow tests/dags -k rate
# COVERAGE=N prints the lines that the tests do not run, and fails when they run less than N %.
#   COVERAGE=90 tests/in-image.sh spark tests/spark
# COVERAGE_DIR=FOLDER leaves the data of coverage in that folder instead (tests/unit.sh).
set -euo pipefail
cd "$(dirname "$0")/.."

declare -A sources=([airflow]=dags ['control-center']=control_center [spark]=spark)
name=$1
shift
docker/build.sh "$name"
image=$(docker/build.sh --tags | python3 -c "import json, sys; print(json.load(sys.stdin)['$name'])")
site=$(.venv/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
options=()
coverage=()
if [[ -n ${COVERAGE_DIR:-} ]]; then
    options=(--volume "$(realpath "$COVERAGE_DIR"):/coverage"
    --env "COVERAGE_FILE=/coverage/.coverage.$name")
    coverage=(-p pytest_cov.plugin --cov --cov-report=)
elif [[ -n ${COVERAGE:-} ]]; then
    options=(--env COVERAGE_FILE=/tmp/coverage)
    coverage=(-p pytest_cov.plugin --cov "${sources[$name]:-$name}" --cov-branch
        --cov-report term-missing:skip-covered --cov-fail-under "$COVERAGE")
fi
for package in pytest _pytest py.py pluggy iniconfig packaging pygments pytest_timeout.py \
    coverage pytest_cov hypothesis _hypothesis_globals.py _hypothesis_ftz_detector.py \
    sortedcontainers pluggy-*.dist-info; do # pytest asks for pluggy's version
    for path in "$site"/$package; do
        options+=(--volume "$path:/opt/pytest/${path##*/}:ro")
    done
done
# the image's python is the first on PATH; /opt/venv, if it exists, holds its libraries
docker run --rm --name "riada-unit-$$" --entrypoint bash --tmpfs /tmp:exec,mode=1777 \
    --volume "$PWD:/repo:ro" --workdir /repo "${options[@]}" --env PYTHONDONTWRITEBYTECODE=1 \
    "$image" -c 'export PYTHONPATH=/repo:/opt/pytest${PYTHONPATH:+:$PYTHONPATH}
        python=$(command -v /opt/venv/bin/python || command -v python3)
        folder=$1
        [[ -d $folder ]] || folder=${folder%/*}
        exec "$python" -m pytest -p no:cacheprovider -p pytest_timeout --confcutdir "$folder" "$@"' \
    bash "$@" "${coverage[@]}"
