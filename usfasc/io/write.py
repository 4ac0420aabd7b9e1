"""The one way in which usfasc writes a file: whole, or not at all.

A file is written beside its place and moved onto it, so a reader finds the old
content or the new, never a part, also after a crash or on a full disk.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import FileIO
from pathlib import Path
from uuid import uuid4

from usfasc.errors import Code, OutputError


def write_atomically(path: Path, data: bytes, *, private: bool = False) -> None:
    """Write ``data`` to ``path``, making its folder where it is missing.

    Parameters
    ----------
    path
        Where the file shall stand; an older one is replaced.
    data
        The whole content.
    private
        Whether its owner alone may read it, from its first byte on.

    Raises
    ------
    OutputError
        ``NOT_WRITABLE``: the old content (or none) still stands, and no
        temporary file is left.
    """
    with written_whole(path) as part:
        if private:
            part.touch(mode=0o600)
        part.write_bytes(data)


@contextmanager
def written_whole(path: Path) -> Iterator[Path]:
    """For a writer that must have a path of its own: what it wrote is moved onto ``path``.

    Parameters
    ----------
    path
        Where the file shall stand; an older one is replaced, its folder is made.

    Yields
    ------
    Path
        To be written to; it has no suffix that says what it is.

    Raises
    ------
    OutputError
        ``NOT_WRITABLE``: the old content (or none) still stands, and no
        temporary file is left.
    """
    part = path.with_name(f".{uuid4().hex}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield part
        _sync(part)
        part.replace(path)
        _sync_folder(path.parent)
    except OSError as error:
        raise _not_writable(error) from None
    finally:
        # Also after Ctrl-C; once the file was moved there is nothing to remove.
        with suppress(OSError):
            part.unlink(missing_ok=True)


def append_line(path: Path, line: str) -> None:
    """Append one line to a journal, making its folder where it is missing.

    A line that a crash cut short stays as it is: the new one begins below it.

    Parameters
    ----------
    path
        The journal, UTF-8 with LF.
    line
        One line, or more, without the last line end.

    Raises
    ------
    OutputError
        ``NOT_WRITABLE``: the journal stands as it was before.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("ab+", buffering=0) as journal:
            last = _last_byte(journal)
            if not last:
                _sync_folder(path.parent)
            torn = "" if last in (b"", b"\n") else "\n"
            _append_whole(journal.fileno(), f"{torn}{line}\n".encode())
    except OSError as error:
        raise _not_writable(error) from None


@contextmanager
def alone(path: Path, *, wait: bool = True) -> Iterator[None]:
    """Hold a journal while others that ask for the same wait: read it to its end, then append.

    The system lets go of it when the process dies.

    Parameters
    ----------
    path
        The journal; made, empty, where it is missing.
    wait
        Whether to wait until another has let go of it.

    Raises
    ------
    OutputError
        ``NOT_WRITABLE``; ``IN_USE``: another holds it, and this one does not wait.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        held = path.open("ab")
    except OSError as error:
        raise _not_writable(error) from None
    with held:
        try:
            _hold(held.fileno(), wait=wait)
        except BlockingIOError:
            raise OutputError(
                Code.IN_USE, "Another usfasc is at work in this folder; let it finish first."
            ) from None
        except OSError as error:
            raise _not_writable(error) from None
        # Closing the file lets go of it.
        yield


def _hold(handle: int, *, wait: bool) -> None:
    if os.name == "nt":
        import msvcrt

        # Windows also keeps others from reading what is held: one byte, far beyond the end.
        os.lseek(handle, 2**40, os.SEEK_SET)
        how = msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK  # type: ignore[attr-defined]  # Windows' own
        msvcrt.locking(handle, how, 1)  # type: ignore[attr-defined]  # Windows' own
    else:
        import fcntl

        fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))


def _last_byte(journal: FileIO) -> bytes:
    """The byte before the end, which is where the journal then stands; none of an empty one."""
    if not journal.seek(0, os.SEEK_END):
        return b""
    journal.seek(-1, os.SEEK_END)
    return journal.read(1)


def _sync(path: Path) -> None:
    # Windows syncs only what is open for writing.
    with path.open("rb+") as stream:
        os.fsync(stream.fileno())


def _sync_folder(folder: Path) -> None:
    # Without this a power cut may undo the move. Windows cannot open folders, and needs it not.
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _append_whole(handle: int, data: bytes) -> None:
    before = os.fstat(handle).st_size
    try:
        if os.write(handle, data) != len(data):
            raise OSError("short write")
        os.fsync(handle)
    except OSError:
        # A torn last line would make the whole journal unreadable.
        os.ftruncate(handle, before)
        raise


def _not_writable(error: OSError) -> OutputError:
    # The system's own words for an error number carry no path and no name.
    reason = os.strerror(error.errno).lower() if error.errno else "the write was cut short"
    return OutputError(Code.NOT_WRITABLE, f"The output cannot be written: {reason}.")
