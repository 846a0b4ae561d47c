# Every target makes what it needs; the second time that costs nothing.
JOBS ?= 2
PYTEST = TMPDIR=$$(scripts/scratch) .venv/bin/python -m pytest -n $(JOBS)

.PHONY: help demo test lint docs bench tools

help: ## Say what there is
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' Makefile

demo: ## Make an archive in ./muniment-data and ingest the sample set
	@scripts/setup run
	@.venv/bin/muniment demo

test: tools ## Run the whole suite on SQLite, then what touches the database on PostgreSQL
	@scripts/setup dev
	$(PYTEST) --db sqlite $(ARGS)
	$(PYTEST) --db postgres -m database $(ARGS)

lint: ## Check form, types, layers, shape and migrations
	@scripts/setup dev
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/mypy
	.venv/bin/lint-imports
	.venv/bin/python scripts/shape.py
	.venv/bin/muniment manage makemigrations --check --dry-run

docs: ## Build docs/_build/html, warnings as errors
	@scripts/setup dev
	.venv/bin/sphinx-build -q -W --keep-going -b html docs docs/_build/html

bench: ## Measure us and our peers side by side (ARGS=--full for the large ones)
	@scripts/setup dev
	@scripts/setup tools
	.venv/bin/python -m benchmarks $(ARGS)

tools: ## Install the programs and outside judges that tests use
	@scripts/setup tools
