# Front Door: everything that is done with a checkout. `make help` lists it.
#
# Each step leaves a stamp in .venv/.stamps, so that a second run installs nothing unless the pins or pyproject.toml changed.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:

VENV := .venv
STAMPS := $(VENV)/.stamps
BIN := $(VENV)/bin
# Only wheels, only those whose hash is in the file: nothing that was fetched is built or run while installing.
PIP_INSTALL := $(BIN)/python -m pip --disable-pip-version-check install --quiet
PINNED := $(PIP_INSTALL) --require-hashes --only-binary=:all:

PYTHON ?= python3
# A python that was named is used or refused; otherwise the first one that is new enough.
PYTHONS := $(if $(filter file,$(origin PYTHON)),$(PYTHON) python3.13 python3.12 python3.11 python3.14,$(PYTHON))
JOBS ?= 2
MINUTES ?= 0.6
PYTEST_ARGS ?=
SERVE_ARGS ?=
PYODIDE ?= build/pyodide
BENCH_ARGS ?=

DEMO := outputs/demo
DEMO_SCENARIOS := $(addprefix scenarios/,croydon-2017.yaml croydon-surge.yaml croydon-surge-teams.yaml croydon-nqsw-no-cap.yaml croydon-nqsw-caps.yaml)
# What a result depends on: the code (with the report's template) and the scenarios.
SOURCES := $(shell find sim scenarios -type f -not -path '*/__pycache__/*' 2>/dev/null)

.PHONY: help
help:  ## list what can be made
	@grep -hE '^[a-z]+:.*  ## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*  ## /make \1|/' | while IFS='|' read -r name what; do \
	    printf '%-16s %s\n' "$$name" "$$what"; done

# ------------------------------------------------------------------------------------------------ the two to start with

.PHONY: demo
demo: $(DEMO)/report.html  ## compare Croydon as it was with its 2017 surge, surge teams and NQSWs with and without a cap; say where the report is
	@printf '\nThe report is at %s\nOpen it in a browser; it needs no connection.\n' "$(CURDIR)/$<"
	@printf 'It is made again when the code or the scenarios change, or when %s is removed.\n' $(DEMO)

$(DEMO)/report.html: $(SOURCES) requirements/run.txt | $(STAMPS)/project
	$(BIN)/frontdoor compare $(DEMO_SCENARIOS) --minutes $(MINUTES) --out $(DEMO)

.PHONY: serve
serve: $(STAMPS)/serve  ## open the page "what if": move levers, watch what changes (SERVE_ARGS="--port 8080")
	$(BIN)/frontdoor serve $(SERVE_ARGS)

.PHONY: test
test: $(STAMPS)/test  ## run all tests (PYTEST_ARGS="-m unit" runs one layer)
	$(BIN)/python -m pytest -n $(JOBS) $(PYTEST_ARGS)

# The tools that councils check their returns with need older libraries than ours: each has an environment of its own.
VALIDATORS := $(VENV)-validators

.PHONY: validators
validators: $(VALIDATORS)/cin/.done $(VALIDATORS)/annex-a/.done  ## install the sector's census validator and Annex A reader, for two optional tests

$(VALIDATORS)/cin/.done: requirements/cin-validator.txt
$(VALIDATORS)/annex-a/.done: requirements/annex-a-reader.txt
$(VALIDATORS)/%/.done:
	@old=$$(for candidate in $(PYTHON) python3.11 python3.10; do \
	    "$$candidate" -c 'import sys; sys.exit(not (3, 10) <= sys.version_info[:2] <= (3, 11))' 2>/dev/null && echo "$$candidate" && break; done); \
	if [ -z "$$old" ]; then echo "The validators need Python 3.11 or 3.10." >&2; exit 1; fi; \
	echo "Installing $< in $(@D)"; "$$old" -m venv --clear $(@D)
	@$(@D)/bin/python -m pip --disable-pip-version-check install --quiet --no-deps --require-hashes --only-binary=:all: -r $<
	@touch $@

# ------------------------------------------------------------------------------------------------ speed

# The extension modules lie beside their sources (compile_model.py says which are compiled).
COMPILED := $(shell find sim/model sim/streams sim/calendar sim/scenario -name '*.py' | LC_ALL=C sort)
PLAIN = find sim -name '*.so' -delete; rm -f frontdoor_model__mypyc.*.so sim/compiled.json $(STAMPS)/fast

.PHONY: fast
fast: $(STAMPS)/fast  ## compile the model: the same results in half the time (a minute, once; needs a C compiler)

$(STAMPS)/fast: $(COMPILED) compile_model.py pyproject.toml requirements/compile.txt | $(STAMPS)/project
	@if ! printf '#include <Python.h>\n' | $${CC:-cc} -fsyntax-only -I"$$($(BIN)/python -c 'import sysconfig; print(sysconfig.get_path("include"))')" -x c - 2>/dev/null; then \
	    echo "Compiling needs a C compiler and Python's headers (on Debian and Ubuntu: apt-get install gcc python3-dev)." >&2; \
	    echo "Without it everything works as it is, at half the speed." >&2; exit 1; \
	fi
	@$(PINNED) -r requirements/compile.txt
	@echo "Compiling the model (about a minute)"
	@$(PLAIN); mkdir -p build
	@$(BIN)/python compile_model.py >build/compile.log 2>&1 || { tail -n 20 build/compile.log >&2; $(PLAIN); exit 1; }
	@touch $@

.PHONY: plain
plain:  ## go back to the model as it is written
	@$(PLAIN)

# ------------------------------------------------------------------------------------------------ checks

.PHONY: lint
lint: $(STAMPS)/dev  ## check style with ruff
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

.PHONY: format
format: $(STAMPS)/dev  ## put the code into the house style
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

.PHONY: types
types: $(STAMPS)/dev  ## check types with mypy, strictly
	$(BIN)/mypy

.PHONY: layers
layers: $(STAMPS)/dev  ## check that the layers are imported one way only
	$(BIN)/lint-imports

.PHONY: docs
docs: $(STAMPS)/docs  ## build the documentation as a site that opens offline, in docs/_build/html
	$(BIN)/python -m sphinx -q -j auto -W --keep-going -b html docs docs/_build/html
	@printf '\nThe site is at %s\nOpen it in a browser; it needs no connection.\n' "$(CURDIR)/docs/_build/html/index.html"

.PHONY: page
page: $(STAMPS)/test  ## build the page as one file that runs in a browser with nothing installed, outputs/frontdoor.html (PYODIDE=folder; make pyodide fills it)
	$(BIN)/python -m sim.serve.one_file.build $(PYODIDE) outputs/frontdoor.html

.PHONY: pyodide
pyodide: $(STAMPS)/run  ## fetch Python for browsers (pyodide from npm, its wheels from PyPI) into build/pyodide
	@mkdir -p build/pyodide-archives
	cd build/pyodide-archives && npm pack --silent pyodide@314.0.3
	$(BIN)/python -m pip --disable-pip-version-check download --quiet --no-deps --only-binary=:all: -d build/pyodide-archives open-webui==0.12.4
	$(BIN)/python -m sim.serve.one_file.gather build/pyodide-archives/pyodide-314.0.3.tgz build/pyodide-archives/open_webui-0.12.4-py3-none-any.whl build/pyodide

.PHONY: wheel
wheel: $(STAMPS)/dev  ## build the source archive, and from it the wheel of plain Python, into dist/
	rm -rf dist
	$(BIN)/python -m build --no-isolation --outdir dist .

.PHONY: compiled-wheel
compiled-wheel: $(STAMPS)/dev  ## build the wheel with the model compiled for this platform, into dist/ (needs a C compiler)
	@$(PINNED) -r requirements/compile.txt
	@$(PLAIN)
	FRONTDOOR_COMPILED=1 $(BIN)/python -m build --wheel --no-isolation --outdir dist .
	@$(PLAIN)

# Installs a wheel in an empty environment and uses it from another folder, by hand and by the tests that concern the
# model: $(call used,WHEEL)
LAYERS := tests/golden tests/property tests/analytic
define used
	@set -eu; empty=$$(mktemp -d); trap 'rm -rf "$$empty"' EXIT; wheel=$$(ls "$(CURDIR)"/dist/$(1)); \
	$(BIN)/python -m venv "$$empty/venv"; pip="$$empty/venv/bin/python -m pip --disable-pip-version-check install --quiet"; \
	$$pip --require-hashes --only-binary=:all: -r requirements/run.txt; \
	$$pip --no-deps --no-index "$$wheel"; \
	mkdir "$$empty/elsewhere"; cp -r tests scenarios pyproject.toml "$$empty/elsewhere"; cd "$$empty/elsewhere"; \
	for command in --version --help list doctor "compare tiny tiny -n 2 --out results"; do \
	    printf '\n$$ frontdoor %s\n' "$$command"; "$$empty/venv/bin/frontdoor" $$command; done; \
	$$pip --require-hashes --only-binary=:all: -r "$(CURDIR)/requirements/test.txt"; \
	FRONTDOOR_PLAIN= "$$empty/venv/bin/python" -m pytest -n $(JOBS) -p no:cacheprovider $(LAYERS)
endef

.PHONY: check
check: wheel  ## install the plain wheel in an empty environment, use it from another folder and test the model there
	$(call used,*-none-any.whl)

.PHONY: check-compiled
check-compiled: compiled-wheel  ## the same with the compiled wheel
	$(call used,*-cp3*.whl)

.PHONY: bench
bench: $(STAMPS)/peers  ## measure speed and memory beside other simulators (about twenty minutes; BENCH_ARGS=--quick for five), with a trend
	$(BIN)/python -m benchmarks $(BENCH_ARGS)

# ------------------------------------------------------------------------------------------------ housekeeping

COMPILE = $(VENV)-lock/bin/uv pip compile --quiet --universal --fork-strategy fewest --python-version 3.11 --generate-hashes \
    --no-emit-index-url --no-emit-find-links --strip-extras --custom-compile-command "make lock" $(if $(UPGRADE),--upgrade)

.PHONY: lock
lock: $(STAMPS)/python  ## rewrite the pins in requirements/ (UPGRADE=1 also takes newer versions)
	$(BIN)/python -m venv --clear $(VENV)-lock
	$(VENV)-lock/bin/python -m pip --disable-pip-version-check install --quiet --require-hashes --only-binary=:all: -r requirements/lock.txt
	$(COMPILE) pyproject.toml --extra parquet --extra returns --extra export -o requirements/run.txt
	$(COMPILE) pyproject.toml --extra test -c requirements/run.txt -o requirements/test.txt
	$(COMPILE) pyproject.toml --extra dev -c requirements/test.txt -o requirements/dev.txt
	$(COMPILE) pyproject.toml --extra docs -c requirements/dev.txt -o requirements/docs.txt
	$(COMPILE) pyproject.toml --extra peers -c requirements/dev.txt -o requirements/peers.txt
	$(COMPILE) pyproject.toml --extra serve -c requirements/dev.txt -o requirements/serve.txt
	$(COMPILE) pyproject.toml --extra compile -c requirements/dev.txt -o requirements/compile.txt
	$(COMPILE) requirements/build.in -c requirements/dev.txt -o requirements/build.txt
	$(COMPILE) requirements/lock.in -o requirements/lock.txt
	$(COMPILE) --only-binary :all: requirements/cin-validator.in -o requirements/cin-validator.txt
	$(COMPILE) --only-binary :all: requirements/annex-a-reader.in --override requirements/annex-a-reader.overrides -o requirements/annex-a-reader.txt
	rm -rf $(VENV)-lock

.PHONY: clean
clean: plain  ## remove what was built and cached, and the demonstration's results
	rm -rf dist build .pytest_cache .hypothesis .mypy_cache .ruff_cache .import_linter_cache $(DEMO)
	find sim tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true

.PHONY: distclean
distclean: clean  ## and the virtual environment
	rm -rf $(VENV) $(VENV)-lock $(VALIDATORS)

# ------------------------------------------------------------------------------------------------ the environment

$(STAMPS)/python:
	@for candidate in $(PYTHONS); do \
	    if "$$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then found=$$candidate; break; fi; \
	done; \
	if [ -z "$${found:-}" ]; then \
	    echo "Front Door needs Python 3.11 or newer. Tried: $(PYTHONS)." >&2; \
	    echo "$(PYTHON) is: $$("$(PYTHON)" --version 2>&1 | head -n 1 || true)" >&2; \
	    echo "Install a newer Python, or name one: make $(MAKECMDGOALS) PYTHON=/path/to/python3.12" >&2; exit 1; \
	fi; \
	echo "Making $(VENV) with $$found ($$("$$found" --version))"; \
	if ! "$$found" -m venv --clear $(VENV); then \
	    echo "This Python cannot make virtual environments. On Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; \
	fi; \
	mkdir -p $(STAMPS); touch $@

$(STAMPS)/run: requirements/run.txt requirements/build.txt | $(STAMPS)/python
	@echo "Installing what Front Door runs on"
	@$(PINNED) -r requirements/run.txt -r requirements/build.txt
	@touch $@

# The project itself, editable: without isolation and without an index, because all that it needs is pinned above.
$(STAMPS)/project: pyproject.toml $(STAMPS)/run
	@$(PIP_INSTALL) --no-deps --no-build-isolation --no-index --editable .
	@touch $@

$(STAMPS)/serve: requirements/serve.txt $(STAMPS)/project
	@echo "Installing what serves the page"
	@$(PINNED) -r requirements/serve.txt
	@touch $@

$(STAMPS)/test: requirements/test.txt $(STAMPS)/project
	@echo "Installing the test tools"
	@$(PINNED) -r requirements/test.txt
	@touch $@

$(STAMPS)/dev: requirements/dev.txt $(STAMPS)/test
	@echo "Installing the checking tools"
	@$(PINNED) -r requirements/dev.txt
	@touch $@

$(STAMPS)/peers: requirements/peers.txt $(STAMPS)/test
	@echo "Installing the simulators that are compared with"
	@$(PINNED) -r requirements/peers.txt
	@touch $@

$(STAMPS)/docs: requirements/docs.txt $(STAMPS)/project
	@echo "Installing what builds the documentation"
	@$(PINNED) -r requirements/docs.txt
	@touch $@
