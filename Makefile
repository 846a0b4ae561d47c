# Every target makes what it needs; the second time that costs nothing.
# Three on two cores: half of the time of a test is waiting for what it started.
JOBS ?= 3
# The second run need not compile the tests again.
PYTEST = env -u PYTHONDONTWRITEBYTECODE TMPDIR=$$(scripts/scratch) \
	.venv/bin/python -m pytest -n $(JOBS)

.PHONY: help demo dev admin reset-db shell test test-postgres lint docs bench tools

help: ## Say what there is
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' Makefile

demo: ## Make an archive in ./muniment-data, ingest the sample set and, on a terminal, serve it
	@scripts/setup run
	@.venv/bin/muniment demo $(ARGS)

dev: ## Serve ./muniment-data, started anew on a change of Python, templates or styles
	@scripts/setup dev
	@.venv/bin/muniment init --quiet
	@.venv/bin/muniment serve --reload --grace 5 $(ARGS)

admin: ## Make an administrator; asks for name and password
	@scripts/setup run
	@.venv/bin/muniment user add --role administrator $(ARGS)

reset-db: ## Destroy the archive in ./muniment-data, its settings aside, and make an empty one
	@scripts/setup run
	@.venv/bin/muniment init --reset --yes

shell: ## Open Python in the archive
	@scripts/setup run
	@.venv/bin/muniment shell $(ARGS)

test: tools ## Run the whole suite on SQLite, then what touches the database on PostgreSQL
	@scripts/setup dev
	$(PYTEST) --db sqlite $(ARGS)
	$(PYTEST) --db postgres -m "database and not slow" $(ARGS)

test-postgres: tools ## Run all that touches the database on PostgreSQL, what is slow too
	@scripts/setup dev
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
