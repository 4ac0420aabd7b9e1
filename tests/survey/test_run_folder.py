"""A survey's folder: apart from the clips, one run at a time, no litter."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from fixtures.survey import run_here, write_clip, write_survey

from usfasc.errors import Code, OutputError, UsageError
from usfasc.survey.folder import opened

HOLD = """
import sys, time
from pathlib import Path
from usfasc.survey.folder import opened
with opened(Path(sys.argv[1]), ()):
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.mark.parametrize("out", ["clips", "clips/out", "clips/../clips/deep/out"])
def test_nothing_is_written_where_clips_are(tmp_path: Path, out: str) -> None:
    table = write_survey(tmp_path, clips=1)
    with pytest.raises(UsageError) as raised:
        run_here(table, tmp_path / out)
    assert raised.value.code is Code.BAD_USAGE
    assert [path.name for path in (tmp_path / "clips").iterdir()] == ["1.dcm"]


def test_a_link_to_the_clips_is_seen_through(tmp_path: Path) -> None:
    table = write_survey(tmp_path, clips=1)
    (tmp_path / "link").symlink_to(tmp_path / "clips")
    with pytest.raises(UsageError):
        run_here(table, tmp_path / "link")


def test_only_clips_that_are_there_keep_results_out(tmp_path: Path) -> None:
    clip = write_clip(tmp_path / "clips" / "1.dcm", seed=1)
    with opened(tmp_path / "out", [clip, tmp_path / "missing.dcm"]) as folder:
        assert folder.path.is_dir()


def test_a_file_in_the_way_is_told(tmp_path: Path) -> None:
    (tmp_path / "out").write_bytes(b"")
    with pytest.raises(OutputError) as raised, opened(tmp_path / "out", ()):
        pass
    assert raised.value.code is Code.NOT_WRITABLE


def test_two_runs_at_once_are_refused_and_a_dead_one_is_not_in_the_way(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", HOLD, tmp_path], stdout=subprocess.PIPE) as other:
        try:
            assert other.stdout is not None
            assert other.stdout.readline() == b"held\n"
            with pytest.raises(OutputError) as raised, opened(tmp_path, ()):
                pass
            assert raised.value.code is Code.IN_USE
        finally:
            other.kill()
    with opened(tmp_path, ()):
        pass


def test_one_after_the_other(tmp_path: Path) -> None:
    for _ in range(2):
        with opened(tmp_path, ()):
            pass


def test_parts_of_a_killed_run_are_swept_away(tmp_path: Path) -> None:
    part = f".{'0a' * 16}.part"
    (tmp_path / "finished").mkdir()
    for path in (tmp_path / part, tmp_path / "finished" / part, tmp_path / ".mine.part"):
        path.write_bytes(b"half")
    with opened(tmp_path, ()):
        pass
    assert sorted(path.name for path in tmp_path.rglob("*.part")) == [".mine.part"]
