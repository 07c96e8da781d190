# One vocabulary for person, hook and CI. `make` alone says what there is.
# Everything is installed into .venv here, by hash, and nothing anywhere else.

SHELL      := /bin/sh
.SHELLFLAGS := -euc
MAKEFLAGS  += --no-print-directory
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

VENV := .venv
BIN  := $(VENV)/bin
PIP  := $(BIN)/python -m pip --disable-pip-version-check --quiet
# What ruff looks at; mypy has its own list in pyproject.toml.
CODE := src tests bench docs scripts

.PHONY: help demo serve test check bench docs words lock clean

help: ## say what there is
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-6s %s\n", $$1, $$2 }' Makefile

demo: $(VENV)/.installed ## tell the story of Almaty, January 2022
	@$(BIN)/darkhours demo

serve: $(VENV)/.served ## show the site: Almaty, and a generated fortnight, on this machine alone
	@$(BIN)/darkhours serve --demo

test: $(VENV)/.developed ## run every test, doctests too; the network is off
	@$(BIN)/python -m pytest $(PYTEST)

check: $(VENV)/.developed ## format, lint, types, architecture, docs
	$(BIN)/ruff format --check $(CODE)
	$(BIN)/ruff check $(CODE)
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python docs/generate.py --check

bench: $(VENV)/.measured ## measure time, memory, scores and what defaults cost; write docs/benchmarks.md
	@$(BIN)/python bench/run.py
	@$(BIN)/python bench/sensitivity_signals.py --quick

docs: $(VENV)/.developed ## write docs/reference/ anew from the program
	@$(BIN)/python docs/generate.py

words: $(VENV)/.developed ## gather what the pages say into the catalogues of their languages
	@$(BIN)/python scripts/words.py

# `make lock UPGRADE=--upgrade` takes newer versions; without it only what pyproject.toml asks for changes.
LOCK := $(BIN)/uv pip compile $(UPGRADE) --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-header --no-annotate --quiet
lock: $(VENV)/.developed ## resolve the dependencies anew into requirements/
	$(LOCK) pyproject.toml --all-extras --group dev -o requirements/dev.txt
	$(LOCK) pyproject.toml -c requirements/dev.txt -o requirements/base.txt
	$(LOCK) pyproject.toml --extra web --extra pdf -c requirements/dev.txt -o requirements/web.txt
	$(LOCK) --group build -c requirements/dev.txt -o requirements/build.txt
	$(LOCK) --group peers -c requirements/dev.txt -o requirements/peers.txt

clean: ## remove all that make has built, .venv included
	rm -rf $(VENV) build dist darkhours-*.html .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# --- set-up: each stamp is newer than what it was made from, so that a second run does nothing ------

$(VENV)/.made:
	@python=''; \
	for name in $(or $(PYTHON),python3 python3.13 python3.12 python3.11 python3.14); do \
	  if $$name -c 'import sys, ensurepip, venv; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; \
	  then python=$$name; break; fi; \
	done; \
	if [ -z "$$python" ]; then \
	  echo 'darkhours: expected Python 3.11 or newer with its venv module, found none on the path;' >&2; \
	  echo '  install it (Debian, Ubuntu: apt install python3 python3-venv), or name it: make PYTHON=/path/to/python3' >&2; \
	  exit 2; \
	fi; \
	echo "making $(VENV) with $$($$python --version)" >&2; \
	$$python -m venv $(VENV)
	@touch $@

$(VENV)/.installed: $(VENV)/.made requirements/base.txt requirements/build.txt pyproject.toml
	@echo 'installing darkhours into $(VENV)' >&2
	@$(PIP) install --require-hashes -r requirements/base.txt -r requirements/build.txt
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.served: $(VENV)/.installed requirements/web.txt
	@echo 'installing what a site needs into $(VENV)' >&2
	@$(PIP) install --require-hashes -r requirements/web.txt
	@touch $@

$(VENV)/.developed: $(VENV)/.installed requirements/dev.txt
	@echo "installing the developer's tools into $(VENV)" >&2
	@$(PIP) install --require-hashes -r requirements/dev.txt
	@touch $@

$(VENV)/.measured: $(VENV)/.developed requirements/peers.txt
	@echo "installing the peers that the bench measures into $(VENV)" >&2
	@$(PIP) install --require-hashes -r requirements/peers.txt
	@touch $@
