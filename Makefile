# Everything runs in .venv, which is made from pinned requirements when it is missing or stale.
# Paths are relative, so the checkout may lie in a folder with spaces.

VIGIE = .venv/bin/python -m vigie
RUFF = .venv/bin/python -m ruff
MYPY = .venv/bin/python -m mypy
PYTEST = .venv/bin/python -m pytest
export PYTHON

.PHONY: help run test test-all bench format lint check-docs tables pins clean system openapi
.DEFAULT_GOAL := help

help: ## Show what there is to make.
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 20

.venv/.installed-base: requirements/base.txt requirements/install.sh pyproject.toml
	@requirements/install.sh base

.venv/.installed-server: requirements/server.txt .venv/.installed-base
	@requirements/install.sh server

.venv/.installed-dev: requirements/dev.txt .venv/.installed-server
	@requirements/install.sh dev

run: .venv/.installed-base ## Install three scanners, scan examples/shop and this machine, write out/*.html.
	@$(VIGIE) scanners install bandit gitleaks hadolint || \
		echo "Not every scanner could be installed; the scan goes on with those that are here."
	@mkdir -p out
	@code=0; \
	$(VIGIE) scan examples/shop --exposure open --format table --format html=out/shop.html \
		--format json=out/shop.json || code=$$?; \
	$(ANSWERED); \
	echo; echo "And what is installed on this machine:"; code=0; \
	$(VIGIE) scan / --with embedded --format html=out/machine.html --format json=out/machine.json \
		--format table=out/machine.txt || code=$$?; \
	if [ -f out/machine.txt ]; then head -n 20 out/machine.txt; fi; \
	$(ANSWERED); \
	echo; \
	echo "The reports: out/shop.html, out/machine.html  (open them in a browser)"; \
	echo "The data:    out/shop.json  (vigie explain out/shop.json FINDING, vigie gate out/shop.json)"; \
	echo "The upgrades: vigie fix examples/shop"

# 3 is an answer too, with something left unknown; any other code is an error.
ANSWERED = case $$code in 0) ;; \
	3) echo; echo "The result is partial: the warnings above say what was not looked at." ;; \
	*) exit $$code ;; esac

test: .venv/.installed-dev system lint ## All that CI runs: format, lint, types, import rule, tests, docs.
	$(PYTEST) -n auto -q -m "not slow"

test-all: .venv/.installed-dev system lint ## The same and the slow tests.
	$(PYTEST) -n auto -q

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

format: .venv/.installed-dev ## Put every file in order.
	$(RUFF) format .
	$(RUFF) check --fix .

bench: .venv/.installed-dev ## Run the benchmarks and write bench/results.md.
	.venv/bin/python -m bench.run

pins: ## Pin the newest requirements that fit; UPGRADE=--upgrade moves them all.
	@requirements/compile.sh $(UPGRADE)

clean: ## Remove what was made here.
	rm -rf .venv out build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
