"""Published rules as data, and what a count allows to be said by them."""

from __future__ import annotations

from usfasc.rules.published import (
    GradeRule,
    Protocol,
    Rule,
    load_grade,
    load_protocols,
    load_rule,
)
from usfasc.rules.status import (
    expected_in_window,
    grade,
    miss_probability,
    pooled_status,
    positive_after_s,
    status,
)
from usfasc.rules.summary import summarise
from usfasc.rules.survey import Comparison, MuscleFinding, compare

__all__ = [
    "Comparison",
    "GradeRule",
    "MuscleFinding",
    "Protocol",
    "Rule",
    "compare",
    "expected_in_window",
    "grade",
    "load_grade",
    "load_protocols",
    "load_rule",
    "miss_probability",
    "pooled_status",
    "positive_after_s",
    "status",
    "summarise",
]
