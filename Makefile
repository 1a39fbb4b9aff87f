# The commands of the project. Each target has one sentence; docs/operations.md lists the variables.
.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
MAKEFLAGS += --no-print-directory
# Files and other programs' output are UTF-8 in every locale.
export PYTHONUTF8 := 1

ifneq ($(shell grep -c $$'\r' docker/build.sh),0)
$(error this checkout has Windows line endings (CRLF), with which its scripts do not start. \
	Unpack it with git clone, which keeps LF, or convert it: \
	grep -rlIZ --exclude-dir=.git $$'\r$$' . | xargs -0 sed -i 's/\r$$//')
endif

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-15s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

doctor: ## Compare this machine and the databases of tables/ with the requirements; change nothing
	@python3 -m cli $@

up: ## Set up the machine, start the platform, and follow the first row to Cassandra
	@python3 -m cli $@

first-row: ## Follow the first row from the source to Cassandra (TABLE=orders)
	@python3 -m cli $@

status: ## Ask every component for its state
	@python3 -m cli $@

urls: ## Print the address of every service
	@python3 -m cli $@

passwords: ## Print the generated passwords
	@python3 -m cli $@

logs: ## Show a service's log: make logs S=connect (FOLLOW=1 keeps printing)
	@python3 -m cli $@

upload: ## Put images and the engine's packages into the bucket of infra/aws
	@python3 -m cli $@

table: ## Write the file of a table: make table NAME=public.orders (URL=… for a JSON API)
	@python3 -m cli $@

deploy-dags: ## Deploy tables, DAGs and the Spark job, after a plan; end when this release runs
	@python3 -m cli $@

psql: ## Open PostgreSQL's shell as role application (FILE=orders.sql runs a file)
	@python3 -m cli $@

row: ## Print the path of one row through the stages: make row TABLE=orders KEY=7
	@python3 -m cli $@

dead-letter: ## Make a dead letter, to try its replay: make dead-letter TABLE=orders KEY=…, then FIX=1
	@python3 -m cli $@

smoke-test: ## Follow rows through every stage, field by field (TABLE=orders ROWS=5000 SEED=…)
	@python3 -m cli $@

compare: ## Compare PostgreSQL, topic and Cassandra in every field of every row (TABLE=orders)
	@python3 -m cli $@

repair: ## Send differing rows through the pipeline again, until all stores are equal (TABLE=orders)
	@python3 -m cli $@

rebuild: ## Rebuild topics, checkpoint and Cassandra's rows from PostgreSQL
	@python3 -m cli $@

erase: ## Erase a row from every store: make erase TABLE=orders KEY=7 (AGAIN=1 after a restore)
	@python3 -m cli $@

backup: ## Back PostgreSQL up now (FULL=1: everything, not only what has changed)
	@python3 -m cli $@

restore: ## Take PostgreSQL back to an earlier time: make restore TIME=5m (all: docs/operations.md)
	@python3 -m cli $@

restore-test: ## Restore the newest backup into a folder of its own, and check every page
	@python3 -m cli $@

bench: ## Measure rows/s and latency from PostgreSQL to Cassandra (TABLE=orders)
	@python3 -m cli $@

destroy: ## Remove the containers, volumes, network and secrets of the project
	@python3 -m cli $@

images: ## Build the images that are missing
	@docker/build.sh

clean-images: ## Remove the images that were built
	@docker image ls --filter reference='riada/*' --format '{{.Repository}}:{{.Tag}}' | sort -u \
		| xargs --no-run-if-empty docker image rm

lint: .venv ## Check style, types and formats
	@.venv/bin/python -m pytest -q tests/lint

unit: .venv ## Run the tests that need no platform, print which lines they cover
	@tests/unit.sh

mutation: .venv ## Make small changes in the core one after another; a test must fail for each
	@tests/mutation.sh

test: .venv ## Set up and run lint, unit tests and the end-to-end tests on the real engines
	@python3 -m cli $@

faults: .venv ## Cause faults while rows flow; check that nothing is lost (FAULT=kill SEED=7 MINUTES=30)
	@python3 -m cli $@

test-browser: .venv ## Open every page of the Control Center in a real browser, act, and try to intrude
	@python3 -m cli $@

test-aws: .venv ## Apply infra/aws to LocalStack, change a size, destroy it, and search for secrets
	@python3 -m cli $@

test-platform: .venv ## Apply infra/aws to LocalStack, boot its machines, and send rows through them
	@python3 -m cli $@

test-vm: .venv ## Boot a node of each kind twice on its own kernel; the data disk is kept
	@python3 -m cli $@

localstack: ## Start LocalStack, an AWS account on this machine that costs nothing
	@python3 -m cli $@

machines: ## Boot a machine for each instance that LocalStack lists
	@python3 -m cli $@

stop-localstack: ## Stop LocalStack with its machines, and delete its data
	@python3 -m cli $@

.venv: tests/requirements.txt tests/lint/checkov.txt tests/lint/actionlint/go.sum
	@tests/venv.sh

.PHONY: help doctor up first-row status urls passwords logs upload table deploy-dags psql row dead-letter smoke-test \
	compare repair rebuild erase backup restore restore-test bench destroy images clean-images lint unit mutation test \
	faults test-browser test-aws test-platform test-vm localstack machines stop-localstack
