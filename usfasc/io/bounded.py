"""Reading small files whole, with a limit: a sidecar is never gigabytes."""

from __future__ import annotations

from pathlib import Path

from usfasc.errors import Code, InputError


def read_bounded(path: Path, limit_bytes: int) -> bytes:
    """Read a whole file of at most ``limit_bytes``.

    Raises
    ------
    InputError
        ``NOT_FOUND``, ``UNREADABLE`` or ``TOO_LARGE``.
    """
    try:
        with path.open("rb") as stream:
            data = stream.read(limit_bytes + 1)
    except FileNotFoundError:
        raise InputError(Code.NOT_FOUND, "There is no such file.") from None
    except OSError:
        raise InputError(Code.UNREADABLE, "The file cannot be read.") from None
    if len(data) > limit_bytes:
        raise InputError(
            Code.TOO_LARGE, f"The file is larger than {limit_bytes // 2**20} MiB."
        ) from None
    return data
