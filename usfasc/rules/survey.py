"""What published protocols make of the muscles of one survey, side by side."""

from __future__ import annotations

from collections.abc import Sequence

from usfasc.model import Status, Value
from usfasc.rules.published import Protocol


class MuscleFinding(Value):
    """What was found in one muscle of one side, over all its clips."""

    muscle: str
    status: Status
    count: int
    hyperechoic: bool | None = None
    """Whether a person called it so; None where nobody did."""


class Comparison(Value):
    """One protocol's figure beside its cut-off; a comparison, never a verdict."""

    protocol: str
    value: float | None
    at_least: float | None
    reached: bool | None
    """None where muscles that were not observed long enough could still decide it."""
    open_muscles: int
    """Muscles missing, or not observed long enough."""


def muscles_positive(muscles: Sequence[MuscleFinding]) -> int:
    """Muscles in which fasciculations are present."""
    return sum(each.status is Status.PRESENT for each in muscles)


def total(muscles: Sequence[MuscleFinding]) -> int:
    """Twitches counted in all muscles."""
    return sum(each.count for each in muscles)


def hyperechoic_ratio(muscles: Sequence[MuscleFinding]) -> float | None:
    """Muscles with fasciculations over hyperechoic ones; None where echogenicity is not known."""
    if not muscles or any(each.hyperechoic is None for each in muscles):
        return None
    bright = sum(bool(each.hyperechoic) for each in muscles)
    return muscles_positive(muscles) / bright if bright else None


def compare(protocol: Protocol, muscles: Sequence[MuscleFinding]) -> Comparison:
    """Set a survey's muscles against a protocol's cut-off.

    Reached once enough was found, whatever is missing; not reached only when no muscle
    that is missing or was observed too short could still change that.

    Parameters
    ----------
    protocol
        The protocol.
    muscles
        The muscles of the survey that it examines.
    """
    missing = max(0, (protocol.muscles or len(muscles)) - len(muscles))
    unseen = (Status.SHORT, Status.NOT_ASSESSABLE)
    still_open = missing + sum(each.status in unseen for each in muscles)
    value = _value(protocol, muscles)
    return Comparison(
        protocol=protocol.name,
        value=value,
        at_least=protocol.at_least,
        reached=_reached(protocol, value, still_open),
        open_muscles=still_open,
    )


def _value(protocol: Protocol, muscles: Sequence[MuscleFinding]) -> float | None:
    match protocol.criterion:
        case "muscles_positive":
            return float(muscles_positive(muscles))
        case "total":
            return float(total(muscles))
        case "ratio":
            return hyperechoic_ratio(muscles)
        case _:
            return None


def _reached(protocol: Protocol, value: float | None, still_open: int) -> bool | None:
    if value is None or protocol.at_least is None:
        return None
    if protocol.criterion == "ratio":
        # A missing muscle may be bright: it can lower a ratio as well as raise it.
        return value >= protocol.at_least if not still_open else None
    if value >= protocol.at_least:
        return True
    most = value + still_open if protocol.criterion == "muscles_positive" else float("inf")
    return None if still_open and most >= protocol.at_least else False
