"""How far two numbers may lie apart on two processors."""

from __future__ import annotations

import re
from typing import Any, Final

_SLACK: Final = {
    "s": 0.005,
    "px": 0.1,
    "mm": 0.01,
    "mm2": 0.5,
    "mm2_min": 0.001,
    "mm_s": 0.1,
    "deg": 1.0,
    "frame": 1.0,
    "": 0.02,
}
"""By the unit in a field's name: at least five times what was seen where OpenCV did without the
instructions that processors differ in (6 sample clips and 5 real ones: 1 ms, 0.02 px, 0.002 mm,
0.1 degrees, 0.001 mm/s, 0.0002 per mm2 and minute, 0.0001 of a score)."""
_UNIT: Final = re.compile(r"_(mm_s|mm2_min|mm2|mm|px|deg|s|frame)$")
_COUNTED: Final = re.compile(r"(^|, )(event|count|sites|doublets|intervals|pairs|grade|events)$")


def is_near(field: str, old: Any, new: Any) -> bool:
    """Whether two values of a field differ by no more than another processor may make.

    Parameters
    ----------
    field
        Its name, with the unit at its end; what is counted is never near.
    old, new
        Numbers, or lists of them at any depth.
    """
    one, other = numbers_of(old), numbers_of(new)
    if one is None or other is None or len(one) != len(other) or _COUNTED.search(field):
        return False
    unit = _UNIT.search(field)
    slack = _SLACK[unit[1] if unit else ""]
    return all(abs(a - b) <= slack for a, b in zip(one, other, strict=True))


def numbers_of(value: Any) -> list[float] | None:
    """The numbers of a list at any depth, or the one number; None where it holds other things."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return [float(value)]
    if not isinstance(value, list):
        return None
    found = [numbers_of(each) for each in value]
    if any(each is None for each in found):
        return None
    return [number for each in found if each is not None for number in each]
