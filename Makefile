# Everything a newcomer needs: `make demo`, then `make ui`. Each target sets itself up; a second call installs nothing.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
FOREIGN := tests/connectors/sandbox/foreign
SUDO := $(if $(filter 0,$(shell id -u)),,sudo)

.DEFAULT_GOAL := help
.PHONY: help setup demo ui test test-full office foreign lint types format lock clean

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 20

$(STAMP): requirements.lock pyproject.toml
	@echo "Setting up $(VENV) from requirements.lock (once) ..."
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	@$(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python -r requirements.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps -e .
	@touch $@

setup: $(STAMP) ## create .venv with the locked versions

demo: $(STAMP) ## the whole line on the sandbox CRMs; ends with the printed account map
	@$(BIN)/python -m demo

ui: $(STAMP) ## the Dagster UI on the demo, with the sandbox CRMs behind it
	@$(BIN)/python -m demo ui

test: $(STAMP) ## unit, dbt and end-to-end tests (some ten minutes on two cores; three workers, for tests wait for sockets and disks)
	@$(BIN)/python -m pytest -n 3 --dist loadscope --no-loadscope-reorder -m "not full"

test-full: $(STAMP) office foreign ## the long campaigns too, and what needs LibreOffice or node (installed where they are missing)
	@$(BIN)/python -m pytest -n 3 --dist loadscope --no-loadscope-reorder

office: # what draws and saves plans and forms in the tests: LibreOffice, a Japanese font, pdftotext
	@command -v soffice >/dev/null && dpkg -s libreoffice-impress libreoffice-calc poppler-utils fonts-noto-cjk >/dev/null 2>&1 || \
	  { $(SUDO) apt-get update -qq && $(SUDO) apt-get install -y -qq --no-install-recommends libreoffice-impress libreoffice-calc poppler-utils fonts-noto-cjk; }

foreign: # a CRM client of others, against which the sandbox is tested: node and jsforce
	@command -v npm >/dev/null || { $(SUDO) apt-get update -qq && $(SUDO) apt-get install -y -qq --no-install-recommends nodejs npm; }
	@test $(FOREIGN)/node_modules/.package-lock.json -nt $(FOREIGN)/package-lock.json || \
	  npm ci --prefix $(FOREIGN) --ignore-scripts --no-audit --no-fund --loglevel error

lint: $(STAMP) ## ruff and sqlfmt, changing nothing
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/sqlfmt --check --quiet dbt_project

types: $(STAMP) ## mypy
	@$(BIN)/mypy

format: $(STAMP) ## bring Python and SQL into form
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .
	@$(BIN)/sqlfmt dbt_project

lock: $(STAMP) ## resolve the dependencies anew
	@$(BIN)/uv pip compile --quiet --extra dev --universal --no-emit-index-url --upgrade pyproject.toml -o requirements.lock

clean: ## remove all state of the demo and of Dagster (not .venv)
	rm -rf .local dbt_project/target
