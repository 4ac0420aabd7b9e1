"""The front door: version, help, the listing of parameters, laziness."""

from __future__ import annotations

import subprocess
import sys

import pytest

from usfasc.cli import run
from usfasc.model import DISCLAIMER
from usfasc.params import Parameters

Out = pytest.CaptureFixture[str]


def test_version_carries_the_disclaimer(capsys: Out) -> None:
    assert run(["--version"]) == 0
    first, second = capsys.readouterr().out.splitlines()
    assert first.startswith("usfasc ")
    assert second == DISCLAIMER


@pytest.mark.parametrize("arguments", [[], ["detect"]])
def test_no_words_show_help_and_are_wrong_usage(capsys: Out, arguments: list[str]) -> None:
    assert run(arguments) == 2
    shown = capsys.readouterr()
    assert "Usage: usfasc" in shown.out + shown.err


def test_help_teaches_by_example(capsys: Out) -> None:
    assert run(["detect", "--help"]) == 0
    assert 'usfasc detect clip.dcm --muscle "biceps brachii" --side left' in (
        capsys.readouterr().out
    )


def test_every_parameter_is_listed_with_its_range(capsys: Out) -> None:
    assert run(["detect", "--parameters"]) == 0
    out = capsys.readouterr().out
    for name, field in Parameters.model_fields.items():
        (line,) = [line for line in out.splitlines() if line.startswith(f"{name} ")]
        assert str(field.default) in line
        assert " to " in line


def test_help_of_one_command_imports_no_heavy_library() -> None:
    code = (
        "import sys; from usfasc.cli import run; run(['detect', '--help']);"
        "print(sorted({'cv2', 'pydicom', 'av', 'matplotlib', 'scipy', 'skimage'}"
        " & sys.modules.keys()))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.splitlines()[-1] == "[]"
