# Two commands do all the set-up: `make serve` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
HOST ?= 127.0.0.1
PORT ?= 8000
DATA := $(shell find data ontology shapes -type f 2>/dev/null)

.PHONY: serve build test test-long lint lock reference screenshots benchmarks clean

serve: store/CURRENT
	$(BIN)/vetgraph serve store --host $(HOST) --port $(PORT)

build: store/CURRENT

store/CURRENT: $(DATA) $(VENV)/run.stamp
	$(BIN)/vetgraph build data -o store

LONG := kill or referee or w3c or virtuoso or browser

test: $(VENV)/dev.stamp lint
	$(BIN)/python -m pytest -n 2 --dist loadfile -m "not ($(LONG))"

# Suites that take long: kill -9 in the middle of writes; pySHACL over the whole report; Virtuoso; pages in Chromium; what others publish to
# test against, where these name copies of it: VETGRAPH_RDF_TESTS (w3c/rdf-tests, its folder sparql), VETGRAPH_SHACL_TESTS (data-shapes),
# VETGRAPH_XSD (schemas of GEXF and GraphML, in folders gexf-1.3 and graphml), VETGRAPH_RECONCILIATION (schemas of the Reconciliation
# Service API, by version), VETGRAPH_JGF (JSON Graph Format). A file's tests stay with one of two processes: they share what they start.
test-long: $(VENV)/dev.stamp
	$(BIN)/python -m pytest -n 2 --dist loadfile -m "$(LONG)"

lint: $(VENV)/dev.stamp
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

reference: $(VENV)/dev.stamp
	$(BIN)/python docs/reference/make.py

# Every page in Chinese and English, wide, narrow and dark, into build/screenshots; the README's into docs/images.
screenshots: $(VENV)/dev.stamp
	$(BIN)/python docs/screenshots.py

benchmarks: $(VENV)/dev.stamp
	$(BIN)/python benchmarks/startup.py
	$(BIN)/python benchmarks/build.py
	$(BIN)/python benchmarks/shacl.py
	$(BIN)/python benchmarks/networks.py
	$(BIN)/python benchmarks/service.py

# The environment: everything pinned with hashes, then this project itself, editable.
$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "vetgraph needs Python 3.11 or newer; try: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 2; }
	$(PYTHON) -m venv $(VENV)

ASSETS := hatch_build.py frontend/package-lock.json

$(VENV)/run.stamp: requirements.lock pyproject.toml $(ASSETS) | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/dev.stamp: requirements-dev.lock pyproject.toml $(ASSETS) | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@ $(VENV)/run.stamp

# The lock files carry hashes and no addresses; run after a change of the dependencies.
LOCK := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-emit-find-links
lock:
	$(LOCK) pyproject.toml --group build -o requirements.lock
	$(LOCK) pyproject.toml --group build --group dev -c requirements.lock -o requirements-dev.lock

clean:
	rm -rf $(VENV) store build dist frontend/node_modules src/vetgraph/web/static/vendor
