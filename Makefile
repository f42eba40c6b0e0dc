# `make demo` and `make test` do everything on a fresh Debian machine; `make help` lists the rest.
SHELL := /bin/bash
.DEFAULT_GOAL := help
ARGS ?=
PY := .venv/bin/python

.PHONY: help
help: ## This list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-16s %s\n", $$1, $$2}'

.PHONY: setup
setup: ## Install what running needs (Debian packages, .venv, front-end libraries)
	@scripts/setup.sh run

.PHONY: setup-test
setup-test:
	@scripts/setup.sh test

.PHONY: demo
demo: setup ## Post the sample dossiers through the real API and worker, then serve the page (ARGS=--once ends)
	@.venv/bin/digitize demo $(ARGS)

.PHONY: up
up: setup ## Run the service on this machine (ARGS="--port 8000 --data DIR")
	@.venv/bin/digitize up $(ARGS)

.PHONY: test
# Three at once on two cores: the tests that kill and wait leave a third of each core idle; a fourth gains nothing. What is compiled is kept, also where the
# environment says not to: each of the many processes would compile it again.
test: setup-test lint ## Set up, lint, and run every test (ARGS="-k name" narrows)
	@PYTHONDONTWRITEBYTECODE= $(PY) -m pytest -n 3 --dist loadfile --no-loadscope-reorder --durations=25 $(ARGS)

.PHONY: lint
lint: ## The gates: ruff, format, mypy, import rules
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .
	@.venv/bin/mypy
	@.venv/bin/lint-imports

.PHONY: format
format: ## Format the code
	@.venv/bin/ruff format . && .venv/bin/ruff check --fix .

.PHONY: bench
bench: setup-test ## Accuracy and speed beside OCRmyPDF in one run (results in benchmarks/results)
	@$(PY) -m benchmarks.compare $(ARGS)

.PHONY: bench-latency
bench-latency: setup-test ## How long a station waits for its first event while a back-scan keeps every core busy
	@$(PY) -m benchmarks.latency $(ARGS)

.PHONY: bench-backscan
bench-backscan: setup-test ## A generated back-scan of 2,000 papers, killed on the way, beside a working counter (ARGS="--papers 200"; --hosts: a second worker host)
	@$(PY) -m benchmarks.backscan $(ARGS)

.PHONY: samples
samples: setup-test ## Redraw the committed sample scans, byte for byte
	@$(PY) -m sample_scans --out sample_scans/set

.PHONY: screenshots
screenshots: setup-test ## Pictures of the pages for the documentation (docs/images)
	@$(PY) -m scripts.screenshots

.PHONY: train-reader
train-reader: ## Train the line reader and write its weights (hours on two cores; resumable; ARGS="--lines N")
	@scripts/train-reader.sh $(ARGS)

.PHONY: train-kinds
train-kinds: ## Tune the weights of paper types and borders on drawn papers (some ten minutes on two cores)
	@scripts/train-kinds.sh $(ARGS)

.PHONY: train-pens
train-pens: ## Train the net for pens' digits and write its weights (some twenty minutes on two cores; fetches MNIST, UCI's pen digits and fonts)
	@scripts/train-pens.sh $(ARGS)

.PHONY: bench-reader
bench-reader: setup-test ## The line reader beside tesseract fast and script: real lines, renderings, whole pages (ARGS="--parts real")
	@$(PY) -m benchmarks.reader $(ARGS)

.PHONY: bench-tables
bench-tables: setup-test ## Cells of drawn tables that lack some of their rules, read wholly right (ARGS=4: pages of each style)
	@$(PY) -m benchmarks.half_ruled $(ARGS)

.PHONY: bench-geometry
bench-geometry: setup-test ## Which way up, how straight, blank or not, and where the PDF's words lie, on real scans
	@$(PY) -m benchmarks.geometry $(ARGS)

.PHONY: bench-grades
bench-grades: setup-test ## Whether confidence holds on whole pages, and how many wrong words a reviewer of the worst tenth meets
	@$(PY) -m benchmarks.grades $(ARGS)

.PHONY: bench-slots
bench-slots: setup-test ## Number and date slots of real papers' heads: found, told print from pen, read right, unread or wrong
	@$(PY) -m benchmarks.slots $(ARGS)

.PHONY: bench-understanding
bench-understanding: setup-test ## Which paper it is, what it says, where one ends: real papers, drawn ones of every kind, mixed stacks, the seeds
	@$(PY) -m benchmarks.understanding $(ARGS)

.PHONY: bench-search
bench-search: setup-test ## How long a search takes on 100,000 generated pages, on SQLite and on PostgreSQL (ARGS="--pages 5000 --keep")
	@$(PY) -m benchmarks.search $(ARGS)

.PHONY: bench-scale
bench-scale: setup-test ## A province on PostgreSQL, 1,000,000 results and 3,000,000 pages: reports, pages, search, lists (ARGS="--folder DIR --keep"; again: --reuse)
	@$(PY) -m benchmarks.scale $(ARGS)

.PHONY: bench-photos
bench-photos: setup-test ## Sheets found in phone photos and what is read off them; all else left alone (ARGS="--pages 3 --parts drawn")
	@$(PY) -m benchmarks.photos $(ARGS)

.PHONY: bench-gate
bench-gate: setup-test ## What the first look finds on pages spoilt on purpose, its false alarms, what it costs (ARGS="--every 3")
	@$(PY) -m benchmarks.gate $(ARGS)
