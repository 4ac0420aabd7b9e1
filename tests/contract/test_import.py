"""`import usfasc` is light: nothing heavy loaded, no file touched, every public name there."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

import usfasc

HEAVY = ("cv2", "pydicom", "napari", "qtpy", "magicgui", "matplotlib", "scipy", "skimage", "av")

# Runs in a fresh interpreter. The import system opens source and byte code; all else is ours.
PROBE = """
import json, os, sys, time
opened = []
environment = dict(os.environ)
sys.addaudithook(lambda event, seen: opened.append(str(seen[0])) if event == "open" else None)
before = set(sys.modules)
start = time.process_time()
import usfasc
print(json.dumps({
    "cpu_s": time.process_time() - start,
    "loaded": sorted(set(sys.modules) - before),
    "opened": [path for path in opened if not path.endswith((".py", ".pyc"))],
    "environment_kept": environment == dict(os.environ),
    "loggers": sorted(sys.modules["logging"].root.manager.loggerDict)
    if "logging" in sys.modules else [],
}))
"""


@pytest.fixture(scope="module")
def imported() -> dict[str, object]:
    run = subprocess.run(
        [sys.executable, "-B", "-c", PROBE], capture_output=True, text=True, check=True
    )
    seen: dict[str, object] = json.loads(run.stdout)
    return seen


@pytest.mark.parametrize("module", HEAVY)
def test_import_leaves_heavy_modules_alone(imported: dict[str, list[str]], module: str) -> None:
    assert module not in imported["loaded"]


def test_import_touches_no_file_environment_or_logger(imported: dict[str, object]) -> None:
    assert imported["opened"] == []
    assert imported["environment_kept"]
    assert imported["loggers"] == []


def test_import_is_fast(imported: dict[str, float]) -> None:
    assert imported["cpu_s"] < 0.1


@pytest.mark.parametrize("name", usfasc.__all__)
def test_public_name_resolves(name: str) -> None:
    value = getattr(usfasc, name)
    assert isinstance(value, str) or value.__doc__


def test_dir_lists_the_public_names() -> None:
    assert dir(usfasc) == sorted(usfasc.__all__)


def test_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = usfasc.nothing
