#!/bin/bash
# Format, validity and tests of everything under infra/ that needs no provider; infra/local too where
# kreuzwerker/docker can be had.
set -euo pipefail
cd "$(dirname "$0")"

terraform fmt -check -recursive -diff

for module in modules/*/ compose/; do
    terraform -chdir="$module" init -input=false >/dev/null
    terraform -chdir="$module" validate -no-color >/dev/null
    [[ ! -e $module/test.tftest.hcl ]] || terraform -chdir="$module" test -no-color
done

if said=$(terraform -chdir=local init -input=false -no-color 2>&1); then
    terraform -chdir=local validate -no-color
else
    echo "infra/test: SKIPPED infra/local: $(grep -m 1 Error <<<"$said")"
fi
