"""How much to record: enough, and no clip too many; README says the same."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from usfasc.rules import load_rule
from usfasc.rules.recording import (
    CLIPS,
    UNJUDGED_S,
    clip_length_s,
    clips_wanted,
    more_words,
    recording_words,
)

RULE = load_rule()
JUDGED_S = clip_length_s(RULE) - UNJUDGED_S


def test_clips_of_that_length_give_the_rule_s_time_and_shorter_ones_do_not() -> None:
    assert RULE.window_s <= CLIPS * JUDGED_S
    assert RULE.window_s > CLIPS * (JUDGED_S - 1)


@given(st.floats(0, 200))
def test_with_so_many_more_clips_there_is_enough_and_with_one_less_there_is_not(
    assessable_s: float,
) -> None:
    number = clips_wanted(assessable_s, RULE)
    assert assessable_s + number * JUDGED_S >= RULE.window_s - 1e-9
    assert number == 0 or assessable_s + (number - 1) * JUDGED_S < RULE.window_s


@pytest.mark.parametrize(
    ("assessable_s", "words"),
    [
        (0.0, "record 3 more clips of 21 s"),
        (20.0, "record 2 more clips of 21 s"),
        (58.5, "record 1 more clip of 21 s"),
    ],
)
def test_what_to_record_on(assessable_s: float, words: str) -> None:
    assert more_words(assessable_s, RULE) == words


def test_readme_says_the_same() -> None:
    readme = Path(__file__).resolve().parents[2].joinpath("README.md").read_text(encoding="utf-8")
    text = " ".join(readme.split())
    assert recording_words(RULE) in text
    assert f"{UNJUDGED_S:g} s of each clip is not judged" in text
