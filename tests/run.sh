#!/usr/bin/env bash
# Sets up what the tests need, checks style, types and layers, and runs the tests.
# Arguments go to pytest: bash tests/run.sh -m nightly
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
bash .ci/setup test
bin=.venv/bin
$bin/ruff check --quiet .
$bin/ruff format --quiet --check .
$bin/mypy
$bin/lint-imports
exec $bin/python -m pytest --numprocesses 2 --dist worksteal "$@"
