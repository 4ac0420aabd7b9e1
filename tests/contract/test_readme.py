"""README does what it says: its commands and code run, its output is what is printed."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from usfasc.model import DISCLAIMER

FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)#]+)\)")
DECIMAL = re.compile(r"\d+\.\d+")
README = (Path(__file__).resolve().parents[2] / "README.md").read_text(encoding="utf-8")
BLOCKS = FENCE.findall(README)
SET_UP = [text for _, text in BLOCKS if ".ci/setup" in text or "tests/run.sh" in text]
RUNNABLE = [block for block in BLOCKS if block[1] not in SET_UP]


@pytest.fixture(scope="module")
def newcomer(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the samples in it, as after cloning; what one block writes the next reads."""
    folder = tmp_path_factory.mktemp("newcomer")
    shutil.copytree(checkout / "sample_videos", folder / "sample_videos")
    return folder


def run(line: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "COLUMNS": "100", "NO_COLOR": "1"}
    return subprocess.run(
        line, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=600
    )


def shown_sessions(block: str) -> list[tuple[str, str]]:
    """Pairs of a command and the output shown under it, from a block with ``$`` prompts."""
    sessions = re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]
    pairs = [session.partition("\n") for session in sessions]
    return [(line, output) for line, _, output in pairs]


def comparable(output: str) -> list[str]:
    """Lines without the digits after a point, which another processor may round otherwise."""
    lines = [DECIMAL.sub("#", line.rstrip()) for line in output.splitlines()]
    return [line for line in lines if line]


def same_output(printed: str, shown: str) -> bool:
    """Whether what is shown is what was printed; a line ``...`` leaves out the rest."""
    beginning, cut, _ = shown.partition("\n...\n")
    wanted, got = comparable(beginning), comparable(printed)
    return got[: len(wanted)] == wanted if cut else got == wanted


def test_length_and_disclaimer() -> None:
    assert README.count("\n") < 250
    assert DISCLAIMER in " ".join(README.split())


def test_exactly_two_set_up_commands(checkout: Path) -> None:
    first, second = SET_UP
    assert first.startswith("bash .ci/setup && .venv/bin/usfasc detect sample_videos/")
    assert second == "bash tests/run.sh\n"
    assert second.strip() in (checkout / ".ci" / "run").read_text(encoding="utf-8")


def test_first_command_answers(newcomer: Path) -> None:
    command = SET_UP[0].replace("bash .ci/setup && .venv/bin/", "").replace("\\\n", " ")
    done = run(["bash", "-euc", command], newcomer)
    assert done.returncode == 0, done.stderr
    assert "Fasciculations present" in " ".join(done.stdout.split())


@pytest.mark.parametrize("number", range(len(RUNNABLE)))
def test_block_runs(newcomer: Path, number: int) -> None:
    language, text = RUNNABLE[number]
    match language:
        case "bash":
            done = run(["bash", "-euc", text], newcomer)
        case "python":
            done = run([sys.executable, "-c", text], newcomer)
        case "console":
            for line, shown in shown_sessions(text):
                done = run(["bash", "-euc", line], newcomer)
                assert same_output(done.stdout, shown), done.stdout
        case _:
            pytest.fail(f"a block in {language!r} is not executed")
    assert done.returncode == 0, done.stderr


def test_links_inside_the_repository_lead_somewhere(checkout: Path) -> None:
    targets = [target for target in LINK.findall(README) if "://" not in target]
    assert [target for target in targets if not (checkout / target).exists()] == []
