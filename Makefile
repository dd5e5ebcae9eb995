# asmgraph: two commands. `make serve` runs it, `make test` proves it. Both set up what they need, once.
PYTHON ?= python3
PORT ?= $(or $(ASMGRAPH_PORT),8000)
VENV := .venv
BIN := $(VENV)/bin
STAMPS := $(VENV)/stamps
ASSETS := api/frontend/package.json api/frontend/package-lock.json api/frontend/build.mjs
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export ASMGRAPH_HOME ?= .asmgraph

.PHONY: serve test check install clean

serve: $(STAMPS)/run $(STAMPS)/assets ## build and publish the starter data into an empty home, then serve
	@$(BIN)/asmgraph init
	@exec $(BIN)/asmgraph serve --port $(PORT)

test: $(STAMPS)/dev $(STAMPS)/dev-assets ## everything: style, types, layers, tests, browser
	@$(BIN)/python tests/run.py

check: $(STAMPS)/dev ## style, types and layers alone
	@$(BIN)/python tests/run.py --check

install: $(STAMPS)/run $(STAMPS)/assets ## what serve needs, without serving

clean: ## remove what was installed; data stays
	rm -rf $(VENV) api/static/vendor data/boundaries api/frontend/node_modules

$(VENV)/pyvenv.cfg:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "asmgraph needs Python 3.11 or newer; choose one with PYTHON=python3.12 make ..."; exit 1; }
	@echo "Making the virtual environment in $(VENV)"
	@$(PYTHON) -m venv $(VENV)

$(STAMPS)/run: requirements/run.txt requirements/build.txt pyproject.toml | $(VENV)/pyvenv.cfg
	@echo "Installing the locked dependencies"
	@$(BIN)/python -m pip install --quiet --require-hashes -r requirements/build.txt -r requirements/run.txt
	@$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/dev: requirements/dev.txt $(STAMPS)/run
	@echo "Installing the locked development dependencies"
	@$(BIN)/python -m pip install --quiet --require-hashes -r requirements/dev.txt
	@touch $@

$(STAMPS)/assets: $(ASSETS) $(STAMPS)/run
	@echo "Fetching and building the pages' assets"
	@cd api/frontend && PATH="$(CURDIR)/$(BIN):$$PATH" npm ci --omit=dev --silent --no-audit --no-fund
	@PATH="$(CURDIR)/$(BIN):$$PATH" node api/frontend/build.mjs
	@touch $@

$(STAMPS)/dev-assets: $(ASSETS) $(STAMPS)/assets
	@cd api/frontend && PATH="$(CURDIR)/$(BIN):$$PATH" npm ci --silent --no-audit --no-fund
	@PATH="$(CURDIR)/$(BIN):$$PATH" node api/frontend/build.mjs --dev
	@touch $@
