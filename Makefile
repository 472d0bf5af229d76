# Everything runs in .venv, which is made from pinned requirements when it is missing or stale.
# Paths are relative, so the checkout may lie in a folder with spaces.

VIGIE = .venv/bin/python -m vigie
RUFF = .venv/bin/python -m ruff
MYPY = .venv/bin/python -m mypy
PYTEST = .venv/bin/python -m pytest
export PYTHON
# Each process that tests start would compile all of Vigie anew, and each worker all of the tests.
unexport PYTHONDONTWRITEBYTECODE

SCREENS = src/vigie/faces/server/screens/built/index.html

.PHONY: help run test test-all bench format lint check-docs tables pins clean system openapi web check-web screens-if-node pictures
.DEFAULT_GOAL := help

help: ## Show what there is to make.
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 20

.venv/.installed-base: requirements/base.txt requirements/install.sh pyproject.toml
	@requirements/install.sh base

.venv/.installed-server: requirements/server.txt .venv/.installed-base
	@requirements/install.sh server

.venv/.installed-dev: requirements/dev.txt .venv/.installed-server
	@requirements/install.sh dev

# Made anew when a source of them changed.
$(SCREENS): web/node_modules/.installed web/index.html web/vite.config.ts \
	$(shell find web/src web/public -type f 2>/dev/null)
	@echo "Building the screens; that takes a moment."
	@cd web && npm run --silent build && touch ../$@

web/node_modules/.installed: web/package.json web/package-lock.json
	@echo "Installing what the screens are built with."
	@cd web && npm ci --no-audit --no-fund && touch node_modules/.installed

web: $(SCREENS) ## Build the screens (needs Node 20.19 or newer).
	@:

# The platform runs without its screens, and says how to build them.
screens-if-node:
	@if command -v npm >/dev/null 2>&1; then $(MAKE) --no-print-directory web || \
		echo "The screens could not be built; the platform goes on with its API."; \
	else echo "Node is not here, so the screens are not built; the platform goes on with its API."; fi

check-web: ## Check the screens: lint, types and their tests (when Node is here).
	@if command -v npm >/dev/null 2>&1; then \
		$(MAKE) --no-print-directory web/node_modules/.installed && cd web && npm run --silent check; \
	else echo "THE SCREENS WERE NOT CHECKED: Node is not here."; fi

pictures: .venv/.installed-dev web ## Take pictures of every screen into out/pictures; SPEAK=fr takes them in French.
	.venv/bin/python -m tools.pictures $(if $(filter fr,$(SPEAK)),--lang fr --into out/pictures/fr)

run: .venv/.installed-server screens-if-node ## Install three scanners and start the platform, which scans examples/shop and this machine.
	@$(VIGIE) scanners install bandit gitleaks hadolint || \
		echo "Not every scanner could be installed; the platform goes on with those that are here."
	@exec $(VIGIE) up $(UP)

test: .venv/.installed-dev system lint check-web ## All that CI runs: format, lint, types, import rule, tests, docs.
	$(PYTEST) -n auto --dist worksteal -q -m "not slow"

test-all: .venv/.installed-dev system lint check-web ## The same and the slow tests.
	$(PYTEST) -n auto --dist worksteal -q

system:
	@requirements/system.sh

lint: .venv/.installed-dev ## Check format, lint and types.
	$(RUFF) format --check .
	$(RUFF) check .
	$(MYPY)

check-docs: .venv/.installed-dev ## Only: do the docs match the code?
	$(PYTEST) -q tests/docs

tables: .venv/.installed-dev ## Renew the tables of plugs in the pages.
	$(PYTEST) -q tests/docs/test_docs.py -k tables --update-golden

openapi: .venv/.installed-dev ## Renew docs/api/openapi.json and the client that is made from it.
	.venv/bin/python -m tools.openapi
	.venv/bin/python -m tools.client
	@if [ -d web/node_modules ]; then cd web && npm run --silent client; \
	else echo "web/src/api/made/schema.ts was not renewed: run make web, then make openapi."; fi

format: .venv/.installed-dev ## Put every file in order.
	$(RUFF) format .
	$(RUFF) check --fix .

bench: .venv/.installed-dev ## Run the benchmarks and write bench/results.md.
	.venv/bin/python -m bench.run

pins: ## Pin the newest requirements that fit; UPGRADE=--upgrade moves them all.
	@requirements/compile.sh $(UPGRADE)

clean: ## Remove what was made here.
	rm -rf web/node_modules src/vigie/faces/server/screens/built .venv out build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
