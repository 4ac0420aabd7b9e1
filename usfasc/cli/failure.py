"""What is said of an error that nobody foresaw: that it happened, and no more.

A traceback may quote the clip's header, and so a name; it is shown only to someone
who asks for it.
"""

from __future__ import annotations

import os
from typing import Final

from usfasc.errors import Code, UsfascError

DEBUG_VARIABLE: Final = "USFASC_DEBUG"


def internal_failure(error: Exception) -> UsfascError:
    """Turn an unexpected error into our own words, or raise it for someone who debugs."""
    if os.environ.get(DEBUG_VARIABLE) == "1":
        raise error
    return UsfascError(
        Code.INTERNAL,
        f"Something unexpected went wrong inside usfasc; {DEBUG_VARIABLE}=1 shows where"
        " (the traceback may quote the clip's header).",
    )
