# Everything runs in .venv, which the first target that needs it makes. Needs python3 (3.11 or
# newer) and make, nothing else.

PYTHON ?= python3
BIN := .venv/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# the tests start hundreds of processes: each module is compiled once, wherever they run
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help render test quick lint types golden docs bench clean
.DEFAULT_GOAL := help

help: ## list the targets
	@grep -hE '^[a-z.-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

.venv/ready: pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "needs Python 3.11 or newer, this is %d.%d" % sys.version_info[:2])'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --editable '.[dev]'
	@touch $@

.venv-render/ready: pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "needs Python 3.11 or newer, this is %d.%d" % sys.version_info[:2])'
	$(PYTHON) -m venv .venv-render
	.venv-render/bin/python -m pip install --quiet --editable .
	@touch $@

render: .venv-render/ready ## render every app in stacks/ into build/
	@.venv-render/bin/python -m stacks.render
	@echo
	@echo "Look into build/hoge/template.yaml (one for every environment) and build/hoge/prod.json."

test: .venv/ready .venv-ministack/ready .venv-checkov/ready .chromium lint types ## every check of the project
	$(BIN)/python -m pytest --numprocesses 2

quick: .venv/ready lint ## what runs in under a minute
	$(BIN)/python -m pytest --numprocesses 2 -m 'not slow and not ministack'

lint: .venv/ready ## ruff, rules and format
	$(BIN)/ruff check
	$(BIN)/ruff format --check

types: .venv/ready ## mypy --strict
	$(BIN)/mypy

golden: .venv/ready ## rewrite tests/golden from what is rendered now; review it like code
	$(BIN)/python -m tests.golden

docs: .venv/ready ## rewrite docs/reference, and the tables of scenarios and traps
	$(BIN)/python docs/generate.py
	$(BIN)/python -m tests.scenarios
	$(BIN)/python -m tests.traps

bench: .venv/ready ## measure, and print ratios
	$(BIN)/python -m benchmarks

# tools that pin what others need stay in environments of their own
.venv-ministack/ready: .venv/ready
	$(BIN)/python -m tests.ministack.server --install
	@touch $@

# the browser in which the page of a review is tested
.PHONY: .chromium
.chromium:
	@command -v chromium >/dev/null || \
	{ [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null \
	  && apt-get update -q && apt-get install -y -q --no-install-recommends chromium; } || \
	echo "No chromium here, nor a way to install it: the tests of the review's page are skipped."

.venv-checkov/ready:
	$(PYTHON) -m venv .venv-checkov
	.venv-checkov/bin/python -m pip install --quiet 'checkov>=3.3,<4'
	@touch $@

clean: ## remove what was made
	rm -rf build .venv .venv-* .ecs-blocks/check .mypy_cache .pytest_cache .ruff_cache .hypothesis
