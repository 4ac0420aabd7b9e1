"""Whole, or not at all: whatever call of the system fails, and when."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from usfasc.errors import Code, OutputError
from usfasc.io.write import append_line, write_atomically


class Fault:
    """Fails the k-th call of any watched function, as a full or broken disk does."""

    def __init__(self, at: int, number: int = errno.ENOSPC) -> None:
        self.at, self.number, self.calls = at, number, 0

    def watch(self, function: Callable[..., Any]) -> Callable[..., Any]:
        def watched(*args: Any, **kwargs: Any) -> Any:
            self.calls += 1
            if self.calls == self.at:
                raise OSError(self.number, "secret path /clips/DOE^JANE")
            return function(*args, **kwargs)

        return watched


@pytest.fixture
def break_call(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[int], Fault]]:
    with monkeypatch.context() as patch:

        def install(at: int) -> Fault:
            fault = Fault(at)
            for name in ("fsync", "write"):
                patch.setattr(os, name, fault.watch(getattr(os, name)))
            for name in ("open", "mkdir", "replace"):
                patch.setattr(Path, name, fault.watch(getattr(Path, name)))
            return fault

        yield install


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_writes_and_replaces(tmp_path: Path) -> None:
    target = tmp_path / "new" / "folder" / "a.json"
    write_atomically(target, b"one")
    write_atomically(target, b"two")
    assert target.read_bytes() == b"two"
    assert names(target.parent) == ["a.json"]


def test_file_mode_is_the_user_s_own(tmp_path: Path) -> None:
    write_atomically(tmp_path / "a", b"")
    (tmp_path / "b").write_bytes(b"")
    assert (tmp_path / "a").stat().st_mode == (tmp_path / "b").stat().st_mode


# The calls in order: mkdir, open, open and fsync of the file, replace, fsync of the folder.
@pytest.mark.parametrize("at", range(1, 7))
def test_failed_write_leaves_old_or_new(
    tmp_path: Path, break_call: Callable[[int], Fault], at: int
) -> None:
    target = tmp_path / "a.json"
    target.write_bytes(b"old")
    fault = break_call(at)
    with pytest.raises(OutputError) as raised:
        write_atomically(target, b"new")
    assert fault.calls == at
    assert raised.value.code is Code.NOT_WRITABLE
    assert "DOE" not in str(raised.value)
    assert names(tmp_path) == ["a.json"]
    assert target.read_bytes() == (b"new" if at == 6 else b"old")


def test_the_faults_above_are_all_there_are(
    tmp_path: Path, break_call: Callable[[int], Fault]
) -> None:
    fault = break_call(99)
    write_atomically(tmp_path / "a.json", b"new")
    assert fault.calls == 6


def test_interrupt_leaves_no_temporary_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(_: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_atomically(tmp_path / "a.json", b"new")
    assert names(tmp_path) == []


def test_a_folder_in_the_way_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.json").mkdir()
    with pytest.raises(OutputError, match="NOT_WRITABLE"):
        write_atomically(tmp_path / "a.json", b"new")
    assert names(tmp_path) == ["a.json"]


def test_a_file_where_a_folder_should_be_is_told(tmp_path: Path) -> None:
    (tmp_path / "out").write_bytes(b"")
    with pytest.raises(OutputError, match="NOT_WRITABLE"):
        write_atomically(tmp_path / "out" / "a.json", b"new")


def test_appends_lines(tmp_path: Path) -> None:
    journal = tmp_path / "deep" / "run.jsonl"
    append_line(journal, "{}")
    append_line(journal, '{"name": "Müller"}')
    assert journal.read_bytes() == '{}\n{"name": "Müller"}\n'.encode()


# The calls in order: mkdir, open, write, fsync.
@pytest.mark.parametrize("at", range(1, 5))
def test_failed_append_leaves_the_journal_as_it_was(
    tmp_path: Path, break_call: Callable[[int], Fault], at: int
) -> None:
    journal = tmp_path / "run.jsonl"
    journal.write_bytes(b"{}\n")
    break_call(at)
    with pytest.raises(OutputError, match="NOT_WRITABLE"):
        append_line(journal, "new")
    assert journal.read_bytes() == b"{}\n"


def test_short_append_is_taken_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write = os.write
    monkeypatch.setattr(os, "write", lambda handle, data: write(handle, data[:3]))
    journal = tmp_path / "run.jsonl"
    journal.write_bytes(b"{}\n")
    with pytest.raises(OutputError, match="cut short"):
        append_line(journal, "a long line")
    assert journal.read_bytes() == b"{}\n"
