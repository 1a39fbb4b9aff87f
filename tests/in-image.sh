#!/bin/bash
# Runs tests inside the image whose libraries they need: tests/in-image.sh IMAGE PATH…
# The repository is mounted read-only at /repo, pytest comes from .venv (it is pure Python).
#   tests/in-image.sh airflow tests/dags -k pace
set -euo pipefail
cd "$(dirname "$0")/.."

docker/build.sh "$1"
image=$(docker/build.sh --tags | python3 -c "import json, sys; print(json.load(sys.stdin)['$1'])")
shift
site=$(.venv/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
mounts=()
for package in pytest _pytest py.py pluggy iniconfig packaging pygments pytest_timeout.py \
    pluggy-*.dist-info; do # pytest asks for pluggy's version
    for path in "$site"/$package; do mounts+=(--volume "$path:/opt/pytest/${path##*/}:ro"); done
done
# the image's own python is the first on its PATH; /opt/venv holds its libraries where there is one
docker run --rm --name "riada-unit-$$" --entrypoint bash --tmpfs /tmp:exec,mode=1777 \
    --volume "$PWD:/repo:ro" --workdir /repo "${mounts[@]}" --env PYTHONDONTWRITEBYTECODE=1 \
    "$image" -c 'export PYTHONPATH=/repo:/opt/pytest${PYTHONPATH:+:$PYTHONPATH}
        python=$(command -v /opt/venv/bin/python || command -v python3)
        folder=$1
        [[ -d $folder ]] || folder=${folder%/*}
        exec "$python" -m pytest -p no:cacheprovider -p pytest_timeout --confcutdir "$folder" "$@"' \
    bash "$@"
