"""Digests and versions: what makes a result re-derivable."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from importlib.metadata import version
from pathlib import Path

from usfasc.errors import Code, InputError
from usfasc.model import Engine
from usfasc.params import Parameters

_LIBRARIES = (
    "numpy",
    "opencv-python",
    "scipy",
    "scikit-image",
    "pydicom",
    "av",
    "simplejpeg",
    "imagecodecs",
)


def file_sha256(path: Path) -> str:
    """SHA-256 of a file's bytes, hexadecimal.

    Raises
    ------
    InputError
        The file cannot be read.
    """
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError:
        raise InputError(Code.UNREADABLE, "The file cannot be read.") from None


def parameters_digest(parameters: Parameters) -> str:
    """SHA-256 of the parameters in one canonical JSON form."""
    text = json.dumps(parameters.model_dump(), sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


@cache
def engine() -> Engine:
    """This engine's version and those of the libraries whose numbers it uses."""
    return Engine(version=version("usfasc"), libraries={name: version(name) for name in _LIBRARIES})
