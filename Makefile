# `make preview` and `make test` need Python 3.11 or newer and make; everything else is put into .venv.
STACK ?= dev
# The first that is new enough.
NEW_ENOUGH := -c 'import sys; sys.exit(sys.version_info < (3, 11))'
PYTHON ?= $(shell for one in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$one $(NEW_ENOUGH) 2>/dev/null && echo $$one && break; done)
VENV := .venv
BIN := $(VENV)/bin

.DEFAULT_GOAL := help
.PHONY: help preview test test-cluster parts crds lint requirements schema settings cost-docs outputs aiplatform.pyz lock outdated bench clean

help: ## list the targets
	@grep -E '^[a-z.-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## / - /'

preview: $(VENV)/.runtime ## preview STACK without a cloud account
	$(BIN)/aiplatform plan --stack $(STACK)

test: $(VENV)/.dev ## run the tests, on up to four cores
	$(BIN)/python -m pytest -n auto --maxprocesses 4

parts: $(VENV)/.dev ## build the real parts that tests run against (needs Go; once); as root, install Chromium
	$(BIN)/python -m tests.parts
	$(BIN)/python -m tests.browser.chromium

crds: $(VENV)/.dev ## fetch the pinned custom resource definitions (CRDS_DIR names a folder to use instead)
	$(BIN)/python -m tests.parts.crds

test-cluster: parts ## run the tests that need real parts, and let none skip
	@test -n "$(CRDS_DIR)" || $(MAKE) crds
	REAL_PARTS=required $(BIN)/python -m pytest -n auto --maxprocesses 4 tests/browser tests/cluster tests/running tests/security

lint: $(VENV)/.dev ## formatter, linter and type checker
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	MYPYPATH=.github/scripts $(BIN)/mypy .github/scripts
	$(BIN)/lint-imports

requirements: $(VENV)/.dev ## which fact is asserted, deviates, is waived or pending
	$(BIN)/python -m tests.requirements

schema: $(VENV)/.runtime ## write the JSON Schema that editors read
	$(BIN)/aiplatform schema --out docs/stack.schema.json

settings: $(VENV)/.runtime ## write the reference of all settings
	$(BIN)/aiplatform settings --out docs/settings.md

cost-docs: $(VENV)/.runtime ## write what the source documents cost, then and today
	$(BIN)/aiplatform prices documents --out docs/cost.md

outputs: $(VENV)/.dev ## write the output of commands, and the tables, that documents show
	$(BIN)/python -m tests.repository.console

aiplatform.pyz: $(VENV)/.runtime ## build one file with the command line, for computers without the repository
	$(BIN)/python -m distribution.build $@

bench: $(VENV)/.dev ## time and memory of a plan against a bare program
	$(BIN)/python -m benchmarks.plan

LOCKED := requirements requirements-dev tests/parts/mlflow-requirements tests/parts/postgresql-requirements \
	tests/parts/clients-requirements tests/parts/checkov-requirements tests/parts/router-requirements \
	tests/parts/zizmor-requirements
OVERRIDDEN := tests/parts/litellm tests/parts/open-webui
# Renovate reads the command in the header of a lock file.
COMPILE := uv pip compile --universal --python-version=3.11 --generate-hashes
lock: ## compile the lock files (needs uv)
	for name in $(LOCKED); do \
		$(COMPILE) --output-file=$$name.txt $$name.in || exit; \
	done
	for name in $(OVERRIDDEN); do \
		$(COMPILE) --override=$$name-overrides.in --output-file=$$name-requirements.txt $$name-requirements.in || exit; \
	done

outdated: $(VENV)/.dev ## compare every pinned version with the registries in reach
	$(BIN)/python -m tests.outdated

clean: ## remove the virtual environment and every plan
	rm -rf $(VENV) .plan

$(VENV)/bin/python:
	@$(or $(PYTHON),false) $(NEW_ENOUGH) 2>/dev/null || { echo "$(or $(PYTHON),python3) is not Python 3.11 or newer;" \
		"install it, or name it: make PYTHON=/path/to/python3.11" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.runtime: requirements.txt pyproject.toml | $(VENV)/bin/python
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.runtime requirements-dev.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@
