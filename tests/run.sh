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
$bin/npe2 validate usfasc
if (($# == 0)); then
    # Readers and reports are covered to the branch; a part of the tests alone cannot show that.
    set -- --cov=usfasc/io --cov=usfasc/report --cov-branch \
        --cov-report=term:skip-covered --cov-fail-under=95
fi
exec $bin/python -m pytest --quiet --numprocesses 2 --dist worksteal "$@"
