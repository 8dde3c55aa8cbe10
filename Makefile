# make demo | test | lint | bench | bench-million | lock | clean. Everything but the records of `make demo` goes to standard error.

VENV := .venv
BIN := $(VENV)/bin
# The first interpreter here that is new enough; PYTHON=… chooses another.
PYTHON ?= $(shell for python in python3 python3.13 python3.12 python3.11 python; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)
# Somewhat more tests at once than there are cores, neighbours by the same worker, which makes for them only once what
# they share; PYTEST_ARGS="-x tests/test_text.py" runs some, one after the other.
PYTEST_ARGS ?= --numprocesses auto --dist worksteal
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet --no-input

.PHONY: demo test lint bench bench-million lock clean

demo: $(VENV)/.installed
	@$(BIN)/scrapy replay fixtures

test: $(VENV)/.tested
	@$(BIN)/python -m pytest $(PYTEST_ARGS)

lint: $(VENV)/.tested
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

bench: $(VENV)/.tested
	@$(BIN)/python -m benchmarks

# What a million articles cost; takes five minutes or more and a gigabyte of disk.
bench-million: $(VENV)/.tested
	@$(BIN)/python -m benchmarks.copies --million

# A lock file holds for every Python and system that the project supports.
lock:
	uv pip compile --quiet --universal --python-version 3.11 --no-emit-index-url --no-emit-find-links \
		--all-extras pyproject.toml requirements/build.in -o requirements/test.lock
	uv pip compile --quiet --universal --python-version 3.11 --no-emit-index-url --no-emit-find-links \
		--constraints requirements/test.lock pyproject.toml requirements/build.in -o requirements/run.lock

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis build *.egg-info

$(VENV)/bin/python:
	@test -n "$(PYTHON)" || { echo "vovcrawler needs Python 3.11 or newer; say make PYTHON=/path/to/python3.11" >&2; exit 1; }
	@echo "Making $(VENV) with $(PYTHON) …" >&2
	@$(PYTHON) -m venv $(VENV) >&2

$(VENV)/.installed: requirements/run.lock pyproject.toml | $(VENV)/bin/python
	@echo "Installing the locked dependencies …" >&2
	@$(PIP) install --requirement requirements/run.lock >&2
	@$(PIP) install --no-deps --no-build-isolation --editable . >&2
	@touch $@

$(VENV)/.tested: requirements/test.lock $(VENV)/.installed
	@echo "Installing the test dependencies …" >&2
	@$(PIP) install --requirement requirements/test.lock >&2
	@touch $@
