# make run     start the app on http://127.0.0.1:8501 (PORT=8600 for another port)
# make class   serve a class on the local network: prints address, code and the teacher's link
# make test    run all tests, in a browser too; those of the JavaScript modules where Node is there
# make test-fast  run the tests that need no browser, in a minute on two cores
# make lint    run all checks of the source; needs Node for the JavaScript
# make audit   say whether the packages have known holes; asks their database
# make bench   print the benchmark tables
# make screenshots  make the pictures in docs/ from the running app
# make theme   write .streamlit/config.toml's theme from the design tokens
# Each installs what it needs into .venv first. PYTHON=python3.12 picks the Python that .venv is made with.

PYTHON ?= python3
PORT ?= 8501
WORKERS ?= 2
export CHROMIUM

VENV := .venv
BIN := $(VENV)/bin
# An installation is named by what it was made from, so that a changed list is installed and an unchanged one is not.
APP := $(VENV)/app-$(shell cat requirements.txt | cksum | tr ' ' '-')
DEV := $(VENV)/dev-$(shell cat requirements.txt requirements-dev.txt | cksum | tr ' ' '-')
# The tests' networks are faster with the memory that a trainer is started with, and with one thread for each worker.
KEEP_MEMORY = $$($(BIN)/python -c 'from alexnet_viz.training.launcher import KEEP_MEMORY as kept; print(*map("=".join, kept.items()))')
# A file at a time goes to whichever worker is free, in the order of the folders, those with a browser last: each
# worker then has an app and a browser of its own.
PYTEST = env OMP_NUM_THREADS=1 $(KEEP_MEMORY) $(BIN)/python -m pytest --numprocesses $(WORKERS) \
	--dist loadfile --no-loadscope-reorder
JS := node_modules/installed-$(shell cat package-lock.json | cksum | tr ' ' '-')

.PHONY: run class test test-fast test-web lint lint-python lint-js audit bench screenshots theme chromium

run: $(APP)
	exec $(BIN)/python -m streamlit run streamlit_app.py --server.port $(PORT)

class: $(APP)
	exec $(BIN)/python -m alexnet_viz class --port $(PORT)

test: test-web $(DEV) chromium
	$(PYTEST)

test-fast: test-web $(DEV)
	$(PYTEST) --ignore tests/browser -m "not slow"

# Node's own runner; needs no packages, so that it runs wherever Node is.
test-web:
	@if command -v npm >/dev/null; then npm test --silent; \
	else echo "Node is not here: the tests of the JavaScript modules are left out."; fi

lint: lint-python lint-js

lint-python: $(DEV)
	$(BIN)/python -m ruff check
	$(BIN)/python -m ruff format --check
	$(BIN)/python -m mypy
	$(BIN)/lint-imports --no-logo

lint-js: $(JS)
	npm run --silent lint

audit: $(DEV)
	$(BIN)/python -m tools.audit

bench: $(DEV)
	@for script in benchmarks/*.py; do \
		echo "== $$script"; PYTHONPATH=. $(BIN)/python "$$script" || exit 1; \
	done

screenshots: $(DEV) chromium
	$(BIN)/python -m tools.screenshots

theme: $(APP)
	$(BIN)/python -m tools.theme

$(APP):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo "$(PYTHON) is missing or older than 3.11; install a newer one, or name it: make run PYTHON=python3.12"; exit 1; }
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv $(VENV) || { \
		echo "$(PYTHON) cannot make an environment; on Debian and Ubuntu: apt-get install python3-venv"; exit 1; }
	@echo "Installing the app into $(VENV); PyTorch is several GB, so the first time takes some minutes."
	@$(BIN)/python -m pip install -r requirements.txt
	@rm -f $(VENV)/app-* && touch $@

$(DEV): $(APP)
	@echo "Installing what the tests and checks need into $(VENV)."
	@$(BIN)/python -m pip install -r requirements-dev.txt
	@rm -f $(VENV)/dev-* && touch $@

$(JS):
	@command -v npm >/dev/null || { \
		echo "Checking the JavaScript needs Node.js 20.19 or newer with npm, from https://nodejs.org; nothing else does."; exit 1; }
	npm ci --no-audit --no-fund
	@touch $@

# Debian's Chromium, and with it its shell without windows where Debian has one: the tests take that.
chromium:
	@test -x "$(or $(CHROMIUM),/usr/bin/chromium)" || ! command -v apt-get >/dev/null || test "$$(id -u)" != 0 || \
		{ apt-get update && export DEBIAN_FRONTEND=noninteractive && \
		{ apt-get install -y chromium chromium-headless-shell || apt-get install -y chromium; }; }
	@test -x "$(or $(CHROMIUM),/usr/bin/chromium)" || { \
		echo "The browser tests need Chromium at $(or $(CHROMIUM),/usr/bin/chromium): install it, or name another:"; \
		echo "make test CHROMIUM=/path/to/chrome"; exit 1; }
