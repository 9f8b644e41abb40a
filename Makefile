# Every target sets itself up; run `make help` for the list.
PYTHON ?= python3
VENV := .venv
BENCH := .venv-bench
GENERATOR := .venv-generator
BIN := $(VENV)/bin
export PATH := $(CURDIR)/$(BIN):$(PATH)
STAMP := $(VENV)/.installed
# Tests that start a whole service or a browser. They mostly wait: a file each, two at a time.
SLOW := live or chaos or browser

.PHONY: help demo serve test chaos format bench bench-setup data probe crowd lock browser postgres linter generator kubectl containers clean
.DEFAULT_GOAL := help

help: ## show this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-11s %s\n", $$1, $$2}'

$(STAMP): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Modelmill needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) --version). Try: make PYTHON=python3.12" >&2; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing pinned packages into $(VENV) (a few minutes the first time)…"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@

data: $(STAMP) ## fetch MNIST into var/datasets (once)
	@modelmill data fetch mnist

demo: data ## train the tutorial network on real MNIST and classify twenty test images
	@modelmill demo

serve: data ## start the whole service and stay until Ctrl-C
	@exec modelmill serve

test: data ## format check, lint, types, import contracts, all tests
	ruff format --check .
	ruff check .
	mypy
	lint-imports
	hadolint Dockerfile
	check-jsonschema --builtin-schema vendor.compose-spec docker-compose.yml deploy/docker-compose.*.yml
	PYTHONHASHSEED=0 pytest -n logical -m "not ($(SLOW))" --cov --cov-report=
	pytest -n 2 --dist loadfile -m "$(SLOW)" --cov --cov-append --cov-report=term-missing

format: $(STAMP) ## rewrite the code in the house format
	ruff check --fix .
	ruff format .

bench: data ## speed, shown as ratios against peers in one run
	python -m benchmarks.training --neighbour
	python -m benchmarks.latency
	python -m benchmarks.serving --training
	python -m benchmarks.bulk

bench-setup: ## install TensorFlow, LitServe and BentoML, the peers, into .venv-bench
	@test -x $(BENCH)/bin/python || $(PYTHON) -m venv $(BENCH)
	@$(BENCH)/bin/python -m pip install --quiet --disable-pip-version-check 'pip>=25.1'
	@$(BENCH)/bin/python -m pip install --quiet --group bench

chaos: data ## break the service over a hundred times and audit what is left (an hour)
	python -m benchmarks.chaos

probe: data ## try the running service with thousands of machine-made requests (minutes)
	python -m benchmarks.probe

crowd: data ## 200 followers, 50 submitters and 50 predictors at once, for a minute
	python -m benchmarks.crowd

containers: data ## build the image, bring the compose file up for real, break it and upgrade it
	bash deploy/check.sh

browser: ## install Debian's Chromium for the browser tests (needs root and apt)
	@command -v chromium >/dev/null || { apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium >/dev/null; }

postgres: ## install Debian's PostgreSQL server for the tests on it (needs root and apt)
	@ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || { apt-get update -qq && apt-get install -y -qq --no-install-recommends postgresql >/dev/null; }

linter: ## install the linter of the OpenAPI document from npm (without npm: needs root and apt)
	@command -v npm >/dev/null || { apt-get update -qq && apt-get install -y -qq --no-install-recommends nodejs npm >/dev/null; }
	@test -x node_modules/.bin/redocly || npm install --silent --no-audit --no-fund --no-save @redocly/cli@2.77.0

generator: ## install openapi-python-client into .venv-generator: it bounds what we need newer
	@test -x $(GENERATOR)/bin/openapi-python-client || { $(PYTHON) -m venv $(GENERATOR) && $(GENERATOR)/bin/python -m pip install --quiet --disable-pip-version-check openapi-python-client==0.29.1; }

kubectl: ## install Debian's kubectl for the test of deploy/kubernetes (needs root and apt)
	@command -v kubectl >/dev/null || { apt-get update -qq && apt-get install -y -qq --no-install-recommends kubernetes-client >/dev/null; }

lock: $(STAMP) ## write constraints.txt anew from what .venv holds
	@{ sed -n '/^#/p' constraints.txt; $(BIN)/python -m pip freeze --exclude-editable | sed 's/+cpu//'; } > constraints.new
	@mv constraints.new constraints.txt

clean: ## remove the virtual environment and caches; var/ stays
	rm -rf $(VENV) $(BENCH) $(GENERATOR) node_modules .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .coverage
