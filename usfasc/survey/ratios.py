"""Rates of one subject beside each other: left and right, distal and proximal, later and earlier.

Only muscles with assessable time on both sides of a comparison are compared.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Final

from usfasc.model import Side, Status
from usfasc.regions.vocabulary import find_muscle
from usfasc.rules.ratios import rate_ratio
from usfasc.survey.findings import MuscleRecord, RatioRecord

Muscles = Sequence[MuscleRecord]
_LIMBS: Final = ("arm", "leg")


def left_right(muscles: Muscles) -> Iterator[RatioRecord]:
    """Each muscle that was examined on both sides: left over right."""
    by_name = _grouped(muscles, lambda muscle: muscle.muscle)
    for name, both in by_name.items():
        first, second = _of_side(both, Side.LEFT), _of_side(both, Side.RIGHT)
        yield from _ratio("left/right", f"{name}, left / right", first, second)


def distal_proximal(muscles: Muscles) -> Iterator[RatioRecord]:
    """Each limb: its distal muscles, taken together, over its proximal ones.

    The more distal muscles were examined in vain, the lower the ratio: the muscles chosen
    decide it as much as the subject does.
    """
    for limb in _LIMBS:
        for side in (Side.LEFT, Side.RIGHT):
            here = _of_side(muscles, side)
            distal, proximal = _of_part(here, limb, "distal"), _of_part(here, limb, "proximal")
            name = f"{side} {limb}, distal / proximal"
            yield from _ratio("distal/proximal", name, distal, proximal)


def session_session(muscles: Iterable[MuscleRecord]) -> tuple[RatioRecord, ...]:
    """Each muscle of one subject that was examined again: each session over the one before.

    Sessions are taken in the order of their names, numbers as numbers.
    """
    ordered = sorted(muscles, key=lambda muscle: session_order(muscle.session))
    by_place = _grouped(ordered, lambda muscle: f"{muscle.muscle}, {muscle.side or ''}")
    ratios: list[RatioRecord] = []
    for place, courses in by_place.items():
        for earlier, later in pairwise(courses):
            name = f"{place.removesuffix(', ')}, session {later.session} / {earlier.session}"
            ratios += _ratio("session/session", name, [later], [earlier])
    return tuple(ratios)


def session_order(session: str) -> tuple[int, str]:
    """A key that sorts sessions: 2 before 10, those without a number last."""
    return (int(session), session) if session.isdecimal() else (10**9, session)


def _ratio(kind: str, name: str, first: Muscles, second: Muscles) -> Iterator[RatioRecord]:
    if not (first and second):
        return
    counts = [sum(muscle.count for muscle in each) for each in (first, second)]
    times_s = [sum(muscle.assessable_s for muscle in each) for each in (first, second)]
    ratio = rate_ratio(counts[0], times_s[0], counts[1], times_s[1])
    yield RatioRecord(
        subject=first[0].subject,
        session=first[0].session if first[0].session == second[0].session else "",
        name=name,
        kind=kind,
        first_count=counts[0],
        first_s=times_s[0],
        second_count=counts[1],
        second_s=times_s[1],
        value=ratio.value,
        low=ratio.low,
        high=ratio.high,
    )


def _grouped(
    muscles: Iterable[MuscleRecord], name: Callable[[MuscleRecord], str]
) -> dict[str, list[MuscleRecord]]:
    groups: dict[str, list[MuscleRecord]] = {}
    for muscle in muscles:
        if muscle.muscle and muscle.status is not Status.NOT_ASSESSABLE:
            groups.setdefault(name(muscle), []).append(muscle)
    return groups


def _of_side(muscles: Muscles, side: Side) -> Muscles:
    judged = [muscle for muscle in muscles if muscle.status is not Status.NOT_ASSESSABLE]
    return [muscle for muscle in judged if muscle.side is side]


def _of_part(muscles: Muscles, limb: str, part: str) -> Muscles:
    known = [(muscle, find_muscle(muscle.muscle)) for muscle in muscles]
    return [muscle for muscle, word in known if word and (word.limb, word.part) == (limb, part)]
