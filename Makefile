# `make` shows what there is. Everything runs in .venv, made from requirements-dev.lock.

PORT ?= 8080
STATE ?= .local/demo
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
LOCK := requirements-dev.lock
# Named after the lock: a changed lock installs again, an unchanged one costs nothing.
INSTALLED := .venv/.installed-$(shell sha256sum $(LOCK) | cut -c1-16)
COMPILE := $(BIN)/uv pip compile --quiet --generate-hashes --python-version 3.11 --universal --no-header \
	--no-emit-index-url --no-emit-find-links

.DEFAULT_GOAL := help
.PHONY: help demo stop quick fix test outside faults compose-test bench lint types browser docs lock

help:  ## show this
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(INSTALLED)  ## run the platform; PORT is the port, STATE keeps the data, DETACH=1 returns when ready
	@exec $(BIN)/python -m deploy.local up --port $(PORT) --state "$(STATE)" $(if $(filter-out 0,$(DETACH)),--detach)

stop:  ## stop what make demo started; the data stays
	@if [ -x $(BIN)/python ]; then exec $(BIN)/python -m deploy.local down --state "$(STATE)"; else echo "nothing is running"; fi

quick: lint types  ## lint, types and the pure tests, in seconds: no Postgres, no Kafka, no browser, no process
	$(BIN)/python -m pytest -m "not real and not long"

fix: $(INSTALLED)  ## mend what ruff can mend, and format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

test: browser quick  ## make quick, then all other tests on a real Kafka and Postgres of their own, two at a time
	$(BIN)/python -m pytest -m "real or long" --numprocesses 2 --dist loadgroup --no-loadscope-reorder

outside:  ## nothing yet: for what needs the world outside (issuers, validators, mail servers, SDKs of npm and Maven)
	@echo "outside: nothing yet; tests that need the world outside (issuers, validators, mail servers, SDKs) will run here"

faults: $(INSTALLED)  ## every fault under load, each beside a control; FAULTS_MINUTES, _SEED, _OUTAGE and _ONLY=1,5 say how
	$(BIN)/python -m tests.faults

compose-test: $(INSTALLED)  ## docker-compose.yml on a real engine, with what it survives; says in one line what is missing
	COMPOSE_TEST=1 $(BIN)/python -m pytest tests/compose

bench: $(INSTALLED)  ## all benchmarks; BENCH_EVENTS, BENCH_ROUNDS and BENCH_ONLY make it smaller
	$(BIN)/python -m deploy.bench

lint: $(INSTALLED)  ## ruff
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(INSTALLED)  ## mypy, strict
	$(BIN)/mypy shared services deploy tests

browser:  ## install Debian's chromium and kcat when missing and allowed
	@if command -v chromium >/dev/null && command -v kcat >/dev/null; then exit 0; fi; \
	if [ "$$(id -u)" = 0 ] && [ -e /etc/debian_version ]; then \
		echo "browser: installing chromium and kcat"; \
		export DEBIAN_FRONTEND=noninteractive; \
		{ apt-get update && apt-get install -y --no-install-recommends chromium kcat; } >/dev/null 2>&1 && exit 0; \
	fi; \
	echo "browser: no chromium or kcat, their tests are skipped (as root: apt-get install chromium kcat)"

docs: $(INSTALLED)  ## write docs/ and asyncapi.json from the code
	$(BIN)/python -m deploy.documents
	$(BIN)/python -m shared.contracts.asyncapi

lock: $(INSTALLED)  ## resolve the locks again from pyproject.toml
	$(COMPILE) pyproject.toml -o requirements.lock
	$(COMPILE) pyproject.toml --extra local --extra dev -c requirements.lock -o $(LOCK)

$(INSTALLED):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
		{ echo "Python 3.11 or newer is needed: apt-get install python3.11 python3.11-venv"; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || \
		{ echo "this Python cannot make a virtual environment: apt-get install python3.11-venv"; exit 1; }
	@echo "Python packages: installing into .venv"
	@[ -x $(BIN)/pip ] || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-input --require-hashes -r $(LOCK)
	@rm -f .venv/.installed-*
	@touch $@
