"""Pages as one file: escaped, without scripts, with their pictures inside."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jinja2 import Environment

Filters = Mapping[str, Callable[..., Any]]
"""What templates put values through, by name."""


def environment(filters: Filters) -> Environment:
    """What fills in the templates: every text is escaped, and a missing name is an error.

    Parameters
    ----------
    filters
        Those of the page's templates.
    """
    from jinja2 import Environment, PackageLoader, StrictUndefined

    filled_in = Environment(
        loader=PackageLoader("usfasc.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    filled_in.filters |= filters
    return filled_in


def data_address(data: bytes, media_type: str) -> str:
    """An address that holds what it names, such as a picture."""
    return f"data:{media_type};base64,{b64encode(data).decode('ascii')}"
