# Commands for developers. `just` without an argument lists them.
set shell := ["bash", "-euo", "pipefail", "-c"]

_default:
    @just --list --unsorted

# Format, lint, check types and import rules, run the unit tests: under a minute.
check:
    ruff format .
    ruff check --fix .
    mypy
    lint-imports
    python3 -m pytest tests/unit -n auto

# All tests that this machine can run (what the README's command runs).
test *arguments:
    python3 -m pytest -n auto {{arguments}}

# The tests that drive the Dagster pages and the report in a browser.
ui:
    python3 -m pytest tests/ui

# Take the picture of the report for the README.
screenshot:
    python3 -m tests.ui.report_screenshot outputs/latest docs/report.png

# The benchmarks of docs/performance.md that need no corpus.
bench:
    python3 -m tests.benchmarks.publish
    python3 -m tests.benchmarks.operations

# Check that every snippet, table and link in the documentation is up to date.
docs:
    python3 -m pytest tests/data/test_docs_snippets.py tests/unit/test_project_files.py

# Write what is generated from the table models (after a column or table is added, renamed or removed).
schema:
    python3 -m pipelines.tables.published_schema

# Write the derived vocabularies again from the fact files of MeSH and DrugBank (CSV, also compressed with xz).
vocabularies mesh drugbank:
    python3 -m pipelines.vocabularies.derive_general {{mesh}} {{drugbank}}

# Write the derived list of journals again from NLM's list (CSV, also compressed with xz).
journals list:
    python3 -m pipelines.vocabularies.derive_journals {{list}}

# Change single lines of product code at random and report how many changes the tests notice.
mutants *arguments:
    python3 -m tests.benchmarks.mutants {{arguments}}
