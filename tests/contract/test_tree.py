"""What the repository holds: fixed top-level names, small files, no trace of a machine."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

TOP_LEVEL = {
    "LICENSE",
    "README.md",
    "plugins",
    "pyproject.toml",
    "sample_videos",
    "tests",
    "usfasc",
}
MEGABYTE = 1_000_000

# Paths of one machine, and the addresses that package installers download from.
TRACES = {
    "machine path": re.compile(rb"(?<![\w.~])/(?:home|root|tmp|work|Users)/\w"),
    "registry address": re.compile(rb"pythonhosted|pypi\.org|index-url|find-links|/simple/"),
}


@pytest.fixture(scope="module")
def tracked(checkout: Path) -> list[Path]:
    if not (checkout / ".git").exists():
        pytest.skip("not a git checkout")
    # A checkout of another user is read all the same: only names are asked for.
    command = ["git", "-c", "safe.directory=*", "ls-files", "-z"]
    listed = subprocess.run(command, cwd=checkout, check=True, capture_output=True, text=True)
    paths = [checkout / name for name in listed.stdout.split("\0") if name]
    return [path for path in paths if path.exists()]


def test_top_level_names_are_fixed(tracked: list[Path], checkout: Path) -> None:
    names = {path.relative_to(checkout).parts[0] for path in tracked}
    assert {name for name in names if not name.startswith(".")} == TOP_LEVEL


def test_files_are_small(tracked: list[Path], checkout: Path) -> None:
    def limit(path: Path) -> int:
        return 5 * MEGABYTE if path.parent.name == "sample_videos" else 2 * MEGABYTE

    assert [path.name for path in tracked if path.stat().st_size > limit(path)] == []


def test_samples_are_small_together(checkout: Path) -> None:
    sizes = [path.stat().st_size for path in (checkout / "sample_videos").iterdir()]
    assert sum(sizes) <= 25 * MEGABYTE


@pytest.mark.parametrize("trace", TRACES)
def test_no_trace_of_a_machine(tracked: list[Path], trace: str) -> None:
    here = Path(__file__).resolve()  # holds the patterns themselves
    found = [p for p in tracked if p != here and TRACES[trace].search(p.read_bytes())]
    assert [path.name for path in found] == []


def test_engine_does_not_reach_for_the_network(checkout: Path) -> None:
    network = re.compile(r"^\s*(?:import|from) (?:socket|urllib|http|requests)\b", re.MULTILINE)
    modules = (checkout / "usfasc").rglob("*.py")
    assert [path.name for path in modules if network.search(path.read_text("utf-8"))] == []
