# One command each; a bare `make` explains them.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
RUN := $(VENV)/bin/python
READY := $(VENV)/.installed
.DEFAULT_GOAL := help
.PHONY: help demo run test test-pooled check fix bench clean

help: ## explain the commands
	@echo "Smarter Firms. Needs Python 3.11, git and make; everything else is installed into $(VENV)."
	@echo
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | column -t -s '|' 2>/dev/null \
		|| sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1  \2/p' $(MAKEFILE_LIST)

$(READY): requirements-dev.txt
	@command -v "$(PYTHON)" >/dev/null || { echo "Python 3.11 is needed; set PYTHON=/path/to/python3.11."; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' \
		|| { echo "Python 3.11 is needed; $(PYTHON) is another. Set PYTHON=/path/to/python3.11."; exit 1; }
	@echo "Installing into $(VENV) (about a minute, once) ..."
	@rm -rf $(VENV)
	@"$(PYTHON)" -m venv $(VENV)
	@$(RUN) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

demo: $(READY) ## start everything, sync a demo firm from the Clio sandbox, show its numbers (ONCE=1 ends after that)
	@$(RUN) -m smarterfirms.demo $(if $(ONCE),--once)

run: $(READY) ## run web, worker, beat and the local stand-ins until Ctrl-C
	@$(RUN) -m smarterfirms.demo --serve-only

test: $(READY) ## run the test suite on both cores
	@$(RUN) -m pytest -n 2 --dist loadfile --no-loadscope-reorder

test-pooled: $(READY) ## run the suite through PgBouncer and on a Redis Cluster, fetching both (Debian) if they are missing
	@$(RUN) -m tests.pooled

check: $(READY) ## format, lint, types, imports, migrations, settings, permission table, Clio's contract; runs no tests
	@$(RUN) -m ruff format --check .
	@$(RUN) -m ruff check .
	@$(RUN) -m mypy .
	@$(VENV)/bin/lint-imports
	@LOG_LEVEL=WARNING $(RUN) manage.py makemigrations --check --dry-run
	@LOG_LEVEL=WARNING $(RUN) manage.py check --fail-level WARNING
	@LOG_LEVEL=WARNING $(RUN) manage.py spectacular --validate --fail-on-warn --file /dev/null
	@LOG_LEVEL=WARNING $(RUN) -m tests.contracts.check_clio
	@echo "check: all good"

fix: $(READY) ## format and mend what can be mended by machine
	@$(RUN) -m ruff check --fix .
	@$(RUN) -m ruff format .

bench: $(READY) ## measure the figures and write var/bench.json
	@var/bench-dlt/bin/python -c "import dlt, duckdb" 2>/dev/null || { echo "Installing the rivals into var/bench-dlt (once) ..."; \
		$(RUN) -m venv var/bench-dlt && var/bench-dlt/bin/pip install --quiet --disable-pip-version-check \
		-r requirements-bench.in; } || { rm -rf var/bench-dlt; echo "They could not be installed: sync.vs_dlt and numbers.vs_duckdb are left out."; }
	@$(RUN) -m bench

clean: ## stop the embedded servers and remove var/ and the virtual environment
	@if [ -d var ] && [ -x $(RUN) ]; then $(RUN) -m smarterfirms.embedded.stop; fi
	@rm -rf var $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis staticfiles
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
