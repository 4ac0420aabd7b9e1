"""The installed command, and one clip taken the whole way."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Command = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="session")
def command() -> Path:
    """The command as installed beside this interpreter."""
    return Path(sys.executable).parent / "usfasc"


@pytest.fixture(scope="session")
def usfasc(command: Path) -> Command:
    """Run ``usfasc ARGUMENTS`` as a user does, in a process of its own."""

    def run(*arguments: str | Path, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
        line = [str(command), *map(str, arguments)]
        return subprocess.run(
            line, cwd=cwd, capture_output=True, text=True, check=False, timeout=300
        )

    return run


@pytest.fixture(scope="session")
def analysed(
    usfasc: Command, sample_videos: Path, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """Folder of the results of the first sample clip, with its two muscles."""
    out = tmp_path_factory.mktemp("analysed")
    clip, regions = (sample_videos / f"two_muscles.{end}" for end in ("dcm", "regions.json"))
    done = usfasc("detect", clip, "--regions", regions, "--picture", "--out", out)
    assert done.returncode == 0, done.stderr
    return out
