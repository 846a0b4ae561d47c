"""Measurements of us and of our peers, side by side in one run: `make bench`.

Each module is a program of its own (`python -m benchmarks.NAME [--full]`) that prints what it
measured. What belongs into the table of `docs/benchmarks.md` it says by `benchmarks.rows.report`.
"""
