# Two commands do everything on a fresh machine with Python 3.11, pip and make:
#   make digest   run the whole chain on the sample site and print a draft digest
#   make test     run the tests

PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV   := .venv
BIN    := $(VENV)/bin
LOCK   := requirements.lock
RIVALS := tests/bench/rivals.lock
# Tests start hundreds of processes; each would compile the package anew.
export PYTHONDONTWRITEBYTECODE :=
# They wait for such processes half of the time.
TEST_WORKERS := $(shell expr $$(getconf _NPROCESSORS_ONLN) + 1)
# The pins are whole: pip need not resolve, and must not look past the lock.
PIP    := $(BIN)/python -m pip --disable-pip-version-check

.DEFAULT_GOAL := help

.PHONY: help
help: ## List the targets
	@awk -F':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: digest
digest: install ## Run the whole chain on the bundled sample site and print a draft digest
	@$(BIN)/alliance-nlp demo

.PHONY: install
install: $(VENV)/.installed ## Set up .venv with everything (.venv/bin/alliance-nlp)

$(VENV)/.installed: $(LOCK) pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "alliance-nlp needs Python 3.11 or newer, found " + sys.version.split()[0] + "; set PYTHON=/path/to/python3.11")'
	$(PYTHON) -m venv $(VENV)
	$(PIP) install --quiet --no-deps --require-hashes --requirement $(LOCK)
	$(PIP) install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

.PHONY: test
test: install ## Run the tests
	@$(BIN)/python -m pytest -q -n $(TEST_WORKERS) --dist loadfile --no-loadscope-reorder --durations 25

.PHONY: lint
lint: install ## Check style, types and the import contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

.PHONY: docs
docs: install ## Write docs/reference.md and docs/entities.md (MODEL=a spaCy model to set beside)
	@$(BIN)/python docs/make_reference.py
	@$(BIN)/python docs/make_entities.py $(if $(MODEL),--model $(MODEL))

.PHONY: bench
bench: install rivals ## Run the slow measurements, and the hazards at length
	@$(BIN)/python -m pytest -q -s -o python_files="bench_*.py" tests/bench
	@$(BIN)/python -m pytest -q -m long tests/e2e tests/browser
	@$(BIN)/python -m pytest -q -n auto -m hypothesis --hypothesis-profile=wide tests

.PHONY: rivals
rivals: .rivals/.installed ## Fetch what the benchmarks set beside this project (.rivals)

.rivals/.installed: $(RIVALS) | install
	$(PIP) install --quiet --no-deps --require-hashes --upgrade --target .rivals --requirement $(RIVALS)
	@touch $@

.PHONY: lock
lock: ## Pin the newest allowed versions with their hashes (needs uv)
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --no-emit-find-links --no-header --group dev --extra postgres --extra backfill pyproject.toml --output-file $(LOCK)
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --no-emit-find-links --no-header --no-annotate --constraint $(LOCK) tests/bench/rivals.in \
	  | $(BIN)/python tests/bench/lock_rivals.py $(LOCK) > $(RIVALS)

.PHONY: clean
clean: ## Remove the environment and the demo
	rm -rf $(VENV) .rivals alliance-demo .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
