"""The digest at the end of a result: whether its bytes are those that were written.

It is the SHA-256 of the file without the line of the digest itself, so that a flipped bit is
found wherever it lies, also in a number that still reads as one. It guards against damage,
not against forgery: whoever changes a result on purpose can write its digest anew.
"""

from __future__ import annotations

import re
from hashlib import sha256
from typing import Final, Literal

SEAL: Final = "digest"
"""Key of the digest, the last one of the file."""
_END: Final = b"\n}\n"
_LINE: Final = re.compile(rb',\n "digest": "([0-9a-f]{64})"\n\}\n\Z')
_LONGEST: Final = 128
"""Bytes from the line of the digest to the end of the file, and some more."""

State = Literal["whole", "damaged", "none"]


def sealed(body: bytes) -> bytes:
    """A JSON object, as `usfasc.io.results` writes it, with its digest as the last key.

    Parameters
    ----------
    body
        The object's bytes; they end with a closing bracket on a line of its own.
    """
    digest = sha256(body).hexdigest()
    return b'%s,\n "%s": "%s"\n}\n' % (body.removesuffix(_END), SEAL.encode(), digest.encode())


def seal_state(data: bytes) -> State:
    """Whether a file's bytes are as they were written.

    Parameters
    ----------
    data
        The whole file.

    Returns
    -------
    str
        ``whole``, ``damaged``, or ``none`` where it has no digest, as of an older usfasc.
    """
    found = _LINE.search(data, max(0, len(data) - _LONGEST))
    if found is None:
        return "damaged" if SEAL.encode() in data[-_LONGEST:] else "none"
    holds = sha256(data[: found.start()] + _END).hexdigest() == found[1].decode()
    return "whole" if holds else "damaged"
