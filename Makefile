# Every target that needs the environment creates it first; see scripts/setup.
SHELL := /bin/sh
PY := .venv/bin/python
STAMP := .venv/.ready

.PHONY: setup demo test coverage run lint lock migration words chaos bench clean

setup: $(STAMP)

$(STAMP): requirements/dev.txt scripts/setup
	@sh scripts/setup

# DEMO="--port 9000" passes options on, DEMO=--help lists them.
demo: $(STAMP)
	@$(PY) -m sandbox.demo $(DEMO)

test: $(STAMP)
	@sh scripts/test

# All tests, and which lines they ran, also in the bots that tests start; slower than `make test`.
coverage: $(STAMP)
	@sh scripts/test --cov --cov-report=term --cov-report=html

# Thousands of simulated histories of the engine, then real processes:
# at least 300 requests through random faults and kills, on both databases; CHAOS="--seed 7" repeats a run's draws.
chaos: $(STAMP)
	@$(PY) -m sandbox.simulator --histories 3000 --processes 2 --go-on
	@$(PY) -m sandbox.simulator --histories 300 --processes 2 --go-on --postgresql
	@$(PY) -m sandbox.chaos $(CHAOS)

bench: $(STAMP)
	@$(PY) -m benchmarks.pacing
	@$(PY) -m benchmarks.polling
	@$(PY) -m benchmarks.guard
	@$(PY) -m benchmarks.in_flight
	@$(PY) -m benchmarks.retention
	@$(PY) -m benchmarks.gallery
	@$(PY) -m benchmarks.naive

run: $(STAMP)
	@$(PY) -m bot

lint: $(STAMP)
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(PY) -m mypy

lock: $(STAMP)
	@sh scripts/lock

# The next migration, from what changed in bot/storage/tables: make migration MESSAGE="what it brings".
migration: $(STAMP)
	@PYTHONPATH=. $(PY) scripts/new-migration "$(MESSAGE)"

# The catalogues of sentences, brought up to date with the code.
words: $(STAMP)
	@PYTHONPATH=. $(PY) scripts/extract-words

clean:
	rm -rf .venv .tools .mypy_cache .ruff_cache .pytest_cache .coverage htmlcov
