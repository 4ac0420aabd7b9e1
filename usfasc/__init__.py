"""usfasc finds fasciculations in muscle ultrasound and counts them per muscle region.

Research use only. Not a medical device. Not for diagnosis or treatment decisions.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from usfasc.errors import UsfascError as UsfascError
    from usfasc.model import Cine as Cine
    from usfasc.model import Event as Event
    from usfasc.model import Region as Region
    from usfasc.model import Result as Result
    from usfasc.params import Parameters as Parameters
    from usfasc.pipeline import analyse as analyse
    from usfasc.pipeline import read_cine as read_cine

_HOMES = {
    "Cine": "usfasc.model",
    "Event": "usfasc.model",
    "Parameters": "usfasc.params",
    "Region": "usfasc.model",
    "Result": "usfasc.model",
    "UsfascError": "usfasc.errors",
    "analyse": "usfasc.pipeline",
    "read_cine": "usfasc.pipeline",
}
__all__ = ["__version__", *sorted(_HOMES)]  # noqa: PLE0604


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import version

        return version("usfasc")
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'usfasc' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
