"""How a muscle's finding is shaded: darker with its rate, so that a grey print tells it too."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from usfasc.model import Status
from usfasc.report import style
from usfasc.rules import load_grade
from usfasc.survey.findings import MuscleRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class Shade:
    """A fill, a pattern upon it, and the colour of words on it."""

    key: str
    """Of its rule in the page's style."""
    fill: str
    ink: str = style.INK
    pattern: Literal["", "short", "blind"] = ""
    meaning: str


def _steps() -> tuple[tuple[float, Shade], ...]:
    """Shades by the rate up to which they hold; the first bound is the grade's."""
    low = load_grade().multiple_above_per_min
    return (
        (0.0, Shade(key="r0", fill="#ffffff", meaning="none seen")),
        (low, Shade(key="r1", fill="#fbd39b", meaning=f"up to {low:g}/min")),
        (10.0, Shade(key="r2", fill="#f4ae57", meaning=f"{low:g} to 10/min")),
        (30.0, Shade(key="r3", fill="#b5500f", ink="#ffffff", meaning="10 to 30/min")),
        (float("inf"), Shade(key="r4", fill="#5e2004", ink="#ffffff", meaning="over 30/min")),
    )


STEPS: Final = _steps()
BLIND: Final = Shade(key="blind", fill="#d4d4d4", pattern="blind", meaning="not assessable")
SHORT: Final = Shade(
    key="short", fill="#ffffff", pattern="short", meaning="not observed long enough"
)
LEGEND: Final = (*(shade for _, shade in STEPS), SHORT, BLIND)


def shade_of(muscle: MuscleRecord) -> Shade:
    """The shade of one muscle; what was observed too shortly is hatched, whatever its rate."""
    if muscle.status is Status.NOT_ASSESSABLE or muscle.rate_per_min is None:
        return BLIND
    rate = muscle.rate_per_min
    by_rate = next(shade for most, shade in STEPS if rate <= most)
    if muscle.status is not Status.SHORT:
        return by_rate
    return Shade(
        key=f"{by_rate.key} {SHORT.key}",
        fill=by_rate.fill,
        ink=by_rate.ink,
        pattern="short",
        meaning=SHORT.meaning,
    )
