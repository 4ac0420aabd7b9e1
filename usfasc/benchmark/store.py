"""Where made cases are kept: outside every repository, named by what made them."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Final
from uuid import uuid4

CACHE_VARIABLE: Final = "USFASC_CACHE"


def cache_folder() -> Path:
    """Folder of the cache: by the environment, else the platform's own."""
    if given := os.environ.get(CACHE_VARIABLE):
        return Path(given)
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData/Local")) / "usfasc"
    if sys.platform == "darwin":
        return Path.home() / "Library/Caches/usfasc"
    return Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "usfasc"


def digest(*parts: object) -> str:
    """16 hex digits that name a case by everything it is made of."""
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]


@cache
def code_digest(*modules: ModuleType) -> str:
    """Digest of modules' source: new code makes new cases.

    A package stands for the modules in its own folder; packages within it are named apart.

    Taken once a process, so that a file edited meanwhile does not name what it did not make.
    """
    content = hashlib.sha256()
    for module in modules:
        own = Path(str(module.__file__))
        files = sorted(own.parent.glob("*.py")) if own.name == "__init__.py" else [own]
        for file in files:
            content.update(file.read_bytes())
    return content.hexdigest()[:16]


def kept(folder: Path, name: str, make: Callable[[Path], None]) -> Path:
    """Path of a kept file; made first where it is missing, whole or not at all.

    Parameters
    ----------
    folder, name
        Where it stands.
    make
        Writes the file to the path it is given, which has the suffix of `name`.
    """
    path = folder / name
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        part = folder / f".{uuid4().hex}{path.suffix}"
        try:
            make(part)
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
    return path
