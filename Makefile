# The few commands of this project; `make help` lists them.
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
PIP = PIP_DISABLE_PIP_VERSION_CHECK=1 $(BIN)/python -m pip install -qq --require-hashes
OFFLINE = { echo "The packages could not be installed. They come from pypi.org: is this machine online?"; exit 1; }
CATALOGUE = kb/translations/el/LC_MESSAGES/messages
LOG = $${KB_LOG_FILE:-$${KB_INSTANCE:-instance}/log.jsonl}
BROWSER = { command -v chromium-headless-shell || command -v chromium || command -v chromium-browser; } > /dev/null

.DEFAULT_GOAL := help
.PHONY: help run install test lint bench eval translations lock chromium
.DELETE_ON_ERROR:

help: ## This list
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 22

run: install ## Set everything up and serve the library on http://127.0.0.1:8000 (KB_PORT: another)
	@$(BIN)/python gunicorn.conf.py
	@$(BIN)/flask kb init demo demo-links
	@echo "The library is at http://127.0.0.1:$${KB_PORT:-8000} (Ctrl-C ends it). Its log: $(LOG)"
	@KB_LOG_FILE="$(LOG)" KB_WITH_WORKER=1 exec $(BIN)/gunicorn

install: $(VENV)/installed $(CATALOGUE).mo ## Set up what serving the library needs

test: lint chromium ## Run everything that continuous integration runs
	@echo "Tests"
	@$(BIN)/python -m pytest --quiet -n 2 --dist worksteal

lint: $(VENV)/installed-dev $(CATALOGUE).mo ## Style, types and which module may import which
	@echo "Style (ruff, djlint)"
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --quiet --check . || { echo "Not formatted. Run: $(BIN)/ruff format ."; exit 1; }
	@$(BIN)/djlint templates --lint --quiet
	@echo "Types (mypy)"
	@$(BIN)/mypy -p kb -p indexer -p inspector --no-error-summary
	@echo "Imports (import-linter)"
	@$(BIN)/lint-imports > $(VENV)/imports.txt 2>&1 || { cat $(VENV)/imports.txt; exit 1; }

bench: $(VENV)/installed-dev $(CATALOGUE).mo ## Measure speed, memory and page weight (a few minutes)
	@$(BIN)/python -m benchmarks

eval: $(VENV)/installed-dev $(CATALOGUE).mo ## Measure how well search finds
	@$(BIN)/python -m evaluation

translations: $(VENV)/installed ## Collect the texts to translate into the Greek catalogue
	@$(BIN)/pybabel --quiet extract -F babel.cfg -k lazy_gettext --no-location --sort-output \
		--project "CNI practice library" -o $(VENV)/messages.pot .
	@$(BIN)/pybabel --quiet update -i $(VENV)/messages.pot -d kb/translations -l el --no-fuzzy-matching \
		--ignore-obsolete --ignore-pot-creation-date

lock: $(VENV)/installed-dev ## Choose the newest versions that setup.cfg allows, with their hashes
	@rm -f requirements.txt requirements-dev.txt
	@for extras in "" "-dev --extra=test --extra=dev --constraint=requirements.txt"; do \
		set -- $$extras; name=requirements$$1.txt; [ $$# = 0 ] || shift; \
		CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/pip-compile --quiet --generate-hashes --strip-extras \
			--allow-unsafe --no-emit-index-url --no-emit-trusted-host --no-emit-find-links "$$@" \
			--output-file=$$name setup.cfg || exit 1; done

$(BIN)/python:
	@command -v $(PYTHON) > /dev/null || { echo "Python is missing. Run: apt-get install python3-venv"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' || \
		{ echo "Python 3.11, 3.12 or 3.13 is needed, not $$($(PYTHON) -V). Choose one: make run PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2> /dev/null || \
		{ echo "Python's venv is missing. Run: apt-get install python3-venv"; exit 1; }
	@$(PYTHON) -m venv $(VENV)

$(VENV)/installed: requirements.txt | $(BIN)/python
	@echo "Installing the locked packages into $(VENV)…"
	@$(PIP) -r requirements.txt || $(OFFLINE)
	@touch $@

$(VENV)/installed-dev: requirements-dev.txt | $(VENV)/installed
	@echo "Installing what the tests need…"
	@$(PIP) -r requirements-dev.txt || $(OFFLINE)
	@touch $@

$(CATALOGUE).mo: $(wildcard $(CATALOGUE).po) | $(VENV)/installed
	@if [ -f $(CATALOGUE).po ]; then $(BIN)/pybabel --quiet compile -d kb/translations; fi

# Where it may, on Debian; else the browser tests are skipped, and in continuous integration fail.
chromium:
	@if ! $(BROWSER) && [ "$$(id -u)" = 0 ] && command -v apt-get > /dev/null; then \
		echo "Installing Chromium for the browser tests (a minute or so)…"; \
		{ apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium-headless-shell; } \
			> $(VENV)/chromium.txt 2>&1 || echo "It could not be installed; $(VENV)/chromium.txt says why."; fi
	@$(BROWSER) || echo "Without Chromium the browser tests are skipped. On Debian: apt-get install chromium-headless-shell"
