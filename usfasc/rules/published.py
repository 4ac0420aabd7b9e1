"""Published rules as data: the numbers stand in JSON beside this file, each with its source.

Nothing in the code repeats them; what is not the paper's is said under ``ours``.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from usfasc.model import Value

DEFAULT_RULE = "noto2017"


class Rule(Value):
    """One published rule for the status of a muscle."""

    name: str
    source: str
    sentence: str
    least_count: int = Field(ge=1)
    window_s: float = Field(gt=0)
    least_assessable_s: float = Field(gt=0)
    """Below this much assessable time a muscle is not assessable."""
    detection_probability: Annotated[float, Field(gt=0, lt=1)] | None = None
    """That a fasciculating muscle shows the least count within the window."""
    ours: str = ""
    """Which of the numbers are not the paper's."""


class GradeRule(Value):
    """Cut-offs of a grade 0-3: none, isolated, multiple, continuous."""

    name: str
    source: str
    words: tuple[str, str, str, str]
    multiple_above_per_min: float = Field(gt=0)
    continuous_from_share: float = Field(gt=0, le=1)
    """Share of the assessable time inside twitches."""
    ours: str


class Protocol(Value):
    """One published way to survey muscles, and what it makes of them."""

    name: str
    source: str
    muscles: int | None = Field(default=None, ge=1)
    """How many muscles it examines."""
    scope: str = ""
    """Which, or what else it rests on."""
    examines: tuple[str, ...] = ()
    """Names of these muscles, each on both sides where there are two; empty where the source
    at hand does not name them."""
    observed_s: float | None = Field(default=None, gt=0)
    """How long it observes a muscle."""
    criterion: Literal["muscles_positive", "total", "ratio", "none"]
    """What it compares with its cut-off: muscles where fasciculations are present, all
    twitches, or such muscles over hyperechoic ones; ``none`` where it has no cut-off."""
    at_least: float | None = Field(default=None, gt=0)
    reported: str
    """The figures that its authors report."""
    validated_on: str
    """The people that these figures are of."""


@cache
def load_rule(name: str = DEFAULT_RULE) -> Rule:
    """Load a rule by the name of its file."""
    return Rule.model_validate_json(_read(name))


@cache
def load_grade() -> GradeRule:
    """Load the cut-offs of the usfasc grade."""
    return GradeRule.model_validate_json(_read("grade"))


@cache
def load_protocols() -> tuple[Protocol, ...]:
    """Load the published protocols, to be shown side by side and never merged."""
    return TypeAdapter(tuple[Protocol, ...]).validate_json(_read("protocols"))


def _read(name: str) -> bytes:
    return (files("usfasc.rules") / f"{name}.json").read_bytes()
